namespace EdgeAutonomy.Recording;

/// <summary>How <see cref="McapWriter"/> writes.</summary>
public sealed record McapWriterOptions
{
    /// <summary>The most that <see cref="ChunkBytes"/> may be.</summary>
    public const int MaxChunkBytes = 256 << 20;

    /// <summary>Gets the bytes of records that a chunk holds at most, 64 to <see cref="MaxChunkBytes"/>; default 512 KiB. A larger message gets a chunk of its own.</summary>
    public int ChunkBytes { get; init; } = 512 << 10;

    /// <summary>Gets how chunks are stored; default none. Without the library they are stored uncompressed, see <see cref="McapWriter.Compression"/>.</summary>
    public McapCompression Compression { get; init; } = McapCompression.None;

    /// <summary>Gets the parts that the file has; default all.</summary>
    public McapParts Parts { get; init; } = McapParts.All;

    /// <summary>Gets whether a CRC of the whole data section is written; default no, as it doubles the cost of checksums. Chunks, attachments and summary always have one.</summary>
    public bool DataSectionCrc { get; init; }

    /// <summary>Gets the header's profile, such as "ros2"; default none.</summary>
    public string Profile { get; init; } = "";

    /// <summary>Gets the name of the writing software in the header.</summary>
    public string Library { get; init; } = "EdgeAutonomy";

    /// <summary>Finds the codec of a compression; null where its library is absent. Tests take the library away with it.</summary>
    internal Func<string, ChunkCodec?> FindCodec { get; init; } = ChunkCodec.Find;

    internal void Check()
    {
        if (ChunkBytes is < 64 or > MaxChunkBytes)
            throw new ArgumentOutOfRangeException(nameof(ChunkBytes), $"ChunkBytes is {ChunkBytes}; must be in [64, {MaxChunkBytes}].");
        if (!Enum.IsDefined(Compression)) throw new ArgumentOutOfRangeException(nameof(Compression), $"Compression is {(int)Compression}; must be None, Lz4 or Zstd.");
        if ((Parts & (McapParts.MessageIndex | McapParts.ChunkIndex)) != 0 && (Parts & McapParts.Chunks) == 0)
            throw new ArgumentException($"Parts are {Parts}; an index of messages or chunks needs Chunks.");
    }
}
