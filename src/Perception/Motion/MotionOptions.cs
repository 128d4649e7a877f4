namespace EdgeAutonomy.Perception;

/// <summary>How a <see cref="MotionEstimator"/> pools events and how much it may do. Immutable.</summary>
public sealed record MotionOptions
{
    /// <summary>Gets the length of a step in microseconds; 0 = that of the kernel. Speeds follow: they are pixels per step over the step's length.</summary>
    /// <value>0 or in [100, 1000000]; default 0.</value>
    public int StepUs { get; init; }

    /// <summary>Gets the side of a tile in pixels.</summary>
    /// <value>In [4, 128]; default 16.</value>
    public int TilePixels { get; init; } = 16;

    /// <summary>Gets the time constant in milliseconds with which the scores of a tile fade.</summary>
    /// <value>In [1, 10000]; default 40, the five steps of 8 ms that training takes for a window.</value>
    public float WindowMs { get; init; } = 40f;

    /// <summary>Gets how many events (fading with the window) a tile needs at least; with fewer its motion is not known.</summary>
    /// <value>In [1, 10000]; default 8.</value>
    public float MinimumEvents { get; init; } = 8f;

    /// <summary>Gets the least confidence of a tile whose motion counts as known: strips and noise leave the direction open.</summary>
    /// <value>In [0, 1]; default 0.4.</value>
    public float MinimumConfidence { get; init; } = 0.4f;

    /// <summary>Gets the weight with which a tile's four neighbours speak for it too; those at its corners do with the square of it.</summary>
    /// <value>In [0, 1]; default 0.5. 0 = every tile for itself.</value>
    public float Neighbours { get; init; } = 0.5f;

    /// <summary>Gets how many rows of pixels, from the top, are looked at; events below are seen by others but speak for no tile.</summary>
    /// <value>In [0, 4096]; default 0 = all.</value>
    public int Rows { get; init; }

    /// <summary>Gets the most events per step whose surroundings are looked at; beyond it they are thinned evenly, and counted. All events are seen by others.</summary>
    /// <value>In [64, 4194304]; default 131072.</value>
    public int MaxEventsPerStep { get; init; } = 131_072;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string where = nameof(MotionOptions);
        OptionRange.Check(StepUs is 0 or (>= 100 and <= 1_000_000), where, nameof(StepUs), StepUs, "must be 0 (the kernel's) or in [100, 1000000] microseconds");
        OptionRange.Check(TilePixels is >= 4 and <= 128, where, nameof(TilePixels), TilePixels, "must be in [4, 128]");
        OptionRange.Check(WindowMs is >= 1 and <= 10000, where, nameof(WindowMs), WindowMs, "must be in [1, 10000]");
        OptionRange.Check(MinimumEvents is >= 1 and <= 10000, where, nameof(MinimumEvents), MinimumEvents, "must be in [1, 10000]");
        OptionRange.Check(MinimumConfidence is >= 0 and <= 1, where, nameof(MinimumConfidence), MinimumConfidence, "must be in [0, 1]");
        OptionRange.Check(Neighbours is >= 0 and <= 1, where, nameof(Neighbours), Neighbours, "must be in [0, 1]");
        OptionRange.Check(Rows is >= 0 and <= 4096, where, nameof(Rows), Rows, "must be in [0, 4096]");
        OptionRange.Check(MaxEventsPerStep is >= 64 and <= 4_194_304, where, nameof(MaxEventsPerStep), MaxEventsPerStep, "must be in [64, 4194304]");
    }
}
