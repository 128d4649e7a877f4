namespace EdgeAutonomy.Recording;

/// <summary>How a loop hands its cycles over.</summary>
public sealed record LaneOptions
{
    /// <summary>Gets the size of the queue to the recorder in bytes, a power of two; default 16 MiB, more than two seconds of a busy camera.</summary>
    public int RingBytes { get; init; } = 1 << 24;

    /// <summary>Gets after how many cycles a keyframe is due; default 1000, 0 = never.</summary>
    public int KeyframeCycles { get; init; } = 1000;

    /// <summary>Gets what happens when the recorder cannot keep up.</summary>
    public RecordFullPolicy OnFull { get; init; } = RecordFullPolicy.DropAndMark;

    /// <summary>Gets the clock that the loop waits on.</summary>
    public RecordedClock Clock { get; init; }
}
