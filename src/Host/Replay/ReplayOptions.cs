namespace EdgeAutonomy.Host;

/// <summary>What a user wants of a replay.</summary>
internal sealed record ReplayOptions
{
    /// <summary>Gets the time to begin at, in seconds: the last keyframe before it; 0 = the beginning.</summary>
    public double From { get; init; }

    /// <summary>Gets whether to replay from every keyframe, one after another.</summary>
    public bool EveryKeyframe { get; init; }

    /// <summary>Gets the most cycles of each loop from each start; 0 = to the end.</summary>
    public long Cycles { get; init; }

    /// <summary>Gets whether holes and damaged chunks are accepted: the replay then goes on at the next keyframe.</summary>
    public bool AllowGaps { get; init; }

    /// <summary>Gets the changes of the configuration.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Gets recorded seconds per second; 0 = as fast as can be.</summary>
    public double Speed { get; init; }
}
