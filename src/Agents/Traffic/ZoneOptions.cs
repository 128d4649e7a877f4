namespace EdgeAutonomy.Agents;

/// <summary>The numbers that granter and holder of zones share.</summary>
public sealed record ZoneOptions
{
    /// <summary>Gets the longest lease; default 10 s.</summary>
    public Duration MaxLease { get; init; } = Duration.FromSeconds(10);

    /// <summary>Gets by how much clocks may run fast or slow; default 0.001.</summary>
    public double RateError { get; init; } = 1e-3;

    /// <summary>Gets how old a beacon can be when it arrives: its expiry. Default 1 s.</summary>
    public Duration MaxBeaconAge { get; init; } = Duration.FromSeconds(1);

    /// <summary>Gets the greatest speed of any robot, m/s; default 2.</summary>
    public double MaxSpeed { get; init; } = 2;

    /// <summary>Gets how long a request waits without being renewed; default 15 s.</summary>
    public Duration QueueTimeout { get; init; } = Duration.FromSeconds(15);

    /// <summary>Gets after how long of waiting a request counts as more urgent by one; default 10 s.</summary>
    public Duration Aging { get; init; } = Duration.FromSeconds(10);

    /// <summary>Gets the most requests that wait; more are rejected. Default 512.</summary>
    public int MaxWaiting { get; init; } = 512;

    /// <summary>Gets the most robots the granter remembers; default 1024.</summary>
    public int MaxRobots { get; init; } = 1024;

    /// <summary>Gets whether expired leases count as occupied until the robot is seen outside; only tests turn it off, to show that it matters.</summary>
    internal bool DistrustsExpiry { get; init; } = true;

    /// <summary>Gets whether a robot may have a lease of the coordinator before; only tests turn it off.</summary>
    internal bool PresumesLeases { get; init; } = true;

    /// <summary>Gets whether a grant must leave a way for all to finish; only tests turn it off.</summary>
    internal bool ChecksCompletion { get; init; } = true;

    /// <summary>Returns how long a lease holds for its holder: shorter than it says, in case its clock is slow.</summary>
    internal Duration HolderSide(Duration lease) => Duration.FromSeconds(lease.Seconds * (1 - RateError));

    /// <summary>Returns how long a lease holds for its granter: longer, in case its clock is fast.</summary>
    internal Duration GranterSide(Duration lease) => Duration.FromSeconds(lease.Seconds * (1 + RateError)) + new Duration(1);
}
