namespace EdgeAutonomy.Recording;

/// <summary>What <see cref="McapBenchmark"/> measures.</summary>
public sealed record McapBenchmarkOptions
{
    /// <summary>Gets the share of the messages to write, above 0; default 1: 200 000 × 300 B, 1 000 000 × 64 B, 16 000 × 64 KiB.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Gets the folder of the temporary file; null = the system's. It takes up to 1.1 GB there and is deleted.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets the compression; default none.</summary>
    public McapCompression Compression { get; init; }
}
