using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Writes views as JSON: the state message of the page, and the object of /cycle.</summary>
/// <remarks>SI units unless the key says otherwise; what is NaN or infinite is null. Never on a loop thread.</remarks>
internal static class LiveJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Writes the message "hello": the first that a client gets.</summary>
    public static byte[] Hello(LiveOptions options, ClientRights rights, PlaybackState? playback) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "hello");
        json.WriteString("protocol", LiveServer.PageProtocol);
        json.WriteString("robot", options.Robot);
        json.WriteNumber("maxHz", options.MaxHz);
        json.WriteBoolean("allowControl", playback is null && options.AllowControl);
        json.WriteBoolean("allowStop", playback is null && rights.MayStop);
        json.WriteBoolean("needsToken", options.Token is not null);
        json.WriteBoolean("allowPlayback", playback is not null && rights.MayStop);
        Playback(json, playback);
        json.WriteEndObject();
    });

    /// <summary>Writes the answer to a command.</summary>
    public static byte[] Answer(long id, ControlAnswer answer) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "answer");
        json.WriteNumber("id", id);
        json.WriteBoolean("ok", answer.Done);
        json.WriteString("message", answer.Message);
        json.WriteEndObject();
    });

    /// <summary>Writes the message "state".</summary>
    public static byte[] State(long sequence, LiveView view, HealthReport health, int detail, PlaybackState? playback = null) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "state");
        json.WriteNumber("sequence", sequence);
        json.WriteNumber("time", view.Time.Seconds);
        Health(json, health);
        Playback(json, playback);
        json.WriteStartArray("loops");
        foreach (var loop in view.Loops)
        {
            json.WriteStartObject();
            Summary(json, loop);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Map(json, view.Map);
        Raw(json, "agent", view.Agent);
        Raw(json, "fleet", view.Fleet);
        if (detail >= 0)
        {
            json.WriteStartObject("detail");
            json.WriteString("loop", view.Loops[detail].Loop);
            Detail(json, view.Loops[detail]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    /// <summary>Writes the object of /cycle: everything about every loop.</summary>
    public static byte[] Cycle(string robot, LiveView view, HealthReport health) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("robot", robot);
        json.WriteNumber("time", view.Time.Seconds);
        Health(json, health);
        json.WriteStartArray("loops");
        foreach (var loop in view.Loops)
        {
            json.WriteStartObject();
            Summary(json, loop);
            Detail(json, loop);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Map(json, view.Map);
        Raw(json, "agent", view.Agent);
        Raw(json, "fleet", view.Fleet);
        json.WriteEndObject();
    });

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options)) content(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Health(Utf8JsonWriter json, HealthReport health)
    {
        json.WriteBoolean("healthy", health.Healthy);
        json.WriteStartArray("reasons");
        foreach (string reason in health.Reasons) json.WriteStringValue(reason);
        json.WriteEndArray();
    }

    // Only of a recording: "playback" is how the page knows that it shows one.
    private static void Playback(Utf8JsonWriter json, PlaybackState? playback)
    {
        if (playback is not { } p) return;
        json.WriteStartObject("playback");
        Number(json, "start", p.Start.Seconds);
        Number(json, "end", p.End.Seconds);
        Number(json, "time", p.Now.Seconds);
        Number(json, "speed", p.Speed);
        json.WriteBoolean("paused", p.Paused);
        json.WriteBoolean("ended", p.Ended);
        json.WriteEndObject();
    }

    private static void Summary(Utf8JsonWriter json, LoopView loop)
    {
        json.WriteString("loop", loop.Loop);
        json.WriteNumber("cycle", loop.CycleId);
        json.WriteNumber("time", loop.Tag.Seconds);
        Number(json, "periodMs", loop.Period.Milliseconds);
        json.WriteString("periodReason", Name(loop.PeriodReason));
        json.WriteNumber("rung", (int)loop.Rung);
        json.WriteString("rungName", Name(loop.Rung));
        json.WriteString("rungReason", Name(loop.RungReason));
        json.WriteStartArray("flags");
        for (int bit = 1; bit <= (int)CycleFlags.WarmUp; bit <<= 1)
        {
            if (((int)loop.Flags & bit) != 0) json.WriteStringValue(Name((CycleFlags)bit));
        }
        json.WriteEndArray();
        Number(json, "trust", loop.Trust);
        Number(json, "coverage", loop.Coverage);
        Number(json, "cyclesPerSecond", loop.CyclesPerSecond);
        Number(json, "eventsPerSecond", loop.EventsPerSecond);
        Number(json, "powerWatt", loop.PowerWatt);
        Number(json, "energyJoules", loop.EnergyJoules);
        json.WriteNumber("misses", loop.Misses);
        json.WriteNumber("failures", loop.Failures);
        json.WriteStartObject("dropped");
        foreach (var (queue, count) in loop.Dropped) json.WriteNumber(queue, count);
        json.WriteEndObject();
        if (loop.Odometry is { } odometry) Numbers(json, "pose", odometry.Pose.X, odometry.Pose.Y, odometry.Pose.Heading);
        else json.WriteNull("pose");
        if (loop.Odometry is { } moving) Numbers(json, "velocity", moving.Velocity.Linear, moving.Velocity.Angular);
        else json.WriteNull("velocity");
        Numbers(json, "action", loop.Action.Linear, loop.Action.Angular);
        Goal(json, loop.Goal);
    }

    private static void Detail(Utf8JsonWriter json, LoopView loop)
    {
        json.WriteStartArray("stages");
        for (int i = 0; i < loop.StageNames.Count; i++)
        {
            var status = i < loop.Statuses.Count ? loop.Statuses[i] : StageStatus.NoOutput;
            json.WriteStartObject();
            json.WriteString("stage", loop.StageNames[i]);
            json.WriteString("outcome", Name(status.Outcome));
            json.WriteString("code", Name(status.Code));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("latencies");
        foreach (var (stage, s) in loop.Latencies) Latency(json, stage, s);
        json.WriteEndArray();
        json.WriteStartArray("sectors");
        foreach (var sector in loop.Sectors)
        {
            json.WriteStartObject();
            Number(json, "bearing", sector.Bearing);
            Number(json, "timeToContact", sector.TimeToContact);
            Number(json, "confidence", sector.Confidence);
            Number(json, "range", sector.Range);
            Number(json, "eventRate", sector.EventRate);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("boxes");
        foreach (var box in loop.Boxes) Row(json, [box.Left, box.Top, box.Right, box.Bottom]);
        json.WriteEndArray();
        if (loop.Image is { } image)
        {
            json.WriteStartObject("image");
            json.WriteNumber("width", image.Width);
            json.WriteNumber("height", image.Height);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("image");
        }
        Scan(json, loop.Scan);
    }

    private static void Latency(Utf8JsonWriter json, string stage, LatencySummary s)
    {
        json.WriteStartObject();
        json.WriteString("stage", stage);
        json.WriteNumber("count", s.Count);
        Number(json, "minUs", s.MinNs * 1e-3);
        Number(json, "meanUs", s.MeanNs * 1e-3);
        Number(json, "p50Us", s.P50Ns * 1e-3);
        Number(json, "p99Us", s.P99Ns * 1e-3);
        Number(json, "p999Us", s.P999Ns * 1e-3);
        Number(json, "maxUs", s.MaxNs * 1e-3);
        Number(json, "jitterUs", s.JitterMeanNs * 1e-3);
        json.WriteEndObject();
    }

    private static void Scan(Utf8JsonWriter json, RangeScan? scan)
    {
        if (scan is null || scan.Ranges.Length == 0)
        {
            json.WriteNull("scan");
            return;
        }
        json.WriteStartObject("scan");
        Number(json, "firstBearing", scan.FirstBearing);
        Number(json, "bearingStep", scan.BearingStep);
        Number(json, "maxRange", scan.MaxRange);
        json.WriteStartArray("ranges");
        foreach (float range in scan.Ranges) Value(json, range);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, MapView map)
    {
        json.WriteStartObject("map");
        json.WriteString("name", map.Name);
        json.WriteStartArray("walls");
        foreach (var wall in map.Walls) Row(json, [wall.X1, wall.Y1, wall.X2, wall.Y2]);
        json.WriteEndArray();
        json.WriteStartArray("obstacles");
        foreach (var obstacle in map.Obstacles) Row(json, [obstacle.X, obstacle.Y, obstacle.Radius, obstacle.Moves ? 1 : 0]);
        json.WriteEndArray();
        json.WriteStartArray("robots");
        foreach (var robot in map.Robots)
        {
            json.WriteStartObject();
            json.WriteString("name", robot.Name);
            Numbers(json, "pose", robot.Pose.X, robot.Pose.Y, robot.Pose.Heading);
            Number(json, "radius", robot.Radius);
            Goal(json, robot.Goal);
            json.WriteNumber("goalsReached", robot.GoalsReached);
            json.WriteNumber("collisions", robot.Collisions);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Written by the other side; a reader that knows it finds it, all others pass it by.
    private static void Raw(Utf8JsonWriter json, string key, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty) return;
        json.WritePropertyName(key);
        json.WriteRawValue(value.Span);
    }

    private static void Goal(Utf8JsonWriter json, Goal? goal)
    {
        if (goal is { Id: not 0 } g) Numbers(json, "goal", g.X, g.Y, g.Radius);
        else json.WriteNull("goal");
    }

    private static void Numbers(Utf8JsonWriter json, string key, params ReadOnlySpan<double> values)
    {
        json.WritePropertyName(key);
        Row(json, values);
    }

    private static void Row(Utf8JsonWriter json, params ReadOnlySpan<double> values)
    {
        json.WriteStartArray();
        foreach (double value in values) Value(json, value);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string key, double value)
    {
        json.WritePropertyName(key);
        Value(json, value);
    }

    // Four digits behind the point are 0.1 mm or 0.1 ns: more than anybody sees, and a third of the bytes.
    private static void Value(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(Math.Round(value, 4));
        else json.WriteNullValue();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
