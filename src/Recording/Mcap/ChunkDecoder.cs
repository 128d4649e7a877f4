namespace EdgeAutonomy.Recording;

/// <summary>Turns the content of a Chunk record into the records it holds, after checking all that can be checked.</summary>
internal sealed class ChunkDecoder(McapReaderOptions options, DefectList defects) : IDisposable
{
    private readonly Dictionary<string, ChunkCodec> _codecs = [];

    /// <summary>Returns the records, or null where the chunk must be skipped; the defect is listed then.</summary>
    /// <param name="content">The record's content, whole.</param>
    /// <param name="place">Where the record stands.</param>
    /// <param name="buffer">Takes decompressed records; grown as needed. Uncompressed ones are a slice of the content.</param>
    /// <param name="head">The record's fields.</param>
    /// <param name="isChecked">Whether a CRC was there and fits.</param>
    /// <exception cref="McapException">Malformed, too large, or compressed in a way that cannot be undone here.</exception>
    public ReadOnlyMemory<byte>? Decode(ReadOnlyMemory<byte> content, in RecordPlace place, ref byte[] buffer, out ChunkHead head, out bool isChecked)
    {
        isChecked = false;
        head = RecordParser.Chunk(content.Span, place);
        CheckCodec(head.Compression, place);
        if (head.Stored > content.Length - head.HeadLength)
            return Skip(place, head.Stored, content.Length - head.HeadLength, "its records are stored in {0} bytes, the record has room for {1}");
        var stored = content.Slice(head.HeadLength, (int)head.Stored);
        ReadOnlyMemory<byte> records;
        if (head.Compression.Length == 0)
        {
            if (head.Stored != head.Uncompressed) return Skip(place, head.Uncompressed, head.Stored, "its records have {0} bytes, but {1} are stored uncompressed");
            records = stored;
        }
        else
        {
            if (head.Uncompressed > options.MaxRecordBytes) throw place.Error($"its records have {head.Uncompressed} bytes uncompressed, above the limit of {options.MaxRecordBytes} bytes (MaxRecordBytes).");
            if (head.Uncompressed > ChunkCodec.MaxExpansion(head.Compression, head.Stored)) return Skip(place, head.Uncompressed, head.Stored, "its records claim {0} bytes, more than {1} bytes can hold in " + head.Compression);
            int length = (int)head.Uncompressed;
            if (buffer.Length < length) buffer = GC.AllocateUninitializedArray<byte>(length + (length / 8));
            if (!Codec(head.Compression, place).Decompress(stored.Span, buffer.AsSpan(0, length))) return Skip(place, head.Uncompressed, head.Stored, "its {1} bytes do not decompress to the {0} that it states");
            records = buffer.AsMemory(0, length);
        }
        if (head.Crc == 0 || !options.VerifyCrc) return records;
        uint crc = Crc32.Of(records.Span);
        if (crc != head.Crc)
        {
            defects.Add(McapDefectKind.ChunkCrc, place.Offset, head.Crc, crc, $"chunk at offset {place.Offset}: CRC is 0x{head.Crc:X8}, content gives 0x{crc:X8}; skipped.");
            return null;
        }
        isChecked = true;
        return records;
    }

    /// <summary>Makes sure that chunks of this compression can be read.</summary>
    /// <exception cref="McapException">Unknown compression, or its library is absent.</exception>
    public void CheckCodec(string compression, in RecordPlace place)
    {
        if (compression.Length > 0) Codec(compression, place);
    }

    public void Dispose()
    {
        foreach (var codec in _codecs.Values) codec.Dispose();
        _codecs.Clear();
    }

    private ChunkCodec Codec(string compression, in RecordPlace place)
    {
        if (_codecs.TryGetValue(compression, out var codec)) return codec;
        string library = ChunkCodec.LibraryOf(compression) ?? throw place.Error($"its compression '{compression}' is unknown; known are '', 'lz4' and 'zstd'.");
        codec = options.FindCodec(compression) ?? throw place.Error($"it is compressed with {compression}, and the library {library} is absent on this machine; install it.");
        _codecs.Add(compression, codec);
        return codec;
    }

    private ReadOnlyMemory<byte>? Skip(in RecordPlace place, long stated, long found, string what)
    {
        string sentence = string.Format(System.Globalization.CultureInfo.InvariantCulture, what, stated, found);
        defects.Add(McapDefectKind.ChunkDamaged, place.Offset, (ulong)stated, (ulong)found, $"chunk at offset {place.Offset}: {sentence}; skipped.");
        return null;
    }
}
