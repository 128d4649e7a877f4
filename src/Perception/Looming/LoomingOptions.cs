namespace EdgeAutonomy.Perception;

/// <summary>How the looming estimator looks for approaching things.</summary>
/// <remarks>Immutable. <see cref="Validate"/> is called by every user of the record.</remarks>
public sealed record LoomingOptions
{
    /// <summary>Gets how many sectors of equal columns the image is cut into.</summary>
    /// <value>In [1, 64]; default 16.</value>
    public int Sectors { get; init; } = 16;

    /// <summary>Gets the time in milliseconds in which every direction in view is estimated once; work is spread evenly over it.</summary>
    /// <value>In [1, 1000]; default 32.</value>
    public float SweepMs { get; init; } = 32f;

    /// <summary>Gets the shortest window of events in milliseconds.</summary>
    /// <value>In [4, <see cref="MaxWindowMs"/>]; default 40.</value>
    public float MinWindowMs { get; init; } = 40f;

    /// <summary>Gets the longest window of events in milliseconds.</summary>
    /// <value>In [<see cref="MinWindowMs"/>, 1000]; default 400.</value>
    public float MaxWindowMs { get; init; } = 400f;

    /// <summary>Gets the most events that one estimate uses.</summary>
    /// <value>In [64, 4096]; default 256.</value>
    public int EventsPerEstimate { get; init; } = 256;

    /// <summary>Gets how many events an estimate needs at least; with fewer the direction is not known.</summary>
    /// <value>In [16, <see cref="EventsPerEstimate"/>]; default 64.</value>
    public int MinimumEvents { get; init; } = 64;

    /// <summary>Gets the time constant of the filter of inverse ranges in milliseconds; confidence fades with it too.</summary>
    /// <value>In [1, 10000]; default 100.</value>
    public float FilterMs { get; init; } = 100f;

    /// <summary>Gets the speed in metres per second below which the robot counts as standing: nothing is known about contacts then.</summary>
    /// <value>In (0, 10]; default 0.05.</value>
    public float MinimumSpeed { get; init; } = 0.05f;

    /// <summary>Gets the time to contact in seconds beyond which nothing approaches.</summary>
    /// <value>In [1, 1000]; default 20.</value>
    public float MaxTimeToContact { get; init; } = 20f;

    /// <summary>Gets for how many milliseconds a range is held, corrected for the robot's own motion, after it was last measured.</summary>
    /// <value>In [0, 60000]; default 1500.</value>
    public float HoldMs { get; init; } = 1500f;

    /// <summary>Gets the tangent of the elevation below which events are left out, so that the ground is not taken for an obstacle.</summary>
    /// <value>Not NaN, at most 1; default 0, the horizon of a level camera: things lower than the camera are left to the boxes. −∞ = leave nothing out.</value>
    public float LowestSlope { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string where = nameof(LoomingOptions);
        OptionRange.Check(Sectors is >= 1 and <= 64, where, nameof(Sectors), Sectors, "must be in [1, 64]");
        OptionRange.Check(SweepMs is >= 1 and <= 1000, where, nameof(SweepMs), SweepMs, "must be in [1, 1000]");
        OptionRange.Check(MaxWindowMs is >= 4 and <= 1000, where, nameof(MaxWindowMs), MaxWindowMs, "must be in [4, 1000]");
        OptionRange.Check(MinWindowMs >= 4 && MinWindowMs <= MaxWindowMs, where, nameof(MinWindowMs), MinWindowMs, "must be in [4, MaxWindowMs]");
        OptionRange.Check(EventsPerEstimate is >= 64 and <= 4096, where, nameof(EventsPerEstimate), EventsPerEstimate, "must be in [64, 4096]");
        OptionRange.Check(MinimumEvents >= 16 && MinimumEvents <= EventsPerEstimate, where, nameof(MinimumEvents), MinimumEvents, "must be in [16, EventsPerEstimate]");
        OptionRange.Check(FilterMs is >= 1 and <= 10000, where, nameof(FilterMs), FilterMs, "must be in [1, 10000]");
        OptionRange.Check(MinimumSpeed is > 0 and <= 10, where, nameof(MinimumSpeed), MinimumSpeed, "must be in (0, 10]");
        OptionRange.Check(MaxTimeToContact is >= 1 and <= 1000, where, nameof(MaxTimeToContact), MaxTimeToContact, "must be in [1, 1000]");
        OptionRange.Check(HoldMs is >= 0 and <= 60000, where, nameof(HoldMs), HoldMs, "must be in [0, 60000]");
        OptionRange.Check(LowestSlope <= 1, where, nameof(LowestSlope), LowestSlope, "must not be NaN and at most 1");
    }
}
