namespace EdgeAutonomy.Perception;

/// <summary>How a <see cref="MotionContact"/> turns image motion into ranges and times to contact. Immutable.</summary>
public sealed record MotionContactOptions
{
    /// <summary>Gets how many sectors of equal columns the image is cut into.</summary>
    /// <value>In [1, 64]; default 16.</value>
    public int Sectors { get; init; } = 16;

    /// <summary>Gets the time constant in milliseconds with which evidence about a direction fades.</summary>
    /// <value>In [10, 10000]; default 150.</value>
    public float MemoryMs { get; init; } = 150f;

    /// <summary>Gets in how many milliseconds a tile gives independent evidence: its window and the delays overlap from step to step.</summary>
    /// <value>In [1, 1000]; default 60.</value>
    public float EvidenceMs { get; init; } = 60f;

    /// <summary>Gets the share of tiles whose motion has nothing to do with a wall standing still.</summary>
    /// <value>In [0.001, 1]; default 0.2.</value>
    public float OutlierShare { get; init; } = 0.2f;

    /// <summary>Gets the speed in metres per second below which the robot counts as standing.</summary>
    /// <value>In (0, 10]; default 0.05.</value>
    public float MinimumSpeed { get; init; } = 0.05f;

    /// <summary>Gets the time to contact in seconds beyond which nothing approaches.</summary>
    /// <value>In [1, 1000]; default 20.</value>
    public float MaxTimeToContact { get; init; } = 20f;

    /// <summary>Gets the tangent of the elevation below which tiles are left out, so that the ground is not taken for an obstacle.</summary>
    /// <value>Not NaN, at most 1; default 0, the horizon of a level camera.</value>
    public float LowestSlope { get; init; }

    /// <summary>Gets the pooling of events; the side of a tile is set from the sectors.</summary>
    public MotionOptions Motion { get; init; } = new() { StepUs = 16_000, WindowMs = 16, MinimumEvents = 6, MinimumConfidence = 0, MaxEventsPerStep = 512 };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentNullException">A part is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string where = nameof(MotionContactOptions);
        ArgumentNullException.ThrowIfNull(Motion);
        Motion.Validate();
        OptionRange.Check(Sectors is >= 1 and <= 64, where, nameof(Sectors), Sectors, "must be in [1, 64]");
        OptionRange.Check(MemoryMs is >= 10 and <= 10000, where, nameof(MemoryMs), MemoryMs, "must be in [10, 10000]");
        OptionRange.Check(EvidenceMs is >= 1 and <= 1000, where, nameof(EvidenceMs), EvidenceMs, "must be in [1, 1000]");
        OptionRange.Check(OutlierShare is >= 0.001f and <= 1, where, nameof(OutlierShare), OutlierShare, "must be in [0.001, 1]");
        OptionRange.Check(MinimumSpeed is > 0 and <= 10, where, nameof(MinimumSpeed), MinimumSpeed, "must be in (0, 10]");
        OptionRange.Check(MaxTimeToContact is >= 1 and <= 1000, where, nameof(MaxTimeToContact), MaxTimeToContact, "must be in [1, 1000]");
        OptionRange.Check(LowestSlope <= 1, where, nameof(LowestSlope), LowestSlope, "must not be NaN and at most 1");
    }
}
