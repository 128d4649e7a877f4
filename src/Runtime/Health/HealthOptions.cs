namespace EdgeAutonomy.Runtime;

/// <summary>Thresholds of the health ladder. Values for leaving a rung are stricter by <see cref="Hysteresis"/>.</summary>
public sealed record HealthOptions
{
    /// <summary>Gets the trust below which a stream makes the loop Strained; default 0.8.</summary>
    public float TrustStrained { get; init; } = 0.8f;

    /// <summary>Gets the trust below which it makes the loop Degraded; default 0.5.</summary>
    public float TrustDegraded { get; init; } = 0.5f;

    /// <summary>Gets the trust below which it stops the robot; default 0.2.</summary>
    public float TrustStop { get; init; } = 0.2f;

    /// <summary>Gets the queue fill above which the loop is Strained; default 0.5.</summary>
    public float QueueStrained { get; init; } = 0.5f;

    /// <summary>Gets the share of the period that must stay free; default 0.2.</summary>
    public float MinSlack { get; init; } = 0.2f;

    /// <summary>Gets how many of the last 10 cycles may miss before the loop is Degraded; default 3.</summary>
    public int MissesDegraded { get; init; } = 3;

    /// <summary>Gets the age beyond which a sample makes the loop Degraded; default 50 ms, never less than one and a half periods.</summary>
    public Duration MaxSampleAge { get; init; } = Duration.FromMilliseconds(50);

    /// <summary>Gets how long perception may bring nothing before the loop holds; default 100 ms, never less than two periods.</summary>
    public Duration MaxPerceptAge { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>Gets how many of the last 10 cycles may have a failed stage before the loop holds; default 3. One failure makes it Degraded.</summary>
    public int FailuresHold { get; init; } = 3;

    /// <summary>Gets how long every condition must be good before the ladder climbs one rung; default 500 ms.</summary>
    public Duration Dwell { get; init; } = Duration.FromMilliseconds(500);

    /// <summary>Gets how much stricter the limits for climbing are; default 0.1.</summary>
    public float Hysteresis { get; init; } = 0.1f;
}
