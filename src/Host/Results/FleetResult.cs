namespace EdgeAutonomy.Host;

/// <summary>What <c>edge fleet</c> came to. Times are real ones, so there is no state hash.</summary>
public sealed record FleetResult
{
    /// <summary>Gets the seed of yard and tasks.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Gets how many robots ran.</summary>
    public required int Robots { get; init; }

    /// <summary>Gets whether each had a process of its own.</summary>
    public required bool Processes { get; init; }

    /// <summary>Gets the seconds that it took; simulated ones are real ones here.</summary>
    public required double SimSeconds { get; init; }

    /// <summary>Gets the same.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Gets the cycles of all loops since their last start.</summary>
    public required long Cycles { get; init; }

    /// <summary>Gets how many tasks were done.</summary>
    public required long GoalsReached { get; init; }

    /// <summary>Gets how many contacts there were.</summary>
    public required long Collisions { get; init; }

    /// <summary>Gets how many missions were completed.</summary>
    public required long MissionsDone { get; init; }

    /// <summary>Gets the state hash: always null, because real time is never the same twice.</summary>
    public string? StateHash { get; init; }

    /// <summary>Gets the time of a cycle's work: the median robot's median, the worst robot's p99 and maximum.</summary>
    public required LatencyUs LatencyUs { get; init; }

    /// <summary>Gets the smallest gap between two robots in metres; null when there were not two.</summary>
    public required double? SmallestGap { get; init; }

    /// <summary>Gets what the tasks came to.</summary>
    public required FleetSummary Fleet { get; init; }

    /// <summary>Gets one row per robot.</summary>
    public required IReadOnlyList<FleetRobotRow> PerRobot { get; init; }

    /// <summary>Gets one row per fault of the drill; null without one.</summary>
    public required IReadOnlyList<FleetDrillRow>? Drill { get; init; }
}
