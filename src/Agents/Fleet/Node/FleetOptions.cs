namespace EdgeAutonomy.Agents;

/// <summary>How a robot takes part in a fleet.</summary>
public sealed record FleetOptions
{
    /// <summary>Gets the site, 1 to 24 of [A-Za-z0-9_.:-].</summary>
    public required string Site { get; init; }

    /// <summary>Gets the robot, 1 to 32 of the same characters; one of its kind at the site.</summary>
    public required string Robot { get; init; }

    /// <summary>Gets who votes.</summary>
    public required Roster Roster { get; init; }

    /// <summary>Gets the software, for people.</summary>
    public string Software { get; init; } = "";

    /// <summary>Gets a hash of what the robot can do.</summary>
    public ulong Capabilities { get; init; }

    /// <summary>Gets the most tasks that the robot plans ahead; default 4.</summary>
    public int BundleLimit { get; init; } = 4;

    /// <summary>Gets how leases run.</summary>
    public LeaseOptions Lease { get; init; } = new();

    /// <summary>Gets how the coordinator is elected.</summary>
    public ElectionOptions Election { get; init; } = new();

    /// <summary>Gets when a silent robot counts as what.</summary>
    public MemberOptions Members { get; init; } = new();

    /// <summary>Gets the period of beacons at first; default 1 s.</summary>
    public Duration BeaconPeriod { get; init; } = new(1_000_000_000);

    /// <summary>Gets how robots find those near them; null (the default) = everybody hears everybody. The same at every robot of a site.</summary>
    /// <remarks>With it, beacons go to the robot's cell ten times a second near others and down to once a second alone; <c>r/ROBOT/beacon</c> goes on at most once a second, for those on the roster and for people.</remarks>
    public InterestOptions? Interest { get; init; }

    /// <summary>Gets the shortest time between two messages about tasks; default 0.2 s.</summary>
    public Duration GossipGap { get; init; } = new(200_000_000);

    /// <summary>Gets the longest; default 2 s.</summary>
    public Duration GossipPeriod { get; init; } = new(2_000_000_000);

    /// <summary>Gets how long a claim must have stood before the task is begun; default 1.5 s.</summary>
    public Duration Settle { get; init; } = new(1_500_000_000);

    /// <summary>Gets how often a robot repeats that a task is done, until the board has noted it; default 2 s.</summary>
    public Duration ReportPeriod { get; init; } = new(2_000_000_000);

    /// <summary>Gets how long a robot leaves a task alone that it gave up; default 30 s.</summary>
    public Duration GiveUpFor { get; init; } = new(30_000_000_000);

    /// <summary>Gets how long finished tasks are remembered; default 24 h.</summary>
    public Duration TombstoneFor { get; init; } = new(86_400_000_000_000);

    /// <summary>Gets the seed of everything that is spread at random.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Check()
    {
        Lease.Check();
        Election.Check();
        if (BeaconPeriod.Nanoseconds is < 20_000_000 or > 25_500_000_000) throw new ArgumentException($"Fleet beacon period is {BeaconPeriod}; must be in [20 ms, 25.5 s].");
        if (GossipGap.Nanoseconds <= 0 || GossipPeriod < GossipGap) throw new ArgumentException($"Fleet gossip runs every {GossipGap} to {GossipPeriod}; must be 0 < gap <= period.");
        if (Settle.Nanoseconds < 0 || ReportPeriod.Nanoseconds <= 0 || BundleLimit is < 1 or > 64) throw new ArgumentException($"Fleet settle is {Settle}, report period {ReportPeriod}, bundle limit {BundleLimit}; must be >= 0, > 0 and in [1, 64].");
    }
}
