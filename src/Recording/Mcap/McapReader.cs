using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Reads MCAP files (version 0), also cut and damaged ones: by their summary where that is sound, else by scanning from the start.</summary>
/// <remarks>
/// What is wrong but can be lived with is listed in <see cref="Defects"/>, which grows while messages are read; what cannot is a
/// <see cref="McapException"/>, and nothing else leaves the reader for any bytes. Chunks are read one at a time, so a file may be far larger than memory;
/// no length is believed before the bytes are known to be there. Not thread-safe: one thread, one enumeration at a time per reader.
/// </remarks>
public sealed class McapReader : IDisposable
{
    private readonly ByteSource _source;
    private readonly McapReaderOptions _options;
    private readonly DefectList _defects;
    private readonly ChunkDecoder _decoder;
    private readonly FileIndex _index;

    private McapReader(ByteSource source, McapReaderOptions options)
    {
        _source = source;
        _options = options;
        _defects = new DefectList(source.Name, options.Strict);
        _decoder = new ChunkDecoder(options, _defects);
        DataWalk.CheckMagic(source);
        var summary = new SummaryIndexer(source, options, _defects);
        _index = summary.TryRun() ?? new ScanIndexer(source, options, _decoder, _defects).Run(summary.HasFooter);
    }

    /// <summary>Gets the path or name of the file.</summary>
    public string Name => _source.Name;

    /// <summary>Gets the file's header; empty where the file is cut within it.</summary>
    public McapHeader Header => _index.Header;

    /// <summary>Gets the schemas.</summary>
    public IReadOnlyCollection<McapSchema> Schemas => _index.Catalog.Schemas;

    /// <summary>Gets the channels.</summary>
    public IReadOnlyCollection<McapChannel> Channels => _index.Catalog.Channels;

    /// <summary>Gets counts and times, from the summary or counted; null where a sound summary has none.</summary>
    public McapStatistics? Statistics => _index.Statistics;

    /// <summary>Gets the metadata records, in the order of the file or its index.</summary>
    public IReadOnlyList<McapMetadata> Metadata => _index.Metadata;

    /// <summary>Gets what attachments there are.</summary>
    public IReadOnlyList<McapAttachment> Attachments => _index.Attachments;

    /// <summary>Gets the whole chunks in the order of the file.</summary>
    public IReadOnlyList<McapChunk> Chunks => _index.Chunks;

    /// <summary>Gets what was found wrong so far.</summary>
    public IReadOnlyList<McapDefect> Defects => _defects.All;

    /// <summary>Gets whether the file was scanned because it has no sound and full summary.</summary>
    public bool Scanned => _index.Scanned;

    /// <summary>Gets whether the file ends, or stops to make sense, before its footer.</summary>
    public bool Truncated => _index.Truncation is not null;

    /// <summary>Gets how much was recovered of a truncated file, as a sentence; else null.</summary>
    public string? Truncation => _index.Truncation;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <exception cref="McapException">Not an MCAP file, or one that breaks a rule that cannot be lived with.</exception>
    public static McapReader Open(string path, McapReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new McapReaderOptions();
        options.Check();
        return Open(ByteSource.Open(path), options);
    }

    /// <summary>Opens a file in a stream; its first byte is the stream's first byte.</summary>
    /// <param name="stream">Can read and seek; for others there is <see cref="McapStreamReader"/>.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="name">The file's name in errors.</param>
    /// <param name="leaveOpen">Whether the stream stays open after <see cref="Dispose"/>.</param>
    /// <exception cref="McapException">Not an MCAP file, or one that breaks a rule that cannot be lived with.</exception>
    public static McapReader Open(Stream stream, McapReaderOptions? options = null, string name = "stream", bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) throw new ArgumentException($"{name}: the stream cannot seek; read it with McapStreamReader.", nameof(stream));
        options ??= new McapReaderOptions();
        options.Check();
        return Open(ByteSource.Seeking(stream, name, leaveOpen), options);
    }

    /// <summary>Starts to read messages by log time; equal times in the order of the file.</summary>
    /// <param name="topics">Only these topics; null = all. Chunks without them are not read.</param>
    /// <param name="fromNs">Only from this log time on, ns.</param>
    /// <param name="toNs">Only up to and with this log time, ns.</param>
    /// <exception cref="McapException">A chunk is compressed in a way that cannot be undone here.</exception>
    public McapMessages ReadMessages(IEnumerable<string>? topics = null, ulong fromNs = 0, ulong toNs = ulong.MaxValue)
    {
        foreach (var chunk in _index.Chunks) _decoder.CheckCodec(chunk.Compression, new RecordPlace(Name, McapOpcode.Chunk, chunk.Offset));
        return new McapMessages(_source, _options, _index, _decoder, _defects, topics is null ? null : new HashSet<string>(topics, StringComparer.Ordinal), fromNs, toNs);
    }

    /// <summary>Returns the bytes of an attachment.</summary>
    /// <param name="attachment">One of <see cref="Attachments"/>.</param>
    /// <exception cref="McapException">It is not where the index says, its CRC does not fit, or it is above the limit.</exception>
    public byte[] ReadAttachment(McapAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        var scanner = new RecordScanner(_source, attachment.Offset, _options.MaxRecordBytes);
        if (!scanner.MoveNext() || scanner.IsCut || scanner.Opcode != McapOpcode.Attachment || scanner.End != attachment.Offset + attachment.Length)
            throw new McapException(Name, attachment.Offset, $"no whole Attachment record of {attachment.Length} bytes stands at offset {attachment.Offset}.");
        var content = scanner.Content().Span;
        var found = RecordParser.Attachment(content, scanner.Place, attachment.Length, out int start);
        int end = start + (int)found.DataBytes;
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(content[end..]), crc = Crc32.Of(content[..end]);
        if (_options.VerifyCrc && stated != 0 && stated != crc) throw scanner.Place.Error($"CRC is 0x{stated:X8}, content gives 0x{crc:X8}.");
        return content[start..end].ToArray();
    }

    /// <summary>Reads the whole data section and compares its CRC, if the file has one; a mismatch goes to <see cref="Defects"/>.</summary>
    /// <returns>True = fits, false = does not, null = the file has no such CRC, or no end of the data section.</returns>
    public bool? VerifyDataSection()
    {
        var scanner = new RecordScanner(_source, McapLayout.Magic.Length, _options.MaxRecordBytes);
        do
        {
            if (!scanner.MoveNext() || scanner.IsCut || scanner.Opcode == McapOpcode.Invalid) return null;
        }
        while (scanner.Opcode != McapOpcode.DataEnd);
        if (scanner.Content() is var end && end.Length < 4) throw scanner.Place.Error($"it has {end.Length} bytes, a DataEnd has 4.");
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(end.Span), crc = 0;
        if (stated == 0) return null;
        var block = new byte[1 << 20];
        for (long offset = 0; offset < scanner.Offset;)
        {
            int count = _source.Read(offset, block.AsSpan(0, (int)Math.Min(block.Length, scanner.Offset - offset)));
            if (count == 0) throw new McapException(Name, offset, $"the file has become shorter than {scanner.Offset} bytes while it was read.");
            crc = Crc32.Append(crc, block.AsSpan(0, count));
            offset += count;
        }
        if (crc == stated) return true;
        _defects.Add(McapDefectKind.DataSectionCrc, scanner.Offset, stated, crc, $"data section before offset {scanner.Offset}: CRC is 0x{stated:X8}, content gives 0x{crc:X8}.");
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _source.Dispose();
    }

    private static McapReader Open(ByteSource source, McapReaderOptions options)
    {
        try
        {
            return new McapReader(source, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
