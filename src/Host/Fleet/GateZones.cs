using EdgeAutonomy.Agents;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>The zone of a gated scenario, and how its robots go about it.</summary>
internal static class GateZones
{
    // So much of the floor before each end belongs to the gate: who comes out needs it.
    private const double Mouth = 0.3;

    /// <summary>Makes the gate a zone for one robot at a time; null where there is no gate.</summary>
    public static ZoneMap? Of(Scenario scenario) =>
        NarrowGate.Of(scenario) is { } g ? new ZoneMap([new Zone("gate", [new(g.X1 - Mouth, g.Y1), new(g.X2 + Mouth, g.Y1), new(g.X2 + Mouth, g.Y2), new(g.X1 - Mouth, g.Y2)])]) : null;

    /// <summary>Returns how robots go about it.</summary>
    /// <param name="robots">All robots.</param>
    public static ZonedRobotOptions Options(IReadOnlyCollection<string> robots) => new()
    {
        // Short leases, as those of tasks: a new coordinator grants nothing before the longest has run out.
        Zones = new ZoneStreamOptions { Users = robots, Zones = new ZoneOptions { MaxLease = FleetJobs.Lease.Longest, MaxSpeed = 1 } },
    };
}
