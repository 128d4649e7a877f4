namespace EdgeAutonomy.Recording;

/// <summary>A piece of a file that holds messages: a chunk, the cut last chunk, or a run of records outside chunks.</summary>
internal sealed class Segment
{
    public required SegmentKind Kind { get; init; }

    /// <summary>The chunk's record; of a run, its first record.</summary>
    public required long Offset { get; init; }

    /// <summary>Where the bytes to read start: the chunk's record, the cut chunk's records, the run.</summary>
    public required long DataOffset { get; init; }

    /// <summary>How many bytes to read.</summary>
    public required long DataLength { get; set; }

    public required ulong Start { get; set; }

    public required ulong End { get; set; }

    /// <summary>The channels in it; null = any.</summary>
    public ushort[]? Channels { get; init; }

    /// <summary>What the chunk index says of a chunk; null where the chunk itself was read.</summary>
    public McapChunk? Index { get; init; }

    /// <summary>The chunk's offset for errors, -1 outside chunks.</summary>
    public long Chunk => Kind == SegmentKind.Run ? -1 : Offset;

    public RecordPlace Place(string file, in RecordSteps record) => Place(file, record.Opcode, record.Offset);

    public RecordPlace Place(string file, McapOpcode opcode, int offset) =>
        Kind == SegmentKind.Run ? new RecordPlace(file, opcode, DataOffset + offset) : new RecordPlace(file, opcode, offset, Offset);
}

/// <summary>Kinds of <see cref="Segment"/>.</summary>
internal enum SegmentKind
{
    Chunk, PartialChunk, Run,
}
