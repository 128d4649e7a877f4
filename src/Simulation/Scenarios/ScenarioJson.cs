using System.Text.Json;

namespace EdgeAutonomy.Simulation;

/// <summary>Writes scenarios as JSON; the twin of <see cref="ScenarioFile"/>.</summary>
internal static class ScenarioJson
{
    public static void Write(Utf8JsonWriter json, Scenario s)
    {
        json.WriteStartObject();
        json.WriteString("name", s.Name);
        json.WriteNumber("seed", s.Seed);
        json.WriteNumber("wallHeight", s.WallHeight);
        json.WriteNumber("skyBrightness", s.SkyBrightness);
        json.WriteNumber("floorBrightness", s.FloorBrightness);
        json.WriteNumber("floorContrast", s.FloorContrast);
        json.WriteBoolean("autoGoals", s.AutoGoals);
        json.WriteNumber("goalSeconds", s.GoalSeconds);
        json.WriteStartArray("walls");
        foreach (var w in s.Walls)
        {
            json.WriteStartObject();
            json.WriteNumber("x1", w.X1);
            json.WriteNumber("y1", w.Y1);
            json.WriteNumber("x2", w.X2);
            json.WriteNumber("y2", w.Y2);
            Look(json, w.Surface);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("obstacles");
        foreach (var o in s.Obstacles) Obstacle(json, o);
        json.WriteEndArray();
        json.WriteStartArray("stations");
        foreach (var t in s.Stations)
        {
            json.WriteStartObject();
            json.WriteString("name", t.Name);
            Place(json, t.X, t.Y);
            json.WriteNumber("radius", t.Radius);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("robots");
        foreach (var r in s.Robots)
        {
            json.WriteStartObject();
            Place(json, r.X, r.Y);
            json.WriteNumber("heading", r.Heading);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Devices(json, s);
        json.WriteEndObject();
    }

    private static void Obstacle(Utf8JsonWriter json, ObstacleSpec o)
    {
        json.WriteStartObject();
        Place(json, o.X, o.Y);
        json.WriteNumber("radius", o.Radius);
        json.WriteNumber("length", o.Length);
        json.WriteNumber("width", o.Width);
        json.WriteNumber("heading", o.Heading);
        json.WriteNumber("height", o.Height);
        Look(json, o.Surface);
        json.WriteString("motion", JsonNames.Of(o.Motion));
        json.WriteNumber("speed", o.Speed);
        json.WriteNumber("direction", o.Direction);
        json.WriteBoolean("ruthless", o.Ruthless);
        json.WriteStartArray("waypoints");
        foreach (var p in o.Waypoints)
        {
            json.WriteStartObject();
            Place(json, p.X, p.Y);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Devices(Utf8JsonWriter json, Scenario s)
    {
        var r = s.Rover;
        json.WriteStartObject("rover");
        json.WriteNumber("radius", r.Radius);
        json.WriteNumber("height", r.Height);
        json.WriteNumber("wheelRadius", r.WheelRadius);
        json.WriteNumber("track", r.Track);
        json.WriteNumber("maxLinear", r.MaxLinear);
        json.WriteNumber("maxAngular", r.MaxAngular);
        json.WriteNumber("motorLagMs", r.MotorLagMs);
        json.WriteNumber("wheelNoise", r.WheelNoise);
        json.WriteNumber("wheelRadiusError", r.WheelRadiusError);
        json.WriteNumber("gyroNoise", r.GyroNoise);
        json.WriteNumber("gyroBias", r.GyroBias);
        json.WriteNumber("accelerationNoise", r.AccelerationNoise);
        json.WriteNumber("imuHz", r.ImuHz);
        json.WriteNumber("commandTimeoutMs", r.CommandTimeoutMs);
        Look(json, r.Surface);
        json.WriteEndObject();
        var c = s.Camera;
        json.WriteStartObject("camera");
        json.WriteNumber("width", c.Width);
        json.WriteNumber("height", c.Height);
        json.WriteNumber("fieldOfViewDegrees", c.FieldOfViewDegrees);
        json.WriteNumber("mountHeight", c.MountHeight);
        json.WriteString("preset", c.Preset);
        json.WriteNumber("maxMotionPixels", c.MaxMotionPixels);
        json.WriteNumber("readMotionPixels", c.ReadMotionPixels);
        json.WriteNumber("maxStepMs", c.MaxStepMs);
        json.WriteNumber("queueCapacity", c.QueueCapacity);
        json.WriteEndObject();
        json.WriteStartObject("scan");
        json.WriteNumber("beams", s.Scan.Beams);
        json.WriteNumber("fieldDegrees", s.Scan.FieldDegrees);
        json.WriteNumber("maxRange", s.Scan.MaxRange);
        json.WriteNumber("noise", s.Scan.Noise);
        json.WriteNumber("rateHz", s.Scan.RateHz);
        json.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter json, double x, double y)
    {
        json.WriteNumber("x", x);
        json.WriteNumber("y", y);
    }

    private static void Look(Utf8JsonWriter json, Surface s)
    {
        json.WriteStartObject("surface");
        json.WriteString("kind", JsonNames.Of(s.Kind));
        json.WriteNumber("contrast", s.Contrast);
        json.WriteNumber("brightness", s.Brightness);
        json.WriteNumber("variant", s.Variant);
        json.WriteEndObject();
    }
}
