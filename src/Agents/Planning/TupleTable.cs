namespace EdgeAutonomy.Agents;

/// <summary>Gives each different tuple (tag, a, b, …) of small numbers one number, counted from 0 in the order of first sight.</summary>
/// <remarks>Open addressing over one flat array; looking up allocates nothing.</remarks>
internal sealed class TupleTable
{
    private int[] _data = new int[256];
    private int[] _starts = new int[64];
    private int[] _buckets = new int[128];
    private int _used;

    public int Count { get; private set; }

    public int Tag(int id) => _data[_starts[id]];

    public ReadOnlySpan<int> Arguments(int id) => _data.AsSpan(_starts[id] + 1, _starts[id + 1] - _starts[id] - 1);

    /// <summary>Returns the tuple's number, or −1 where it was never added.</summary>
    public int Find(int tag, ReadOnlySpan<int> arguments)
    {
        for (int b = Hash(tag, arguments) & (_buckets.Length - 1); _buckets[b] != 0; b = (b + 1) & (_buckets.Length - 1))
        {
            int id = _buckets[b] - 1;
            if (Tag(id) == tag && Arguments(id).SequenceEqual(arguments)) return id;
        }
        return -1;
    }

    /// <summary>Returns the tuple's number and whether it is new.</summary>
    public int Add(int tag, ReadOnlySpan<int> arguments, out bool isNew)
    {
        int id = Find(tag, arguments);
        isNew = id < 0;
        if (!isNew) return id;
        if (_starts.Length < Count + 2) Array.Resize(ref _starts, 2 * _starts.Length);
        while (_data.Length < _used + 1 + arguments.Length) Array.Resize(ref _data, 2 * _data.Length);
        _starts[Count] = _used;
        _data[_used++] = tag;
        arguments.CopyTo(_data.AsSpan(_used));
        _used += arguments.Length;
        _starts[Count + 1] = _used;
        Count++;
        if (2 * Count > _buckets.Length) Grow();
        else Insert(Count - 1);
        return Count - 1;
    }

    private static int Hash(int tag, ReadOnlySpan<int> arguments)
    {
        uint h = (uint)tag * 0x9E3779B1u;
        foreach (int a in arguments) h = (h ^ (uint)a) * 0x85EBCA6Bu ^ h >> 15;
        return (int)(h ^ h >> 13);
    }

    private void Grow()
    {
        _buckets = new int[2 * _buckets.Length];
        for (int id = 0; id < Count; id++) Insert(id);
    }

    private void Insert(int id)
    {
        int b = Hash(Tag(id), Arguments(id)) & (_buckets.Length - 1);
        while (_buckets[b] != 0) b = (b + 1) & (_buckets.Length - 1);
        _buckets[b] = id + 1;
    }
}
