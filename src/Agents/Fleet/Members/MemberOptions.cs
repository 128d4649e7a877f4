namespace EdgeAutonomy.Agents;

/// <summary>When a silent robot counts as what.</summary>
public sealed record MemberOptions
{
    /// <summary>Gets after how many of its announced periods a robot is suspect; default 3, and never before 1 s.</summary>
    public int PeriodsToSuspect { get; init; } = 3;

    /// <summary>Gets after how long without beacon it is dead; default 5 s, or five of its periods where that is longer.</summary>
    public Duration DeadAfter { get; init; } = new(5_000_000_000);

    /// <summary>Gets after how long without news of it, from itself or through others, its tasks are free; default 8 s. Longer than <see cref="DeadAfter"/>: a robot that one robot does not hear may well be heard by the rest.</summary>
    public Duration LostAfter { get; init; } = new(8_000_000_000);

    /// <summary>Gets how many robots are known at most; default 1024. Messages of further ones are counted and dropped.</summary>
    public int Capacity { get; init; } = 1024;
}
