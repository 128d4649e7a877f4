using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Keys of the recorder of cycles.</summary>
public sealed class RecordingSection
{
    /// <summary>Gets whether runs are recorded.</summary>
    [Option("Whether the service records what its loops do.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Gets the folder.</summary>
    [Option("Folder for the recordings, from the configuration file's folder on; it is made when it is missing.")]
    public string Path { get; init; } = "recordings";

    /// <summary>Gets the size of a chunk.</summary>
    [Option("Size of a chunk; a chunk is written when it is full or a second old.", Min = 16, Max = 65_536)]
    public int ChunkKiB { get; init; } = 512;

    /// <summary>Gets the cycles between keyframes.</summary>
    [Option("Cycles from one keyframe to the next; a replay can begin at each.", Min = 1, Max = 10_000_000)]
    public int KeyframeCycles { get; init; } = 1000;

    /// <summary>Gets the queue from a loop to the recorder.</summary>
    [Option("Size of the queue from a loop to the recorder: 1, 2, 4 … 1024.", Min = 1, Max = 1024)]
    public int RingMiB { get; init; } = 16;

    /// <summary>Gets what happens when the queue is full.</summary>
    [Option("When the queue is full: DropAndMark loses records and marks the gap, Hold makes the loop wait (only for simulated time).")]
    public RecordFullPolicy OnFull { get; init; } = RecordFullPolicy.DropAndMark;

    /// <summary>Gets the rung while recording is impossible.</summary>
    [Option("Least rung while recording is impossible, such as with a full disk: Nominal, Strained, Degraded or Hold.", Choices = "Nominal,Strained,Degraded,Hold")]
    public string OnFailure { get; init; } = nameof(Rung.Strained);

    /// <summary>Gets the compression.</summary>
    [Option("Compression of chunks; Lz4 and Zstd need the system's library, without it chunks stay as they are.")]
    public McapCompression Compression { get; init; } = McapCompression.None;

    /// <summary>Gets the rate of view channels.</summary>
    [Option("Messages per second for Foxglove and the like (image, map, scan, health); 0 = none.", Min = 0, Max = 100)]
    public double ViewHz { get; init; } = 10;

    /// <summary>Gets the size of a file.</summary>
    [Option("Size at which the next file begins; 0 = never.", Min = 0, Max = 1_000_000)]
    public double RotateMiB { get; init; } = 1024;

    /// <summary>Gets the age of a file.</summary>
    [Option("Age at which the next file begins; 0 = never.", Min = 0, Max = 1_000_000)]
    public double RotateMinutes { get; init; } = 60;

    /// <summary>Gets the room that recordings may take.</summary>
    [Option("Room for this robot's recordings; beyond it the oldest are deleted; 0 = no limit.", Min = 0, Max = 1_000_000)]
    public double MaxGiB { get; init; } = 8;

    /// <summary>Gets the room that must stay free.</summary>
    [Option("Free space below which recording stops.", Min = 0, Max = 1_000_000)]
    public double MinFreeMiB { get; init; } = 64;

    /// <summary>Gets how often the disk is synchronised.</summary>
    [Option("How often the disk is asked to keep what was written; a power cut loses no more; 0 = never.", Min = 0, Max = 3600)]
    public double SyncSeconds { get; init; } = 5;

    /// <summary>Gets how often recording is tried again.</summary>
    [Option("How often recording is tried again after a failure; 0 = never.", Min = 0, Max = 86_400)]
    public double RetrySeconds { get; init; } = 60;

    /// <summary>Returns how the files are written.</summary>
    /// <param name="file">The first file.</param>
    public RecordingOptions ToOptions(string file) => new()
    {
        Path = file, ChunkKiB = ChunkKiB, SyncSeconds = SyncSeconds, Compression = Compression, RotateMiB = RotateMiB, RotateMinutes = RotateMinutes, MaxGiB = MaxGiB, MinFreeMiB = MinFreeMiB,
        RetrySeconds = RetrySeconds,
    };
}
