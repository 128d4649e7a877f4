namespace EdgeAutonomy.Recording;

/// <summary>How a recording is written.</summary>
public sealed record RecordingOptions
{
    /// <summary>Gets the file; rotation adds a number before its ending.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the size of a chunk in KiB; default 512.</summary>
    public int ChunkKiB { get; init; } = 512;

    /// <summary>Gets after how many seconds an open chunk is written whatever its size; a killed process loses no more. Default 1.</summary>
    public double FlushSeconds { get; init; } = 1;

    /// <summary>Gets how often the disk is asked to keep what was written, in seconds; a power cut loses no more. Default 5, 0 = never.</summary>
    public double SyncSeconds { get; init; } = 5;

    /// <summary>Gets the compression of chunks; default none.</summary>
    public McapCompression Compression { get; init; } = McapCompression.None;

    /// <summary>Gets the size in MiB at which a new file is begun; 0 = never.</summary>
    public double RotateMiB { get; init; }

    /// <summary>Gets the age in minutes at which a new file is begun; 0 = never.</summary>
    public double RotateMinutes { get; init; }

    /// <summary>Gets how many GiB the closed files of this robot in the folder may take before the oldest are deleted; 0 = no limit.</summary>
    public double MaxGiB { get; init; }

    /// <summary>Gets the free space in MiB below which recording stops; default 64.</summary>
    public double MinFreeMiB { get; init; } = 64;

    /// <summary>Gets after how many seconds a recording that stopped is tried again; default 60, 0 = never.</summary>
    public double RetrySeconds { get; init; } = 60;
}
