namespace EdgeAutonomy.Recording;

/// <summary>Makes values of the contents of records (MCAP §Records). Surplus bytes at a record's end are left for later versions of the format.</summary>
internal static class RecordParser
{
    public static McapHeader Header(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        return new McapHeader(f.Text(), f.Text());
    }

    public static McapSchema Schema(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        ushort id = f.U16();
        if (id == 0) throw place.Error("schema id is 0, which means 'no schema' and cannot be one (MCAP §Schema).");
        return new McapSchema(id, f.Text(), f.Text(), f.Bytes32().ToArray(), place);
    }

    public static McapChannel Channel(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        return new McapChannel(f.U16(), f.U16(), f.Text(), f.Text(), f.Map(), place);
    }

    public static ChunkHead Chunk(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        ulong start = f.U64(), end = f.U64();
        long uncompressed = f.Size();
        uint crc = f.U32();
        string compression = f.Text();
        long stored = f.Size();
        return new ChunkHead(start, end, uncompressed, crc, compression, stored, f.Position);
    }

    public static McapChunk ChunkIndex(ReadOnlySpan<byte> content, RecordPlace place, out ushort[]? channels)
    {
        var f = new FieldReader(content, place);
        ulong start = f.U64(), end = f.U64();
        long offset = f.Size(), length = f.Size();
        var indexes = f.ChannelMap();
        f.U64();
        string compression = f.Text();
        long stored = f.Size(), uncompressed = f.Size();
        // No message indexes: the chunk may hold any channel.
        channels = indexes.Count == 0 ? null : [.. indexes.Keys];
        return new McapChunk(offset, length, start, end, compression, stored, uncompressed);
    }

    public static McapStatistics Statistics(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        return new McapStatistics(f.U64(), f.U16(), f.U32(), f.U32(), f.U32(), f.U32(), f.U64(), f.U64(), f.ChannelMap());
    }

    /// <summary>Takes the fields of an Attachment record up to its data; <paramref name="data"/> is where the data starts.</summary>
    public static McapAttachment Attachment(ReadOnlySpan<byte> content, RecordPlace place, long length, out int data)
    {
        var f = new FieldReader(content, place);
        ulong logTime = f.U64(), createTime = f.U64();
        string name = f.Text(), mediaType = f.Text();
        long size = f.Size();
        data = f.Position;
        if (size > length - McapLayout.Prefix - data - 4)
            throw place.Error($"its data has {size} bytes, but the record has room for {length - McapLayout.Prefix - data - 4}.");
        return new McapAttachment(name, mediaType, logTime, createTime, size, place.Offset, length);
    }

    public static McapAttachment AttachmentIndex(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        long offset = f.Size(), length = f.Size();
        ulong logTime = f.U64(), createTime = f.U64();
        long size = f.Size();
        return new McapAttachment(f.Text(), f.Text(), logTime, createTime, size, offset, length);
    }

    public static McapMetadata Metadata(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        return new McapMetadata(f.Text(), f.Map(), place.Offset);
    }

    public static (long Offset, long Length) MetadataIndex(ReadOnlySpan<byte> content, RecordPlace place)
    {
        var f = new FieldReader(content, place);
        return (f.Size(), f.Size());
    }
}
