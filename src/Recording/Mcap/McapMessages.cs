using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Messages of a file by log time, merged over chunks whose times overlap; equal times in the order of the file.</summary>
/// <remarks>
/// Use it in a foreach, or by <see cref="MoveNext"/> and <see cref="Current"/>. Buffers are used again, so reading allocates for what overlaps, not for
/// what is read. Errors: <see cref="McapException"/>, as <see cref="McapReader"/> says; skipped chunks are listed in its defects.
/// </remarks>
public sealed class McapMessages : IDisposable
{
    private readonly ByteSource _source;
    private readonly McapReaderOptions _options;
    private readonly Catalog _catalog;
    private readonly ChunkDecoder _decoder;
    private readonly DefectList _defects;
    private readonly HashSet<string>? _topics;
    private readonly ulong _from, _to;
    private readonly (Segment Segment, int Order)[] _waiting;
    private readonly PriorityQueue<SegmentCursor, (ulong Time, int Order)> _open = new();
    private readonly Stack<SegmentCursor> _free = new();
    private SegmentCursor? _cursor;
    private int _nextWaiting;
    private long _held;

    internal McapMessages(ByteSource source, McapReaderOptions options, FileIndex index, ChunkDecoder decoder, DefectList defects, HashSet<string>? topics, ulong from, ulong to)
    {
        _source = source;
        _options = options;
        _catalog = index.Catalog;
        _decoder = decoder;
        _defects = defects;
        _topics = topics;
        _from = from;
        _to = to;
        _waiting = [.. index.Segments.Select((segment, order) => (segment, order)).Where(s => IsWanted(s.segment)).OrderBy(s => s.segment.Start).ThenBy(s => s.order)];
    }

    /// <summary>Gets the message that <see cref="MoveNext"/> went to; its data is valid until the next move.</summary>
    public McapMessage Current { get; private set; }

    /// <summary>Returns this object, for foreach.</summary>
    public McapMessages GetEnumerator() => this;

    /// <summary>Goes to the next message; false at the end.</summary>
    /// <exception cref="McapException">A record breaks a rule that cannot be lived with.</exception>
    public bool MoveNext()
    {
        if (_cursor is { } last)
        {
            last.Advance();
            Put(last);
        }
        while (true)
        {
            if (_cursor is null)
            {
                OpenAllThatMayBeNext();
                if (!_open.TryDequeue(out _cursor, out _)) return false;
            }
            if (_cursor.IsLoaded || Load(_cursor, again: true))
            {
                Give(_cursor);
                return true;
            }
            _cursor.Skip();
            Put(_cursor);
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _cursor = null;
        _open.Clear();
        _free.Clear();
        _nextWaiting = _waiting.Length;
    }

    // The cursor stays if nothing else can come before its next message: the usual case, chunks that do not overlap.
    private void Put(SegmentCursor cursor)
    {
        _cursor = null;
        if (cursor.AtEnd)
        {
            cursor.Unload();
            _free.Push(cursor);
            return;
        }
        bool first = (_nextWaiting == _waiting.Length || _waiting[_nextWaiting].Segment.Start > cursor.Time)
            && (!_open.TryPeek(out _, out var next) || cursor.Key.CompareTo(next) < 0);
        if (first) _cursor = cursor;
        else _open.Enqueue(cursor, cursor.Key);
    }

    private void OpenAllThatMayBeNext()
    {
        while (_nextWaiting < _waiting.Length && (!_open.TryPeek(out _, out var next) || _waiting[_nextWaiting].Segment.Start <= next.Time))
        {
            var (segment, order) = _waiting[_nextWaiting++];
            if (!_free.TryPop(out var cursor)) cursor = new SegmentCursor();
            cursor.Start(segment, order);
            if (Load(cursor, again: false) && !cursor.AtEnd) _open.Enqueue(cursor, cursor.Key);
            else _free.Push(cursor);
        }
    }

    private bool Load(SegmentCursor cursor, bool again)
    {
        long before = cursor.HeldBytes;
        var records = Read(cursor);
        _held += cursor.HeldBytes - before;
        if (records is null) return false;
        cursor.Load(records.Value);
        if (!again) Sort(cursor);
        if (_held > _options.MaxHeldBytes) EvictAllBut(cursor);
        return true;
    }

    private ReadOnlyMemory<byte>? Read(SegmentCursor cursor)
    {
        var segment = cursor.Segment!;
        var place = new RecordPlace(_source.Name, McapOpcode.Chunk, segment.Offset);
        if (segment.DataLength > _options.MaxRecordBytes) throw place.Error($"it has {segment.DataLength} bytes, above the limit of {_options.MaxRecordBytes} (MaxRecordBytes).");
        var bytes = cursor.Stored((int)segment.DataLength);
        int count = _source.Read(segment.DataOffset, bytes.Span);
        if (count < bytes.Length) throw place.Error($"{bytes.Length} bytes were here when the file was opened, now {count} are left.");
        if (segment.Kind != SegmentKind.Chunk) return bytes;

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[1..]);
        if (bytes.Span[0] != (byte)McapOpcode.Chunk || length != (ulong)(bytes.Length - McapLayout.Prefix))
        {
            _defects.Add(McapDefectKind.ChunkDamaged, segment.Offset, (ulong)(bytes.Length - McapLayout.Prefix), length, $"chunk at offset {segment.Offset}: opcode 0x{bytes.Span[0]:X2} and length {length} stand here, the chunk index tells of a chunk of length {bytes.Length - McapLayout.Prefix}; skipped.");
            return null;
        }
        var records = _decoder.Decode(bytes[McapLayout.Prefix..], place, ref cursor.Decompressed, out var head, out bool isChecked);
        cursor.IsChecked = isChecked;
        return records is not null && !Agrees(segment, head) && !isChecked ? null : records;
    }

    private bool Agrees(Segment segment, in ChunkHead head)
    {
        if (segment.Index is not { } index) return true;
        var found = head.At(index.Offset, index.Length);
        if (found == index) return true;
        _defects.Add(McapDefectKind.ChunkIndex, segment.Offset, 0, 0, $"chunk at offset {segment.Offset}: it says of itself {found}, the chunk index {index}.");
        return false;
    }

    private void Sort(SegmentCursor cursor)
    {
        var segment = cursor.Segment!;
        var records = cursor.Records.Span;
        var steps = new RecordSteps();
        while (steps.MoveNext(records, _source.Name, segment.Chunk))
        {
            var content = records.Slice(steps.Content, steps.Length);
            if (steps.Opcode == McapOpcode.Message)
            {
                var head = MessageHead.Of(content, segment.Place(_source.Name, steps));
                if (head.LogTime >= _from && head.LogTime <= _to && _catalog.Of(head, segment.Place(_source.Name, steps)) is { } channel && IsWanted(channel)) cursor.Add(head.LogTime, steps.Offset);
            }
            else if (steps.Opcode is McapOpcode.Schema or McapOpcode.Channel)
            {
                _catalog.Add(steps.Opcode, content, segment.Place(_source.Name, steps));
            }
        }
        cursor.Sort();
    }

    private void Give(SegmentCursor cursor)
    {
        var records = cursor.Records;
        int content = cursor.Offset + McapLayout.Prefix;
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(records.Span[(cursor.Offset + 1)..]);
        var head = MessageHead.Of(records.Span.Slice(content, length), default);
        var data = records.Slice(content + McapLayout.MessageHead, length - McapLayout.MessageHead);
        Current = new McapMessage(_catalog.Find(head.Channel)!, head.Sequence, head.LogTime, head.PublishTime, data, cursor.IsChecked);
    }

    private void EvictAllBut(SegmentCursor kept)
    {
        while (_free.TryPop(out var free)) _held -= free.HeldBytes;
        foreach (var (cursor, _) in _open.UnorderedItems)
        {
            if (_held <= _options.MaxHeldBytes) return;
            if (cursor == kept || !cursor.IsLoaded) continue;
            _held -= cursor.HeldBytes;
            cursor.Evict();
        }
    }

    private bool IsWanted(McapChannel channel) => _topics is null || _topics.Contains(channel.Topic);

    private bool IsWanted(Segment segment)
    {
        if (segment.End < _from || segment.Start > _to) return false;
        // A channel that is not known yet stands in the chunk itself.
        return _topics is null || segment.Channels is null || Array.Exists(segment.Channels, id => _catalog.Find(id) is not { } channel || IsWanted(channel));
    }
}
