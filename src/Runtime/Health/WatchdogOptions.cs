namespace EdgeAutonomy.Runtime;

/// <summary>Limits of the watchdog.</summary>
public sealed record WatchdogOptions
{
    /// <summary>Gets how long a loop may go without finishing a cycle before the first warning; default 1000 ms. Never less than three of the
    /// loop's longest periods, so that a slow period is not taken for a stall. Twice: unhealthy; three times: stop.</summary>
    public Duration Limit { get; init; } = Duration.FromMilliseconds(1000);
}
