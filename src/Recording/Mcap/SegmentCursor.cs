namespace EdgeAutonomy.Recording;

/// <summary>The messages of one segment in the order of their log times. Used again for segment after segment, so a warm one allocates nothing.</summary>
internal sealed class SegmentCursor
{
    private static readonly Comparison<Entry> ByTime = static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Offset.CompareTo(b.Offset);

    private byte[] _stored = [], _decompressed = [];
    private Entry[] _entries = new Entry[256];
    private int _count, _next;
    private bool _sorted;

    public Segment? Segment { get; private set; }

    /// <summary>Place in the order of the file, which decides between equal times.</summary>
    public int Order { get; private set; }

    /// <summary>The segment's records; empty while not <see cref="IsLoaded"/>.</summary>
    public ReadOnlyMemory<byte> Records { get; private set; }

    public bool IsLoaded { get; private set; }

    public bool IsChecked { get; set; }

    public long HeldBytes => _stored.Length + _decompressed.Length;

    public ulong Time => _entries[_next].Time;

    public int Offset => _entries[_next].Offset;

    public bool AtEnd => _next >= _count;

    public (ulong Time, int Order) Key => (Time, Order);

    /// <summary>Gets the buffer for decompressed records.</summary>
    public ref byte[] Decompressed => ref _decompressed;

    public void Start(Segment segment, int order)
    {
        Segment = segment;
        Order = order;
        _count = _next = 0;
        _sorted = true;
        IsChecked = false;
    }

    public Memory<byte> Stored(int length)
    {
        if (_stored.Length < length) _stored = GC.AllocateUninitializedArray<byte>((int)Math.Min(length + (length / 8L), Array.MaxLength));
        return _stored.AsMemory(0, length);
    }

    public void Load(ReadOnlyMemory<byte> records)
    {
        Records = records;
        IsLoaded = true;
    }

    public void Unload()
    {
        Records = default;
        IsLoaded = false;
    }

    /// <summary>Gives the memory back; the order of the messages stays.</summary>
    public void Evict()
    {
        Unload();
        _stored = _decompressed = [];
    }

    public void Add(ulong time, int offset)
    {
        if (_count == _entries.Length) Array.Resize(ref _entries, 2 * _count);
        if (_count > 0 && time < _entries[_count - 1].Time) _sorted = false;
        _entries[_count++] = new Entry(time, offset);
    }

    public void Sort()
    {
        if (!_sorted) _entries.AsSpan(0, _count).Sort(ByTime);
    }

    public void Advance() => _next++;

    public void Skip() => _next = _count;

    private readonly record struct Entry(ulong Time, int Offset);
}
