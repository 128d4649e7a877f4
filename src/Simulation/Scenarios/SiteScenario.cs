using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>Makes a room around places that are given: a site whose map somebody else has drawn.</summary>
/// <remarks>
/// Walls around it, pillars and boxes beside the ways, one or two things that go about and cross the ways but keep from the stations. The straight line
/// of every way is free of what stands, every station can be reached by a body that needs 0.3 m around its centre, and no robot is sent anywhere by the
/// world (<see cref="Scenario.AutoGoals"/> is off). The same arguments give the same scenario on every machine.
/// </remarks>
public static class SiteScenario
{
    /// <summary>The least distance in metres from a station to the walls around.</summary>
    public const double Margin = 0.8;

    private const double WayRoom = 0.4, StationRoom = 0.75;

    /// <summary>Makes a room.</summary>
    /// <param name="name">The scenario's name.</param>
    /// <param name="seed">Seed of everything that is not given, and of the world's noise.</param>
    /// <param name="width">Metres from x = 0 to the wall in the east.</param>
    /// <param name="height">Metres from y = 0 to the wall in the north.</param>
    /// <param name="stations">The places; at least one, each at least <see cref="Margin"/> from the walls.</param>
    /// <param name="ways">Pairs of places, by number, between which robots drive.</param>
    /// <param name="starts">The places where robots start, one for each.</param>
    /// <exception cref="ArgumentException">A place is too near to a wall, or a number is not one of a place.</exception>
    public static Scenario Create(string name, ulong seed, double width, double height, IReadOnlyList<StationSpec> stations, IReadOnlyList<(int A, int B)> ways, IReadOnlyList<int> starts)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(stations);
        ArgumentNullException.ThrowIfNull(ways);
        Check(name, width, height, stations, ways, starts);
        for (int attempt = 0; attempt < 200; attempt++)
        {
            var random = RandomStream.For(seed, $"site.{name}.{attempt}");
            var layout = new LayoutDraft(random, width, height);
            layout.TakeStations(stations, StationRoom);
            layout.AddBeside(2 + random.NextInt32(2), 1 + random.NextInt32(2), ways, WayRoom);
            if (!starts.All(layout.PlaceRobotAt)) continue;
            // A narrow site may have no way for two of them, or for one.
            if (!layout.AddMovers(attempt < 100 ? 1 + random.NextInt32(2) : attempt < 150 ? 1 : 0, bouncing: false)) continue;
            return layout.Finish(name, seed) with { AutoGoals = false };
        }
        throw new ArgumentException($"Site '{name}': no room was found in 200 attempts in which every place can be reached; the places stand too close to each other or to the walls.", nameof(stations));
    }

    private static void Check(string name, double width, double height, IReadOnlyList<StationSpec> stations, IReadOnlyList<(int A, int B)> ways, IReadOnlyList<int> starts)
    {
        foreach (int start in starts)
        {
            if (start < 0 || start >= stations.Count) throw new ArgumentException($"Site '{name}': start is {start}; must be the number of one of {stations.Count} places.", nameof(starts));
        }
        if (starts.Count == 0 || starts.Distinct().Count() != starts.Count) throw new ArgumentException($"Site '{name}': {starts.Count} robots start at {string.Join(", ", starts)}; each needs a place of its own, and there must be one.", nameof(starts));
        foreach (var s in stations)
        {
            if (!(s.X >= Margin && s.X <= width - Margin && s.Y >= Margin && s.Y <= height - Margin))
                throw new ArgumentException($"Site '{name}': place '{s.Name}' is at ({s.X}, {s.Y}) m; must be at least {Margin} m inside of {width} by {height} m.", nameof(stations));
        }
        foreach (var (a, b) in ways)
        {
            if (a < 0 || b < 0 || a >= stations.Count || b >= stations.Count) throw new ArgumentException($"Site '{name}': a way joins places {a} and {b}; there are {stations.Count}.", nameof(ways));
        }
    }
}
