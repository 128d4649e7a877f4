using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>The surroundings over a recording: the newest map and where its robots were.</summary>
internal sealed class MapTrace
{
    private const int MostRobots = 64; // a file from anywhere must not make one trace per made-up name without end

    private readonly Dictionary<string, PathTrace> _paths = new(StringComparer.Ordinal);
    private MapView _newest = MapView.None;

    /// <summary>Adds a map.</summary>
    public void Add(MapView map)
    {
        _newest = map;
        foreach (var robot in map.Robots)
        {
            if (!_paths.TryGetValue(robot.Name, out var path))
            {
                if (_paths.Count >= MostRobots) continue;
                _paths.Add(robot.Name, path = new PathTrace());
            }
            path.Add(robot.Pose);
            path.Add(robot.Goal);
        }
    }

    /// <summary>Returns the map from above as SVG; null when no place is known.</summary>
    /// <param name="loops">The loops: where the world does not say where a robot was, its odometry does.</param>
    public string? Draw(IEnumerable<LoopTrace> loops)
    {
        var paths = new List<MapPath>();
        bool byWheels = false;
        foreach (var loop in loops)
        {
            if (_paths.TryGetValue(loop.Name, out var real) && !real.IsEmpty) paths.Add(real.ToPath(loop.Name));
            else if (!loop.Odometry.IsEmpty)
            {
                paths.Add(loop.Odometry.ToPath(loop.Name));
                byWheels = true;
            }
        }
        foreach (var (name, path) in _paths)
        {
            if (paths.All(p => p.Name != name) && !path.IsEmpty) paths.Add(path.ToPath(name));
        }
        if (paths.Count == 0 && _newest.Walls.Count == 0 && _newest.Obstacles.Count == 0) return null;
        string where = _newest.Name.Length > 0 ? $"Paths in '{_newest.Name}'" : "Paths";
        return MapPlot.Draw(byWheels ? where + ", by odometry" : where, _newest, paths);
    }
}
