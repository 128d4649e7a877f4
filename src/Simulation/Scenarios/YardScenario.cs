using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Makes a yard for a fleet: one large room with pillars, stations to be visited, and as much floor for each robot as keeps ways free.</summary>
/// <remarks>Robots are sent nowhere by the world (<see cref="Scenario.AutoGoals"/> is off). The same arguments give the same yard on every machine, so that the processes of several robots each make their own.</remarks>
public static class YardScenario
{
    /// <summary>The most robots a yard is made for.</summary>
    public const int MaxRobots = 64;

    /// <summary>The most stations.</summary>
    public const int MaxStations = 128;

    /// <summary>Makes a yard.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="robots">How many robots, in [1, <see cref="MaxRobots"/>].</param>
    /// <param name="stations">How many stations, in [2, <see cref="MaxStations"/>].</param>
    /// <param name="gated">Whether a thick wall with one <see cref="NarrowGate"/> cuts it in two.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range.</exception>
    public static Scenario Create(ulong seed, int robots, int stations, bool gated = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(robots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(robots, MaxRobots);
        ArgumentOutOfRangeException.ThrowIfLessThan(stations, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stations, MaxStations);
        // Twelve square metres a robot and five a station, 3 to 2: room for two to pass anywhere, and for stations 1.8 m apart.
        double area = Math.Max(60, 12.0 * robots + 5.0 * stations), height = Math.Sqrt(area / 1.5), width = 1.5 * height;
        for (int attempt = 0; attempt < 500; attempt++)
        {
            var random = RandomStream.For(seed, $"yard.{robots}.{stations}.{attempt}");
            var layout = new LayoutDraft(random, width, height);
            if (gated) layout.AddGate();
            layout.AddPillars((int)(area / 30));
            if (!layout.PlaceStations(stations)) continue;
            if (!layout.PlaceRobots(robots)) continue;
            return layout.Finish(gated ? NarrowGate.Yard : "yard", seed) with { AutoGoals = false };
        }
        throw new InvalidOperationException($"Bug in EdgeAutonomy.Simulation: the yard with seed {seed}, {robots} robots and {stations} stations found no layout in 500 attempts.");
    }
}
