using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Learning;

/// <summary>Makes the world of an episode from its seed.</summary>
internal static class RoverWorlds
{
    private const int Attempts = 200;

    public static Scenario Create(RoverTask task, ulong seed)
    {
        var random = RandomStream.For(seed, "rover-episode");
        string name = task.Scenarios[random.NextInt32(task.Scenarios.Count)];
        double scan = task.ScanHz[random.NextInt32(task.ScanHz.Count)];
        var s = ScenarioCatalog.Create(name, seed);
        double share = task.Varies ? random.NextDouble() : 1, noise = 1 + share * (task.NoiseFactor - 1), lag = 1 + share * (task.MotorLagFactor - 1);
        int people = (int)Math.Round(share * task.MorePeople);
        return s with
        {
            GoalSeconds = 10 * task.LimitSeconds,
            Obstacles = people == 0 ? s.Obstacles : [.. s.Obstacles, .. People(s, people, random)],
            Camera = s.Camera with { Width = 0, Height = 0 },
            Scan = s.Scan with { RateHz = scan, Noise = s.Scan.Noise * noise },
            Rover = s.Rover with
            {
                MotorLagMs = s.Rover.MotorLagMs * lag,
                // A motor controller that gives up before the next command is due would fight the loop.
                CommandTimeoutMs = Math.Max(s.Rover.CommandTimeoutMs, 1.25 * task.Grid.Longest.Milliseconds),
                WheelNoise = s.Rover.WheelNoise * noise,
                GyroNoise = s.Rover.GyroNoise * noise,
                GyroBias = s.Rover.GyroBias * noise,
            },
        };
    }

    // Away from the robot at first; walls are found out by trying, because a scenario that puts a body into a wall is refused.
    private static IEnumerable<ObstacleSpec> People(Scenario s, int count, RandomStream random)
    {
        double width = s.Walls.Max(w => Math.Max(w.X1, w.X2)), height = s.Walls.Max(w => Math.Max(w.Y1, w.Y2));
        var placed = s.Obstacles.ToList();
        for (int i = 0, attempt = 0; i < count && attempt < Attempts; attempt++)
        {
            var person = new ObstacleSpec
            {
                X = random.NextDouble(0.5, width - 0.5), Y = random.NextDouble(0.5, height - 0.5), Radius = random.NextDouble(0.15, 0.28), Speed = random.NextDouble(0.2, 0.6),
                Direction = random.NextDouble(-Math.PI, Math.PI), Motion = MotionKind.Bounce, Ruthless = true,
            };
            if (s.Robots.Any(r => Near(r.X, r.Y, person, 1.5)) || placed.Any(o => Near(o.X, o.Y, person, 0.9)) || s.Walls.Any(w => Distance(w, person) < person.Radius + 0.1)) continue;
            placed.Add(person);
            i++;
            yield return person;
        }
    }

    private static bool Near(double x, double y, ObstacleSpec o, double distance) => (x - o.X) * (x - o.X) + (y - o.Y) * (y - o.Y) < distance * distance;

    private static double Distance(WallSpec w, ObstacleSpec o)
    {
        double dx = w.X2 - w.X1, dy = w.Y2 - w.Y1, length2 = dx * dx + dy * dy, t = length2 > 0 ? Math.Clamp(((o.X - w.X1) * dx + (o.Y - w.Y1) * dy) / length2, 0, 1) : 0;
        double x = w.X1 + t * dx - o.X, y = w.Y1 + t * dy - o.Y;
        return Math.Sqrt(x * x + y * y);
    }
}
