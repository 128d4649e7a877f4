using System.Globalization;

namespace EdgeAutonomy.Simulation;

/// <summary>What every scenario must obey, so that nothing absurd reaches a world.</summary>
internal static class ScenarioRules
{
    private const double Far = 1000;
    private static readonly string[] Presets = ["default", "clean", "noisy", "ideal"];

    public static void Check(Scenario scenario)
    {
        var faults = Find(scenario);
        if (faults.Count > 0) throw new ScenarioException(scenario.Name, faults);
    }

    public static List<ScenarioFault> Find(Scenario s)
    {
        var faults = new List<ScenarioFault>();
        Within(faults, "wallHeight", s.WallHeight, 0.25, 1);
        Within(faults, "skyBrightness", s.SkyBrightness, 0.02, 1);
        Within(faults, "floorBrightness", s.FloorBrightness, 0.05, 0.95);
        Within(faults, "floorContrast", s.FloorContrast, 0, 1);
        Within(faults, "goalSeconds", s.GoalSeconds, 1, 86_400);
        Count(faults, "walls", s.Walls.Count, 0, 10_000);
        Count(faults, "obstacles", s.Obstacles.Count, 0, 500);
        Count(faults, "stations", s.Stations.Count, 0, 1000);
        Count(faults, "robots", s.Robots.Count, 1, 64);
        for (int i = 0; i < s.Walls.Count; i++) Wall(faults, $"walls[{i}]", s.Walls[i]);
        for (int i = 0; i < s.Obstacles.Count; i++) Obstacle(faults, $"obstacles[{i}]", s.Obstacles[i], s.WallHeight);
        for (int i = 0; i < s.Stations.Count; i++)
        {
            Place(faults, $"stations[{i}]", s.Stations[i].X, s.Stations[i].Y);
            Within(faults, $"stations[{i}].radius", s.Stations[i].Radius, 0.05, 10);
        }
        for (int i = 0; i < s.Robots.Count; i++)
        {
            Place(faults, $"robots[{i}]", s.Robots[i].X, s.Robots[i].Y);
            Within(faults, $"robots[{i}].heading", s.Robots[i].Heading, -1000, 1000);
        }
        Body(faults, s.Rover, s.WallHeight);
        Sensors(faults, s);
        return faults;
    }

    private static void Wall(List<ScenarioFault> faults, string path, WallSpec w)
    {
        Place(faults, path + ".end1", w.X1, w.Y1);
        Place(faults, path + ".end2", w.X2, w.Y2);
        double length = Math.Sqrt((w.X2 - w.X1) * (w.X2 - w.X1) + (w.Y2 - w.Y1) * (w.Y2 - w.Y1));
        Within(faults, path + ".length", length, 0.01, 2 * Far);
        Look(faults, path, w.Surface);
    }

    private static void Obstacle(List<ScenarioFault> faults, string path, ObstacleSpec o, double wallHeight)
    {
        Place(faults, path, o.X, o.Y);
        if (o.Radius != 0)
        {
            Within(faults, path + ".radius", o.Radius, 0.02, 5);
        }
        else
        {
            Within(faults, path + ".length", o.Length, 0.02, 10);
            Within(faults, path + ".width", o.Width, 0.02, 10);
            Within(faults, path + ".heading", o.Heading, -1000, 1000);
        }
        Within(faults, path + ".height", o.Height, 0.05, wallHeight);
        Within(faults, path + ".speed", o.Speed, 0, 3);
        Within(faults, path + ".direction", o.Direction, -1000, 1000);
        Look(faults, path, o.Surface);
        Known(faults, path + ".motion", o.Motion);
        Count(faults, path + ".waypoints", o.Waypoints.Count, o.Motion == MotionKind.Loop ? 1 : 0, 1000);
        for (int i = 0; i < o.Waypoints.Count; i++) Place(faults, $"{path}.waypoints[{i}]", o.Waypoints[i].X, o.Waypoints[i].Y);
    }

    private static void Body(List<ScenarioFault> faults, RoverSpec r, double wallHeight)
    {
        Within(faults, "rover.radius", r.Radius, 0.05, 1);
        Within(faults, "rover.height", r.Height, 0.05, wallHeight);
        Within(faults, "rover.wheelRadius", r.WheelRadius, 0.01, 0.5);
        Within(faults, "rover.track", r.Track, 0.02, 2);
        Within(faults, "rover.maxLinear", r.MaxLinear, 0.01, 5);
        Within(faults, "rover.maxAngular", r.MaxAngular, 0.01, 20);
        Within(faults, "rover.motorLagMs", r.MotorLagMs, 1, 5000);
        Within(faults, "rover.wheelNoise", r.WheelNoise, 0, 0.3);
        Within(faults, "rover.wheelRadiusError", r.WheelRadiusError, 0, 0.1);
        Within(faults, "rover.gyroNoise", r.GyroNoise, 0, 1);
        Within(faults, "rover.gyroBias", r.GyroBias, 0, 1);
        Within(faults, "rover.accelerationNoise", r.AccelerationNoise, 0, 10);
        Within(faults, "rover.commandTimeoutMs", r.CommandTimeoutMs, 1, 60_000);
        if (r.ImuHz is < 1 or > 1000 || 1000 % r.ImuHz != 0) faults.Add(new("rover.imuHz", Text(r.ImuHz), "must divide 1000"));
        Look(faults, "rover", r.Surface);
    }

    private static void Sensors(List<ScenarioFault> faults, Scenario s)
    {
        var c = s.Camera;
        if (c.Present)
        {
            Count(faults, "camera.width", c.Width, 8, 1280);
            Count(faults, "camera.height", c.Height, 8, 1024);
            Within(faults, "camera.fieldOfViewDegrees", c.FieldOfViewDegrees, 10, 150);
            Within(faults, "camera.mountHeight", c.MountHeight, 0.02, 0.9 * s.WallHeight);
            Within(faults, "camera.maxMotionPixels", c.MaxMotionPixels, 0.1, 10);
            Within(faults, "camera.readMotionPixels", c.ReadMotionPixels, 0, 10);
            Count(faults, "camera.maxStepMs", c.MaxStepMs, 1, 1000);
            Count(faults, "camera.queueCapacity", c.QueueCapacity, 64, 1 << 22);
            if (!Presets.Contains(c.Preset)) faults.Add(new("camera.preset", $"'{c.Preset}'", $"must be one of {string.Join(", ", Presets)}"));
        }
        Count(faults, "scan.beams", s.Scan.Beams, 0, 3600);
        if (s.Scan.Beams == 0) return;
        Within(faults, "scan.fieldDegrees", s.Scan.FieldDegrees, 1, 360);
        Within(faults, "scan.maxRange", s.Scan.MaxRange, 0.1, 100);
        Within(faults, "scan.noise", s.Scan.Noise, 0, 1);
        Within(faults, "scan.rateHz", s.Scan.RateHz, 0.1, 1000);
    }

    private static void Look(List<ScenarioFault> faults, string path, Surface s)
    {
        Known(faults, path + ".surface.kind", s.Kind);
        Within(faults, path + ".surface.contrast", s.Contrast, 0, 1);
        Within(faults, path + ".surface.brightness", s.Brightness, 0.05, 0.95);
        Count(faults, path + ".surface.variant", s.Variant, 0, 63);
    }

    private static void Place(List<ScenarioFault> faults, string path, double x, double y)
    {
        Within(faults, path + ".x", x, -Far, Far);
        Within(faults, path + ".y", y, -Far, Far);
    }

    private static void Known<T>(List<ScenarioFault> faults, string path, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) faults.Add(new(path, value.ToString(), $"must be one of {string.Join(", ", Enum.GetNames<T>())}"));
    }

    private static void Within(List<ScenarioFault> faults, string path, double value, double low, double high)
    {
        if (!(value >= low && value <= high)) faults.Add(new(path, Text(value), $"must be in [{Text(low)}, {Text(high)}]"));
    }

    private static void Count(List<ScenarioFault> faults, string path, int value, int low, int high) => Within(faults, path, value, low, high);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
