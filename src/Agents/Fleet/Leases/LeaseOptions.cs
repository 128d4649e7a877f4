namespace EdgeAutonomy.Agents;

/// <summary>How leases run. The same for all robots of a fleet.</summary>
public sealed record LeaseOptions
{
    /// <summary>Gets how long a lease lasts; default 10 s.</summary>
    public Duration Length { get; init; } = new(10_000_000_000);

    /// <summary>Gets how long any robot's lease can last; a voter refuses that long after a start, because it forgot until when it granted. Default 15 s.</summary>
    public Duration Longest { get; init; } = new(15_000_000_000);

    /// <summary>Gets how soon a claim without majority is sent again; default 0.5 s.</summary>
    public Duration Retry { get; init; } = new(500_000_000);

    /// <summary>Gets how long before the end the holder stops; default 1 s.</summary>
    public Duration StopMargin { get; init; } = new(1_000_000_000);

    /// <summary>Gets by how much any robot's monotonic clock may run fast or slow, parts per million; default 1000.</summary>
    public int DriftPpm { get; init; } = 1000;

    // The holder's time is rounded down and the voter's up.
    internal Duration Shrunk(Duration d) => new(d.Nanoseconds - Margin(d));

    internal Duration Grown(Duration d) => new(d.Nanoseconds + Margin(d));

    private long Margin(Duration d) => d.Nanoseconds / 1_000_000 * DriftPpm + DriftPpm;

    internal void Check()
    {
        if (Length.Nanoseconds <= 0 || Length > Longest || Longest > LeaseClaim.Longest) throw new ArgumentException($"Lease length is {Length}, longest is {Longest}; must be 0 < length <= longest <= {LeaseClaim.Longest}.");
        if (DriftPpm is < 0 or > 100_000) throw new ArgumentException($"Lease drift is {DriftPpm} ppm; must be in [0, 100000].");
        if (StopMargin.Nanoseconds < 0 || StopMargin + StopMargin > Length) throw new ArgumentException($"Lease stop margin is {StopMargin}; must be in [0, half of {Length}].");
        if (Retry.Nanoseconds <= 0) throw new ArgumentException($"Lease retry is {Retry}; must be positive.");
    }
}
