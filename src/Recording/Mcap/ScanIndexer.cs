namespace EdgeAutonomy.Recording;

/// <summary>Makes the index of a file by reading all of it: for files without a summary, with a damaged one, or cut.</summary>
internal sealed class ScanIndexer(ByteSource source, McapReaderOptions options, ChunkDecoder decoder, DefectList defects)
{
    // Runs of messages outside chunks are cut into pieces of about a chunk, which bounds what reading them in order holds.
    private const long RunBytes = 512 << 10;

    private readonly FileIndex _index = new(new Catalog(defects)) { Scanned = true };
    private readonly Dictionary<ushort, ulong> _counts = [];
    private ulong _messages, _start = ulong.MaxValue, _end;
    private Segment? _run;

    /// <summary>Reads the file.</summary>
    /// <param name="hasFooter">Whether its footer is known to be there.</param>
    public FileIndex Run(bool hasFooter)
    {
        var walk = new DataWalk(source, options, _index.Catalog, decoder, defects);
        _index.Header = walk.Header;
        while (walk.MoveNext())
        {
            if (walk.Current != DataWalk.Unit.Message) _run = null;
            switch (walk.Current)
            {
                case DataWalk.Unit.Message:
                    AddLooseMessage(walk);
                    break;
                case DataWalk.Unit.Chunk:
                    AddChunk(walk);
                    break;
                case DataWalk.Unit.Attachment:
                    _index.Attachments.Add(walk.Attachment!);
                    break;
                case DataWalk.Unit.Metadata:
                    _index.Metadata.Add(walk.Metadata!);
                    break;
            }
        }
        _index.Statistics = new McapStatistics(
            _messages, _index.Catalog.Schemas.Count, _index.Catalog.Channels.Count, _index.Attachments.Count, _index.Metadata.Count, _index.Chunks.Count,
            _messages == 0 ? 0 : _start, _end, _counts);
        if (!hasFooter || !walk.Complete) AddTruncation(walk);
        return _index;
    }

    private void AddTruncation(DataWalk walk)
    {
        string what = walk.Stop ?? "no footer";
        _index.Truncation = $"{what}; recovered {_messages} messages up to offset {walk.GoodEnd}; the recording is truncated.";
        defects.Add(McapDefectKind.Truncated, walk.GoodEnd, 0, (ulong)(source.Length ?? walk.GoodEnd), _index.Truncation);
    }

    private void AddLooseMessage(DataWalk walk)
    {
        var head = MessageHead.Of(walk.Bytes.Span, walk.Place);
        if (_index.Catalog.Of(head, walk.Place) is null) return;
        Count(head.Channel, head.LogTime);
        long end = walk.Offset + walk.Length;
        if (_run is null || end - _run.DataOffset > RunBytes)
        {
            _run = new Segment { Kind = SegmentKind.Run, Offset = walk.Offset, DataOffset = walk.Offset, DataLength = 0, Start = head.LogTime, End = head.LogTime };
            _index.Segments.Add(_run);
        }
        _run.DataLength = end - _run.DataOffset;
        _run.Start = Math.Min(_run.Start, head.LogTime);
        _run.End = Math.Max(_run.End, head.LogTime);
    }

    private void AddChunk(DataWalk walk)
    {
        var records = walk.Bytes;
        long offset = walk.Offset;
        // A cut chunk's own length leads past the end.
        long length = walk.IsPartial ? source.Length!.Value - offset : walk.Length;
        var segment = new Segment
        {
            Kind = walk.IsPartial ? SegmentKind.PartialChunk : SegmentKind.Chunk,
            Offset = offset,
            DataOffset = walk.IsPartial ? offset + McapLayout.Prefix + walk.Chunk.HeadLength : offset,
            DataLength = walk.IsPartial ? 0 : length,
            Start = ulong.MaxValue,
            End = 0,
        };
        ulong before = _messages;
        var steps = new RecordSteps();
        try
        {
            while (steps.MoveNext(records.Span, source.Name, segment.Chunk))
            {
                TakeRecord(records.Span.Slice(steps.Content, steps.Length), steps.Opcode, segment.Place(source.Name, steps), segment);
                if (walk.IsPartial) segment.DataLength = steps.Content + steps.Length;
            }
        }
        catch (McapException) when (walk.IsPartial)
        {
            // Where a cut chunk stops to make sense is where it is cut.
        }
        if (segment.Start > segment.End) segment.Start = 0;
        _index.Segments.Add(segment);
        if (walk.IsPartial) AddPartial(segment, (long)(_messages - before), records.Length);
        else _index.Chunks.Add(walk.Chunk.At(offset, length));
    }

    private void AddPartial(Segment segment, long messages, int there) =>
        defects.Add(McapDefectKind.PartialChunk, segment.Offset, (ulong)there, (ulong)segment.DataLength,
            $"chunk at offset {segment.Offset}: cut; {messages} messages in the first {segment.DataLength} of the {there} bytes that are left were recovered, unchecked.");

    private void TakeRecord(ReadOnlySpan<byte> content, McapOpcode opcode, in RecordPlace place, Segment segment)
    {
        if (opcode is McapOpcode.Schema or McapOpcode.Channel) _index.Catalog.Add(opcode, content, place);
        if (opcode != McapOpcode.Message) return;
        var head = MessageHead.Of(content, place);
        if (_index.Catalog.Of(head, place) is null) return;
        Count(head.Channel, head.LogTime);
        segment.Start = Math.Min(segment.Start, head.LogTime);
        segment.End = Math.Max(segment.End, head.LogTime);
    }

    private void Count(ushort channel, ulong time)
    {
        _messages++;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, channel, out _)++;
        _start = Math.Min(_start, time);
        _end = Math.Max(_end, time);
    }
}
