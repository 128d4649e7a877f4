using EdgeAutonomy.Agents;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>What the robots of a fleet know of their site in common: its zones, and who they all are.</summary>
/// <param name="Zones">The zones; the same at every robot.</param>
/// <param name="Robots">All robots that drive there; null = not known.</param>
internal sealed record FleetSite(ZoneMap Zones, IReadOnlyCollection<string>? Robots)
{
    // So much of the floor before each end of a gate belongs to it: who comes out needs it.
    private const double Mouth = 0.3;

    /// <summary>Gets how robots go about zones.</summary>
    // Short leases, as those of tasks: a new coordinator grants nothing before the longest has run out.
    public ZonedRobotOptions Zoned => new() { Zones = new ZoneStreamOptions { Users = Robots, Zones = new ZoneOptions { MaxLease = FleetJobs.Lease.Longest } } };

    /// <summary>Returns what robots of a simulated fleet know of their scenario: a gate is a zone for one robot at a time.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="robots">All robots.</param>
    /// <returns>Null where the scenario has no gate.</returns>
    public static FleetSite? Of(Scenario scenario, IReadOnlyCollection<string> robots) => NarrowGate.Of(scenario) is { } g
        ? new FleetSite(new ZoneMap([new Zone("gate", [new(g.X1 - Mouth, g.Y1), new(g.X2 + Mouth, g.Y1), new(g.X2 + Mouth, g.Y2), new(g.X1 - Mouth, g.Y2)])]), robots)
        : null;
}
