namespace EdgeAutonomy.Recording;

/// <summary>What is known of a file before its messages are read, from its summary or by scanning it.</summary>
internal sealed class FileIndex(Catalog catalog)
{
    public Catalog Catalog => catalog;

    public McapHeader Header { get; set; } = new("", "");

    /// <summary>In the order of the file.</summary>
    public List<Segment> Segments { get; } = [];

    public List<McapChunk> Chunks { get; } = [];

    public List<McapMetadata> Metadata { get; } = [];

    public List<McapAttachment> Attachments { get; } = [];

    public McapStatistics? Statistics { get; set; }

    public bool Scanned { get; init; }

    /// <summary>A sentence, where the file is cut.</summary>
    public string? Truncation { get; set; }
}
