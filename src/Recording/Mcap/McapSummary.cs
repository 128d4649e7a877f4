using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Collects what stands at the end of the file while it is written: repeated records, statistics, indexes, footer.</summary>
internal sealed class McapSummary(McapParts parts)
{
    private readonly RecordBuffer _schemas = new(4096);
    private readonly RecordBuffer _channels = new(4096);
    // Some 90 bytes a chunk: the first doubling comes after 350 MB of recording.
    private readonly RecordBuffer _chunks = new(64 << 10);
    private readonly RecordBuffer _attachments = new(256);
    private readonly RecordBuffer _metadata = new(256);

    private ulong _messages, _start = ulong.MaxValue, _end;
    private uint _schemaCount, _channelCount, _attachmentCount, _metadataCount;

    public uint ChunkCount { get; private set; }

    public ulong Messages => _messages;

    public void AddSchema(ReadOnlySpan<byte> record)
    {
        _schemaCount++;
        if (parts.Has(McapParts.Schemas)) _schemas.Raw(record);
    }

    public void AddChannel(ReadOnlySpan<byte> record)
    {
        _channelCount++;
        if (parts.Has(McapParts.Channels)) _channels.Raw(record);
    }

    public void AddMessages(ulong count, ulong start, ulong end)
    {
        if (count == 0) return;
        _messages += count;
        _start = Math.Min(_start, start);
        _end = Math.Max(_end, end);
    }

    /// <summary>Adds a chunk; <paramref name="offsets"/> are the entries of the map from channel to MessageIndex.</summary>
    public void AddChunk(in ChunkPlace chunk, ReadOnlySpan<byte> offsets)
    {
        ChunkCount++;
        if (!parts.Has(McapParts.ChunkIndex)) return;
        int record = _chunks.Begin(McapOpcode.ChunkIndex);
        _chunks.U64(chunk.Start);
        _chunks.U64(chunk.End);
        _chunks.U64((ulong)chunk.Offset);
        _chunks.U64((ulong)chunk.Length);
        _chunks.Bytes32(offsets);
        _chunks.U64((ulong)chunk.IndexLength);
        _chunks.Text(chunk.Compression);
        _chunks.U64((ulong)chunk.CompressedSize);
        _chunks.U64((ulong)chunk.UncompressedSize);
        _chunks.End(record);
    }

    public void AddAttachment(long offset, long length, ulong logTime, ulong createTime, long size, string name, string mediaType)
    {
        _attachmentCount++;
        if (!parts.Has(McapParts.AttachmentIndex)) return;
        int record = _attachments.Begin(McapOpcode.AttachmentIndex);
        _attachments.U64((ulong)offset);
        _attachments.U64((ulong)length);
        _attachments.U64(logTime);
        _attachments.U64(createTime);
        _attachments.U64((ulong)size);
        _attachments.Text(name);
        _attachments.Text(mediaType);
        _attachments.End(record);
    }

    public void AddMetadata(long offset, long length, string name)
    {
        _metadataCount++;
        if (!parts.Has(McapParts.MetadataIndex)) return;
        int record = _metadata.Begin(McapOpcode.MetadataIndex);
        _metadata.U64((ulong)offset);
        _metadata.U64((ulong)length);
        _metadata.Text(name);
        _metadata.End(record);
    }

    /// <summary>Returns the summary, its offsets, the footer and the magic, to be written at <paramref name="position"/>.</summary>
    public ReadOnlySpan<byte> Finish(long position, IEnumerable<ChannelWriteState> channels)
    {
        var all = new RecordBuffer(_schemas.Length + _channels.Length + _chunks.Length + _attachments.Length + _metadata.Length + 4096);
        var offsets = new RecordBuffer(256);
        void Group(McapOpcode opcode, ReadOnlySpan<byte> records)
        {
            if (records.Length == 0) return;
            int record = offsets.Begin(McapOpcode.SummaryOffset);
            offsets.U8((byte)opcode);
            offsets.U64((ulong)(position + all.Length));
            offsets.U64((ulong)records.Length);
            offsets.End(record);
            all.Raw(records);
        }
        // The order of the reference files; channels must precede the statistics that name them.
        Group(McapOpcode.Schema, _schemas.Bytes);
        Group(McapOpcode.Channel, _channels.Bytes);
        Group(McapOpcode.Statistics, parts.Has(McapParts.Statistics) ? Statistics(channels) : []);
        Group(McapOpcode.ChunkIndex, _chunks.Bytes);
        Group(McapOpcode.AttachmentIndex, _attachments.Bytes);
        Group(McapOpcode.MetadataIndex, _metadata.Bytes);

        long summary = all.Length == 0 ? 0 : position, groups = 0;
        if (parts.Has(McapParts.SummaryOffsets) && offsets.Length > 0)
        {
            groups = position + all.Length;
            all.Raw(offsets.Bytes);
        }
        int footer = all.Begin(McapOpcode.Footer);
        all.U64((ulong)summary);
        all.U64((ulong)groups);
        // The CRC covers the footer's own opcode and length as well (MCAP §Footer).
        BinaryPrimitives.WriteUInt64LittleEndian(all.Bytes[(footer - 8)..], McapLayout.Footer);
        all.U32(Crc32.Of(all.Bytes));
        all.Raw(McapLayout.Magic);
        return all.Bytes;
    }

    private Span<byte> Statistics(IEnumerable<ChannelWriteState> channels)
    {
        var b = new RecordBuffer(256);
        int record = b.Begin(McapOpcode.Statistics);
        b.U64(_messages);
        b.U16((ushort)_schemaCount);
        b.U32(_channelCount);
        b.U32(_attachmentCount);
        b.U32(_metadataCount);
        b.U32(ChunkCount);
        b.U64(_messages == 0 ? 0 : _start);
        b.U64(_end);
        int map = b.Length;
        b.U32(0);
        foreach (var channel in channels)
        {
            if (channel.Written == 0) continue;
            b.U16(channel.Id);
            b.U64(channel.Written);
        }
        b.EndLength32(map);
        b.End(record);
        return b.Bytes;
    }
}
