namespace EdgeAutonomy.Host;

/// <summary>When a loop counts as hung.</summary>
public sealed class WatchdogSection
{
    /// <summary>Gets the time without a completed cycle after which the watchdog warns; it stops everything at three times this.</summary>
    [Option("Time without a completed cycle: after 1× a warning, 2× unhealthy, 3× safe stop and exit 71.", Min = 10, Max = 60_000)]
    public double LimitMs { get; init; } = 1000;
}
