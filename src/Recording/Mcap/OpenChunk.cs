using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>The chunk that a writer is filling; without <see cref="McapParts.Chunks"/> a plain buffer of records. Not thread-safe.</summary>
internal sealed class OpenChunk : IDisposable
{
    private readonly McapWriterOptions _options;
    private readonly RecordBuffer _records, _offsets = new(256);
    private readonly RecordBuffer? _compressed;
    private readonly ChunkCodec? _codec;
    private readonly string _compression;
    // Room for the chunk record's head in front of its records, so that both go out in one write.
    private readonly int _head;
    private readonly List<ChannelWriteState> _touched = new(64);
    private ulong _start = ulong.MaxValue, _end;

    public OpenChunk(McapWriterOptions options)
    {
        _options = options;
        bool chunks = options.Parts.Has(McapParts.Chunks);
        _compression = ChunkCodec.NameOf(options.Compression);
        _codec = chunks && _compression.Length > 0 ? options.FindCodec(_compression) : null;
        _head = chunks ? McapLayout.Prefix + McapLayout.ChunkHead : 0;
        // The message indexes follow in the same write: 16 bytes a message, a sixth of the records for messages of 64 bytes.
        _records = new RecordBuffer(_head + options.ChunkBytes + (options.ChunkBytes / 4) + 4096);
        if (_codec is not null) _compressed = new RecordBuffer(_head + _compression.Length + _codec.Bound(options.ChunkBytes) + 4096);
        _records.SetLength(_head);
    }

    public bool Compresses => _codec is not null;

    /// <summary>Bytes of records.</summary>
    public int Length => _records.Length - _head;

    public ulong Messages { get; private set; }

    /// <summary>Makes sure that touching so many channels allocates nothing.</summary>
    public void ExpectChannels(int count) => _touched.EnsureCapacity(count);

    public void Add(ReadOnlySpan<byte> record) => _records.Raw(record);

    public void AddMessage(ChannelWriteState channel, uint sequence, ulong logTime, ulong publishTime, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        int content = McapLayout.MessageHead + head.Length + body.Length, at = Length;
        var record = _records.Append(McapLayout.Prefix + content);
        record[0] = (byte)McapOpcode.Message;
        BinaryPrimitives.WriteUInt64LittleEndian(record[1..], (ulong)content);
        BinaryPrimitives.WriteUInt16LittleEndian(record[9..], channel.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(record[11..], sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(record[15..], logTime);
        BinaryPrimitives.WriteUInt64LittleEndian(record[23..], publishTime);
        head.CopyTo(record[31..]);
        body.CopyTo(record[(31 + head.Length)..]);

        if (channel.Pending == 0) _touched.Add(channel);
        if (_options.Parts.Has(McapParts.MessageIndex)) channel.Add(logTime, (ulong)at);
        else channel.Count();
        _start = Math.Min(_start, logTime);
        _end = Math.Max(_end, logTime);
        Messages++;
    }

    /// <summary>Writes everything and starts anew; after a failure too, and then the messages are lost.</summary>
    public void WriteTo(McapOutput output, McapSummary summary)
    {
        try
        {
            if (_head > 0) WriteChunk(output, summary);
            else output.Write(_records.Bytes);
            summary.AddMessages(Messages, _start, _end);
            foreach (var channel in _touched) channel.Commit();
        }
        finally
        {
            // What was committed is not pending any more, so this drops only what was not.
            foreach (var channel in _touched) channel.Drop();
            _touched.Clear();
            _records.SetLength(_head);
            _start = ulong.MaxValue;
            _end = 0;
            Messages = 0;
        }
    }

    public void Dispose() => _codec?.Dispose();

    private void WriteChunk(McapOutput output, McapSummary summary)
    {
        int uncompressed = Length;
        uint crc = Crc32.Of(_records.Bytes[_head..]);
        var (buffer, compression, stored) = Compress();
        ulong start = Messages == 0 ? 0 : _start;
        int length = _head + compression.Length + stored;

        buffer.Clear();
        int record = buffer.Begin(McapOpcode.Chunk);
        buffer.U64(start);
        buffer.U64(_end);
        buffer.U64((ulong)uncompressed);
        buffer.U32(crc);
        buffer.Text(compression);
        buffer.U64((ulong)stored);
        buffer.SetLength(length);
        buffer.End(record);
        AddMessageIndexes(buffer, output.Position);

        var place = new ChunkPlace(start, _end, output.Position, length, buffer.Length - length, compression, stored, uncompressed);
        output.Write(buffer.Bytes);
        summary.AddChunk(place, _offsets.Bytes);
    }

    private void AddMessageIndexes(RecordBuffer buffer, long position)
    {
        _offsets.Clear();
        if (!_options.Parts.Has(McapParts.MessageIndex)) return;
        foreach (var channel in _touched)
        {
            _offsets.U16(channel.Id);
            _offsets.U64((ulong)(position + buffer.Length));
            int index = buffer.Begin(McapOpcode.MessageIndex);
            buffer.U16(channel.Id);
            buffer.Bytes32(channel.IndexBytes);
            buffer.End(index);
        }
    }

    // The buffer that holds the records behind room for the chunk's head; compressed only where that makes them smaller.
    private (RecordBuffer Buffer, string Compression, int Stored) Compress()
    {
        if (_codec is null) return (_records, "", Length);
        int head = _head + _compression.Length;
        _compressed!.SetLength(head + _codec.Bound(Length));
        int stored = _codec.Compress(_records.Bytes[_head..], _compressed.Bytes[head..]);
        return stored < 0 || stored >= Length ? (_records, "", Length) : (_compressed, _compression, stored);
    }
}
