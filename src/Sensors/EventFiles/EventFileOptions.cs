namespace EdgeAutonomy.Sensors;

/// <summary>What the caller knows about a recording that the recording may not say.</summary>
public sealed record EventFileOptions
{
    /// <summary>No knowledge: everything must come from the file.</summary>
    public static readonly EventFileOptions None = new();

    /// <summary>Gets the format of a file without a header; Unknown (default) = find out. Must not contradict a format that the header names.</summary>
    public EventFormat Format { get; init; }

    /// <summary>Gets the sensor's columns where the file does not say; 0 (default) = find out. Must not contradict a size that the header gives.</summary>
    public int Width { get; init; }

    /// <summary>Gets the sensor's rows where the file does not say; 0 (default) = find out.</summary>
    public int Height { get; init; }

    /// <summary>Gets where time zero lies; default <see cref="TimeOrigin.Absolute"/>.</summary>
    public TimeOrigin TimeOrigin { get; init; }

    /// <summary>Gets whether times are forced to be non-decreasing, t = max(t, last); the counter of backward times stays. Default false.</summary>
    public bool MonotonicClamp { get; init; }

    /// <summary>Gets whether N-MNIST overflow records (x = 0, y = 240) add 2^13 µs; default false.</summary>
    public bool NmnistOverflowRecords { get; init; }

    /// <summary>Gets the size of the read buffer in bytes, 16 … 2^26; default 256 KiB.</summary>
    public int BufferBytes { get; init; } = 256 * 1024;
}
