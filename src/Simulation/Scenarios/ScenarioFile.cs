using System.Text;
using System.Text.Json;

namespace EdgeAutonomy.Simulation;

/// <summary>Scenarios as JSON files. Keys are the properties' names in lower camel case; what is absent takes the default.</summary>
/// <remarks>Strict: unknown and doubled keys, wrong types and absurd values are all listed at once, each with path, value and rule.
/// A file may say <c>"base": "default"</c> (with <c>seed</c> and <c>robotCount</c>) to start from a built-in scenario.</remarks>
public static class ScenarioFile
{
    private const int LargestFile = 4 << 20;

    /// <summary>Reads a scenario file.</summary>
    /// <exception cref="ScenarioException">The content is not a valid scenario; all faults are listed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scenario Load(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > LargestFile)
        {
            throw new ScenarioException(path, [new("(file)", $"{info.Length} bytes", $"must not be larger than {LargestFile} bytes")]);
        }
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a scenario from JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="ScenarioException">The content is not a valid scenario; all faults are listed.</exception>
    public static Scenario Parse(string json, string source = "text")
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new ScenarioException(source, [new($"line {e.LineNumber + 1}", "not JSON", "must be valid JSON")]);
        }
        using (document)
        {
            var faults = new List<ScenarioFault>();
            var fields = new JsonFields(document.RootElement, "", faults);
            var scenario = Read(fields, faults);
            fields.End();
            if (faults.Count == 0) faults = ScenarioRules.Find(scenario);
            return faults.Count == 0 ? scenario : throw new ScenarioException(source, faults);
        }
    }

    /// <summary>Writes a scenario as JSON that <see cref="Parse"/> reads back to the same scenario.</summary>
    public static string Write(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true })) ScenarioJson.Write(json, scenario);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static Scenario Read(JsonFields f, List<ScenarioFault> faults)
    {
        ulong seed = f.Seed("seed", 1);
        string name = f.Text("base", "");
        int robots = f.Whole("robotCount", 1);
        var start = new Scenario { Name = "custom", Seed = seed };
        if (name.Length > 0)
        {
            if (!ScenarioCatalog.Names.Contains(name)) faults.Add(new("base", $"'{name}'", $"must be one of {string.Join(", ", ScenarioCatalog.Names)}"));
            else if (robots is < 1 or > 8) faults.Add(new("robotCount", $"{robots}", "must be in [1, 8]"));
            else start = ScenarioCatalog.Create(name, seed, robots);
        }
        var walls = f.List("walls", Wall);
        var obstacles = f.List("obstacles", Obstacle);
        var stations = f.List("stations", e => new StationSpec(e.Text("name", "S"), e.Number("x"), e.Number("y"), e.Number("radius", 0.35)));
        var starts = f.List("robots", e => new StartSpec(e.Number("x"), e.Number("y"), e.Number("heading", 0)));
        return start with
        {
            Name = f.Text("name", start.Name),
            WallHeight = f.Number("wallHeight", start.WallHeight),
            SkyBrightness = f.Number("skyBrightness", start.SkyBrightness),
            FloorBrightness = f.Number("floorBrightness", start.FloorBrightness),
            FloorContrast = f.Number("floorContrast", start.FloorContrast),
            AutoGoals = f.Flag("autoGoals", start.AutoGoals),
            GoalSeconds = f.Number("goalSeconds", start.GoalSeconds),
            Walls = [.. start.Walls, .. walls],
            Obstacles = [.. start.Obstacles, .. obstacles],
            Stations = [.. start.Stations, .. stations],
            Robots = [.. start.Robots, .. starts],
            Rover = f.Part("rover", start.Rover, Body),
            Camera = f.Part("camera", start.Camera, Camera),
            Scan = f.Part("scan", start.Scan, Scan),
        };
    }

    private static Surface Look(JsonFields f) =>
        new(f.Word("kind", TextureKind.Stripes), f.Number("contrast", 0.5), f.Number("brightness", 0.5), f.Whole("variant", 0));

    private static WallSpec Wall(JsonFields f) =>
        new(f.Number("x1"), f.Number("y1"), f.Number("x2"), f.Number("y2"), f.Part("surface", new Surface(TextureKind.Stripes), Look));

    private static ObstacleSpec Obstacle(JsonFields f) => new()
    {
        X = f.Number("x"),
        Y = f.Number("y"),
        Radius = f.Number("radius", 0),
        Length = f.Number("length", 0),
        Width = f.Number("width", 0),
        Heading = f.Number("heading", 0),
        Height = f.Number("height", 0.6),
        Surface = f.Part("surface", new Surface(TextureKind.Stripes, 0.6), Look),
        Motion = f.Word("motion", MotionKind.Still),
        Speed = f.Number("speed", 0),
        Direction = f.Number("direction", 0),
        Waypoints = f.List("waypoints", e => new Waypoint(e.Number("x"), e.Number("y"))),
        Ruthless = f.Flag("ruthless", false),
    };

    private static RoverSpec Body(JsonFields f)
    {
        var d = new RoverSpec();
        return new RoverSpec
        {
            Radius = f.Number("radius", d.Radius),
            Height = f.Number("height", d.Height),
            WheelRadius = f.Number("wheelRadius", d.WheelRadius),
            Track = f.Number("track", d.Track),
            MaxLinear = f.Number("maxLinear", d.MaxLinear),
            MaxAngular = f.Number("maxAngular", d.MaxAngular),
            MotorLagMs = f.Number("motorLagMs", d.MotorLagMs),
            WheelNoise = f.Number("wheelNoise", d.WheelNoise),
            WheelRadiusError = f.Number("wheelRadiusError", d.WheelRadiusError),
            GyroNoise = f.Number("gyroNoise", d.GyroNoise),
            GyroBias = f.Number("gyroBias", d.GyroBias),
            AccelerationNoise = f.Number("accelerationNoise", d.AccelerationNoise),
            ImuHz = f.Whole("imuHz", d.ImuHz),
            CommandTimeoutMs = f.Number("commandTimeoutMs", d.CommandTimeoutMs),
            Surface = f.Part("surface", d.Surface, Look),
        };
    }

    private static CameraSpec Camera(JsonFields f)
    {
        var d = new CameraSpec();
        return new CameraSpec
        {
            Width = f.Whole("width", d.Width),
            Height = f.Whole("height", d.Height),
            FieldOfViewDegrees = f.Number("fieldOfViewDegrees", d.FieldOfViewDegrees),
            MountHeight = f.Number("mountHeight", d.MountHeight),
            Preset = f.Text("preset", d.Preset),
            MaxMotionPixels = f.Number("maxMotionPixels", d.MaxMotionPixels),
            ReadMotionPixels = f.Number("readMotionPixels", d.ReadMotionPixels),
            MaxStepMs = f.Whole("maxStepMs", d.MaxStepMs),
            QueueCapacity = f.Whole("queueCapacity", d.QueueCapacity),
        };
    }

    private static ScanSpec Scan(JsonFields f)
    {
        var d = new ScanSpec();
        return new ScanSpec
        {
            Beams = f.Whole("beams", d.Beams),
            FieldDegrees = f.Number("fieldDegrees", d.FieldDegrees),
            MaxRange = f.Number("maxRange", d.MaxRange),
            Noise = f.Number("noise", d.Noise),
            RateHz = f.Number("rateHz", d.RateHz),
        };
    }
}
