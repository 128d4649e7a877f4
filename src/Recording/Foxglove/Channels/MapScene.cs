using System.Globalization;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>Draws the surroundings as a foxglove.SceneUpdate: walls, obstacles, robots with headings and names, goals.</summary>
/// <remarks>Each kind is one entity that is replaced as a whole, so nothing that vanished from the view stays on the screen.</remarks>
internal sealed class MapScene
{
    private const double WallHeight = 0.4, RobotHeight = 0.25, RadiusWithoutMap = 0.2;
    private const int GoalCorners = 24;

    private static readonly (double Cos, double Sin)[] Circle = [.. Enumerable.Range(0, GoalCorners).Select(i =>
    {
        var (sin, cos) = DeterministicMath.SinCos(2 * Math.PI * i / GoalCorners);
        return (cos, sin);
    })];

    // Goal numbers are few and come back all the time; their labels are made once.
    private readonly Dictionary<int, string> _labels = [];

    public void Write(ProtoWriter writer, LiveView view)
    {
        var time = view.Time;
        WriteWalls(writer, time, view.Map.Walls);
        WriteObstacles(writer, time, view.Map.Obstacles);
        int robots = writer.BeginEntity(time, ViewChannels.MapFrame, "robots");
        for (int i = 0; i < view.Map.Robots.Count; i++)
        {
            var robot = view.Map.Robots[i];
            WriteRobot(writer, robot.Name, robot.Pose, robot.Radius, i);
        }
        for (int i = 0; i < view.Loops.Count; i++)
        {
            var loop = view.Loops[i];
            if (loop.Odometry is { } odometry && !Has(view.Map.Robots, loop.Loop)) WriteRobot(writer, loop.Loop, odometry.Pose, RadiusWithoutMap, i);
        }
        writer.EndEntity(robots);
        int goals = writer.BeginEntity(time, ViewChannels.MapFrame, "goals");
        for (int i = 0; i < view.Map.Robots.Count; i++) WriteGoal(writer, view.Map.Robots[i].Goal, i);
        for (int i = 0; i < view.Loops.Count; i++)
        {
            var loop = view.Loops[i];
            if (loop.Goal is { } goal && !Has(view.Map.Robots, loop.Loop)) WriteGoal(writer, goal, i);
        }
        writer.EndEntity(goals);
    }

    /// <summary>Returns where a loop's robot is: truly, when the map knows it, else where it believes to be.</summary>
    public static bool TryPose(LiveView view, LoopView loop, out Pose2 pose)
    {
        var robots = view.Map.Robots;
        for (int i = 0; i < robots.Count; i++)
        {
            if (robots[i].Name != loop.Loop) continue;
            pose = robots[i].Pose;
            return true;
        }
        pose = loop.Odometry?.Pose ?? default;
        return loop.Odometry is not null;
    }

    private static bool Has(IReadOnlyList<MapRobot> robots, string name)
    {
        for (int i = 0; i < robots.Count; i++)
        {
            if (robots[i].Name == name) return true;
        }
        return false;
    }

    private static void WriteWalls(ProtoWriter writer, Stamp time, IReadOnlyList<MapWall> walls)
    {
        int entity = writer.BeginEntity(time, ViewChannels.MapFrame, "walls");
        for (int i = 0; i < walls.Count; i++)
        {
            var w = walls[i];
            double dx = w.X2 - w.X1, dy = w.Y2 - w.Y1;
            writer.Cube(0.5 * (w.X1 + w.X2), 0.5 * (w.Y1 + w.Y2), 0.5 * WallHeight, DeterministicMath.Atan2(dy, dx),
                Math.Sqrt(dx * dx + dy * dy), 0.04, WallHeight, ViewPalette.Wall);
        }
        writer.EndEntity(entity);
    }

    private static void WriteObstacles(ProtoWriter writer, Stamp time, IReadOnlyList<MapObstacle> obstacles)
    {
        int entity = writer.BeginEntity(time, ViewChannels.MapFrame, "obstacles");
        for (int i = 0; i < obstacles.Count; i++)
        {
            var o = obstacles[i];
            writer.Cylinder(o.X, o.Y, o.Radius, WallHeight, o.Moves ? ViewPalette.Moving : ViewPalette.Still);
        }
        writer.EndEntity(entity);
    }

    private static void WriteRobot(ProtoWriter writer, string name, in Pose2 pose, double radius, int index)
    {
        writer.Cylinder(pose.X, pose.Y, radius, RobotHeight, ViewPalette.OfSeries(index));
        writer.Arrow(pose.X, pose.Y, RobotHeight + 0.02, pose.Heading, 1.6 * radius, 0.05, ViewPalette.Nose);
        writer.Label(pose.X, pose.Y, RobotHeight + 0.3, 0.2, ViewPalette.Label, name);
    }

    private void WriteGoal(ProtoWriter writer, in Goal goal, int index)
    {
        if (goal.Id == 0) return;
        int line = writer.BeginLine(SceneLine.Loop, 0.03);
        foreach (var (cos, sin) in Circle) writer.Point(goal.X + goal.Radius * cos, goal.Y + goal.Radius * sin, 0.02);
        writer.EndLine(line, ViewPalette.OfSeries(index));
        if (!_labels.TryGetValue(goal.Id, out string? label))
        {
            if (_labels.Count >= 1024) _labels.Clear();
            _labels[goal.Id] = label = string.Create(CultureInfo.InvariantCulture, $"goal {goal.Id}");
        }
        writer.Label(goal.X, goal.Y, 0.1, 0.15, ViewPalette.Goal, label);
    }
}
