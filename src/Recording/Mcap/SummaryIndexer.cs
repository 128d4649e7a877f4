using System.Buffers.Binary;

namespace EdgeAutonomy.Recording;

/// <summary>Makes the index of a file from its summary, if that is there, fits its CRC, and tells all; otherwise the file must be scanned.</summary>
internal sealed class SummaryIndexer(ByteSource source, McapReaderOptions options, DefectList defects)
{
    private readonly FileIndex _index = new(new Catalog(defects));
    private readonly List<(McapChunk Chunk, ushort[]? Channels)> _chunks = [];
    private readonly List<(long Offset, long Length)> _metadata = [];

    /// <summary>Gets whether the footer and the magic behind it are there.</summary>
    public bool HasFooter { get; private set; }

    /// <summary>Returns the index, or null where the file must be scanned.</summary>
    public FileIndex? TryRun()
    {
        if (!TryReadFooter(out long start, out long groups, out uint crc, out long footer) || start == 0) return null;
        if (start < McapLayout.Magic.Length || start > footer || (groups != 0 && (groups < start || groups > footer)))
            return Distrust(McapDefectKind.SummaryDamaged, footer, (ulong)start, (ulong)footer, $"the Footer at offset {footer} puts the summary at {start} and its offsets at {groups}");
        if (footer - start > options.MaxRecordBytes)
            return Distrust(McapDefectKind.SummaryDamaged, footer, (ulong)start, (ulong)footer, $"the summary has {footer - start} bytes, above the limit of {options.MaxRecordBytes} (MaxRecordBytes)");
        // The CRC covers the footer too, but for the CRC itself and the magic.
        var bytes = new byte[footer - start + McapLayout.Prefix + 16];
        source.Read(start, bytes);
        if (crc != 0 && options.VerifyCrc && Crc32.Of(bytes) is var found && found != crc)
            return Distrust(McapDefectKind.SummaryCrc, start, crc, found, $"summary at offset {start}: CRC is 0x{crc:X8}, content gives 0x{found:X8}");
        try
        {
            Parse(bytes.AsSpan(0, (int)(footer - start)), start);
            CheckChunks(start);
            if (!TellsAll()) return null;
            var walk = new DataWalk(source, options, new Catalog(defects), null, defects);
            _index.Header = walk.Header;
            AddOutsideRecords(walk);
            return _index;
        }
        catch (McapException e) when (!options.Strict)
        {
            return Distrust(McapDefectKind.SummaryDamaged, e.Offset, 0, 0, $"the summary is not usable ({e.Message})");
        }
    }

    private FileIndex? Distrust(McapDefectKind kind, long offset, ulong stated, ulong found, string what)
    {
        defects.Add(kind, offset, stated, found, $"{what}; the file is scanned instead.");
        return null;
    }

    private bool TryReadFooter(out long start, out long groups, out uint crc, out long footer)
    {
        start = groups = 0;
        crc = 0;
        const int Size = McapLayout.Prefix + McapLayout.Footer + 8;
        footer = source.Length!.Value - Size;
        Span<byte> bytes = stackalloc byte[Size];
        if (footer < McapLayout.Magic.Length || source.Read(footer, bytes) < Size || !bytes[^8..].SequenceEqual(McapLayout.Magic)) return false;
        if (bytes[0] != (byte)McapOpcode.Footer || BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]) != McapLayout.Footer) return false;
        HasFooter = true;
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..]), second = BinaryPrimitives.ReadUInt64LittleEndian(bytes[17..]);
        start = (long)Math.Min(first, long.MaxValue);
        groups = (long)Math.Min(second, long.MaxValue);
        crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[25..]);
        return true;
    }

    private void Parse(ReadOnlySpan<byte> summary, long start)
    {
        // Schemas first: the groups may stand in any order.
        Each(summary, start, McapOpcode.Schema);
        Each(summary, start, null);
    }

    private void Each(ReadOnlySpan<byte> summary, long start, McapOpcode? only)
    {
        var steps = new RecordSteps();
        while (steps.MoveNext(summary, source.Name, -1))
        {
            if (only is null == (steps.Opcode == McapOpcode.Schema)) continue;
            Take(steps.Opcode, summary.Slice(steps.Content, steps.Length), new RecordPlace(source.Name, steps.Opcode, start + steps.Offset));
        }
    }

    private void Take(McapOpcode opcode, ReadOnlySpan<byte> content, in RecordPlace place)
    {
        switch (opcode)
        {
            case McapOpcode.Invalid:
                throw place.Error("opcode 0 is invalid.");
            case McapOpcode.Schema or McapOpcode.Channel:
                _index.Catalog.Add(opcode, content, place);
                break;
            case McapOpcode.Statistics:
                if (_index.Statistics is not null) throw place.Error("there are two Statistics records (MCAP §Statistics).");
                _index.Statistics = RecordParser.Statistics(content, place);
                break;
            case McapOpcode.ChunkIndex:
                var chunk = RecordParser.ChunkIndex(content, place, out var channels);
                _chunks.Add((chunk, channels));
                break;
            case McapOpcode.AttachmentIndex:
                _index.Attachments.Add(RecordParser.AttachmentIndex(content, place));
                break;
            case McapOpcode.MetadataIndex:
                _metadata.Add(RecordParser.MetadataIndex(content, place));
                break;
        }
    }

    // Chunks must lie one behind the other in the data section; so no index makes us hold more than the file has.
    private void CheckChunks(long summary)
    {
        _chunks.Sort((a, b) => a.Chunk.Offset.CompareTo(b.Chunk.Offset));
        long end = McapLayout.Magic.Length;
        foreach (var (chunk, channels) in _chunks)
        {
            if (chunk.Offset < end || chunk.Length < McapLayout.Prefix + McapLayout.ChunkHead || chunk.Length > summary - chunk.Offset)
                throw new McapException(source.Name, chunk.Offset, $"a ChunkIndex puts a chunk of {chunk.Length} bytes at offset {chunk.Offset}; free are offsets {end} to {summary}.");
            end = chunk.Offset + chunk.Length;
            _index.Chunks.Add(chunk);
            _index.Segments.Add(new Segment
            {
                Kind = SegmentKind.Chunk, Offset = chunk.Offset, DataOffset = chunk.Offset, DataLength = chunk.Length,
                Start = chunk.StartNs, End = chunk.EndNs, Channels = channels, Index = chunk,
            });
        }
    }

    // A summary may lack parts; what is needed to find every message must be there.
    private bool TellsAll()
    {
        if (_index.Statistics is not { } statistics)
        {
            return _chunks.Count > 0 && _index.Catalog.Channels.Count > 0 && _chunks.TrueForAll(c => c.Channels is null || Array.TrueForAll(c.Channels, id => _index.Catalog.Find(id) is not null));
        }
        return statistics.Chunks == _chunks.Count && (statistics.Messages == 0 || _chunks.Count > 0)
            && statistics.Channels == _index.Catalog.Channels.Count && statistics.Schemas == _index.Catalog.Schemas.Count;
    }

    private void AddOutsideRecords(DataWalk walk)
    {
        if (_index.Statistics is { } s && s.Attachments == _index.Attachments.Count && s.MetadataRecords == _metadata.Count)
        {
            foreach (var (offset, length) in _metadata) AddMetadata(offset, length);
            return;
        }
        // No full index of them: step over the chunks and look.
        _index.Attachments.Clear();
        while (walk.MoveNext())
        {
            if (walk.Current == DataWalk.Unit.Attachment) _index.Attachments.Add(walk.Attachment!);
            if (walk.Current == DataWalk.Unit.Metadata) _index.Metadata.Add(walk.Metadata!);
        }
        if (!walk.Complete) defects.Add(McapDefectKind.RecordDamaged, walk.GoodEnd, 0, 0, $"{walk.Stop ?? $"no DataEnd at offset {walk.GoodEnd}"}; attachments and metadata behind it are not listed.");
    }

    private void AddMetadata(long offset, long length)
    {
        var scanner = new RecordScanner(source, offset, options.MaxRecordBytes);
        try
        {
            if (offset < McapLayout.Magic.Length || !scanner.MoveNext() || scanner.IsCut || scanner.Opcode != McapOpcode.Metadata || scanner.End != offset + length)
                throw new McapException(source.Name, offset, $"the MetadataIndex puts a Metadata record of {length} bytes at offset {offset}; there is none.");
            _index.Metadata.Add(RecordParser.Metadata(scanner.Content().Span, scanner.Place));
        }
        catch (McapException e) when (!options.Strict)
        {
            defects.Add(McapDefectKind.RecordDamaged, offset, 0, 0, $"{e.Message} It is left out.");
        }
    }
}
