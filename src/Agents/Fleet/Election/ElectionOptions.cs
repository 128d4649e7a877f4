namespace EdgeAutonomy.Agents;

/// <summary>How the coordinator is elected. The same for all robots of a fleet.</summary>
public sealed record ElectionOptions
{
    /// <summary>Gets the shortest time without a heartbeat after which a robot stands, and before which no voter votes; default 1.5 s.</summary>
    public Duration MinTimeout { get; init; } = new(1_500_000_000);

    /// <summary>Gets the longest; default 3 s. The spread keeps candidates apart.</summary>
    public Duration MaxTimeout { get; init; } = new(3_000_000_000);

    /// <summary>Gets the time between two heartbeats; default 0.3 s.</summary>
    public Duration Beat { get; init; } = new(300_000_000);

    /// <summary>Gets for how long an answered heartbeat lets the coordinator act, counted from its sending; default 1.2 s, 0.8 of <see cref="MinTimeout"/>.</summary>
    public Duration Lease { get; init; } = new(1_200_000_000);

    internal void Check()
    {
        if (Beat.Nanoseconds <= 0 || Beat + Beat > Lease) throw new ArgumentException($"Election beat is {Beat}; must be positive and at most half of the lease, {Lease}.");
        // A tenth is room for clocks that run at different speed, 1e-3 each.
        if (Lease.Nanoseconds > MinTimeout.Nanoseconds * 9 / 10) throw new ArgumentException($"Election lease is {Lease}; must be at most 0.9 of the shortest timeout, {MinTimeout}.");
        if (MaxTimeout <= MinTimeout) throw new ArgumentException($"Election timeouts are {MinTimeout} to {MaxTimeout}; the longest must be above the shortest.");
    }
}
