using EdgeAutonomy.Recording;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>The built-in world as a map for people.</summary>
internal static class WorldMap
{
    /// <summary>Returns the world as it stands. The thread that moves the world.</summary>
    public static MapView Of(World world)
    {
        var scenario = world.Scenario;
        return new MapView(
            scenario.Name,
            [.. scenario.Walls.Select(w => new MapWall(w.X1, w.Y1, w.X2, w.Y2)), .. scenario.Obstacles.Where(IsBox).SelectMany(Edges)],
            [.. Enumerable.Range(0, world.ObstacleCount).Where(i => !IsBox(scenario.Obstacles[i])).Select(i => Obstacle(world, i))],
            [.. world.Robots.Select(r => new MapRobot(r.Name, r.Pose, r.Radius, r.Goal, r.GoalsReached, r.Collisions))]);
    }

    private static MapObstacle Obstacle(World world, int i)
    {
        var spec = world.Scenario.Obstacles[i];
        var at = world.Obstacle(i);
        return new MapObstacle(at.X, at.Y, spec.IsRound ? spec.Radius : 0.5 * Math.Sqrt(spec.Length * spec.Length + spec.Width * spec.Width), spec.Motion != MotionKind.Still);
    }

    // A box that stands still is drawn by its edges; one that moves, which is rare, by the disc around it.
    private static bool IsBox(ObstacleSpec spec) => !spec.IsRound && spec.Motion == MotionKind.Still;

    private static IEnumerable<MapWall> Edges(ObstacleSpec box)
    {
        double c = Math.Cos(box.Heading), s = Math.Sin(box.Heading);
        (double X, double Y)[] corners = [At(1, 1), At(-1, 1), At(-1, -1), At(1, -1)];
        for (int i = 0; i < 4; i++) yield return new MapWall(corners[i].X, corners[i].Y, corners[(i + 1) % 4].X, corners[(i + 1) % 4].Y);

        (double X, double Y) At(int along, int across) =>
            (box.X + 0.5 * (along * box.Length * c - across * box.Width * s), box.Y + 0.5 * (along * box.Length * s + across * box.Width * c));
    }
}
