using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>The room in which missions of one site are driven: the mission's map, scaled to the built-in robot, and a scenario around it.</summary>
/// <remarks>A site's grid of 7 m becomes one of 2.8 m, so that a road takes the robot 3 to 6 s. Immutable; the same layout and seed give the same room.</remarks>
internal sealed class MissionSite
{
    /// <summary>Metres of the room for one metre of the mission's map.</summary>
    public const double Scale = 0.4;

    private const double Margin = 1.1;
    private const float StationRadius = 0.35f;

    private readonly StationSpec[] _stations;

    /// <summary>Makes the room of a mission.</summary>
    /// <param name="layout">The mission.</param>
    /// <param name="seed">Seed of everything in the room that the map does not say.</param>
    /// <param name="robots">How many robots, each at a place of its own, the first where the mission starts.</param>
    public MissionSite(MissionWorldLayout layout, ulong seed, int robots = 1)
    {
        var places = layout.Map.Places;
        double left = places.Min(p => p.X), bottom = places.Min(p => p.Y);
        _stations = [.. places.Select(p => new StationSpec(p.Name, Margin + Scale * (p.X - left), Margin + Scale * (p.Y - bottom), StationRadius))];
        double width = _stations.Max(s => s.X) + Margin, height = _stations.Max(s => s.Y) + Margin;
        Layout = layout;
        Scenario = SiteScenario.Create(layout.Name, seed, width, height, _stations, [.. layout.Map.Roads.Select(r => (r.A, r.B))], [.. Enumerable.Range(0, robots).Select(i => (layout.Map.Start + i * (places.Count / robots)) % places.Count)]);
        Fence = new Geofence([new(0, 0), new(width, 0), new(width, height), new(0, height)]);
    }

    /// <summary>Gets the first mission of the site.</summary>
    public MissionWorldLayout Layout { get; }

    /// <summary>Gets the room.</summary>
    public Scenario Scenario { get; }

    /// <summary>Gets where robots may be: inside the walls.</summary>
    public Geofence Fence { get; }

    /// <summary>Returns a place as a goal.</summary>
    /// <param name="place">Its number on the map.</param>
    public Goal GoalOf(int place) => new(place + 1, _stations[place].X, _stations[place].Y, StationRadius);

    /// <summary>Returns the middle of a place.</summary>
    /// <param name="place">Its number on the map.</param>
    public MapPoint PointOf(int place) => new(_stations[place].X, _stations[place].Y);
}
