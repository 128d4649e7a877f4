using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

/// <summary>Builds small worlds and drives robots through them.</summary>
internal static class Drive
{
    public static CycleContext At(double milliseconds, double dt = 10) => new()
    {
        CycleId = (ulong)milliseconds, Now = Stamp.FromSeconds(milliseconds * 1e-3), Dt = Duration.FromMilliseconds(dt),
    };

    /// <summary>A rectangle with robots and nothing else.</summary>
    public static Scenario Room(double width, double height, params StartSpec[] robots)
    {
        var look = new Surface(TextureKind.Checker);
        return new Scenario
        {
            Name = "room", Robots = robots, AutoGoals = false,
            Walls = [new(0, 0, width, 0, look), new(width, 0, width, height, look), new(width, height, 0, height, look), new(0, height, 0, 0, look)],
        };
    }

    public static Scenario Exact(this Scenario scenario) => scenario with
    {
        Rover = scenario.Rover with { WheelNoise = 0, WheelRadiusError = 0, GyroBias = 0, GyroNoise = 0, AccelerationNoise = 0 },
    };

    /// <summary>Drives all robots with seeded random commands, reading their sensors, in cycles of <paramref name="periodMs"/>.</summary>
    public static ulong Wander(World world, RoverSensor[] sensors, int cycles, int periodMs, int first = 0)
    {
        var hasher = new StateHasher(0);
        var samples = sensors.Select(s => s.CreateSample()).ToArray();
        var report = SensorReport.Empty;
        for (int c = first; c < first + cycles; c++)
        {
            var context = At(c * periodMs, periodMs);
            for (int r = 0; r < sensors.Length; r++)
            {
                sensors[r].Sense(SensingRequest.None, ref samples[r], ref report, context);
                samples[r].Events.AddTo(ref hasher);
                var random = new RandomStream((ulong)(c / 20 * 100 + r));
                world.Robots[r].Command(new Twist2((float)random.NextDouble(0, 0.9), (float)random.NextDouble(-1.5, 1.5)));
            }
        }
        world.AddTo(ref hasher);
        return hasher.Value;
    }

    public static RoverSensor[] Sensors(World world) => [.. world.Robots.Select(r => new RoverSensor(world, r.Index))];
}
