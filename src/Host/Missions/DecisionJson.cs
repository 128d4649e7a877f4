using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Writes decisions and the ends of missions as JSON: for the channel of a recording, and for the live page.</summary>
/// <remarks>Keys stay; docs/missions.md lists them. Any thread.</remarks>
internal static class DecisionJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Writes a decision.</summary>
    /// <param name="time">When it was made.</param>
    /// <param name="robot">Whose it is.</param>
    /// <param name="mission">The mission that it is for.</param>
    /// <param name="record">The decision.</param>
    public static byte[] Decision(Stamp time, string robot, IMission mission, DecisionRecord record) => Write(json =>
    {
        Head(json, "decision", time, robot, mission, record.Step);
        json.WriteString("command", record.Call?.Text);
        Probability(json, "probability", record.LogProbability is { } log ? DeterministicMath.Exp(log) : null);
        json.WriteStartArray("alternatives");
        foreach (var (call, probability) in record.Alternatives)
        {
            json.WriteStartObject();
            json.WriteString("command", call.Text);
            Probability(json, "probability", probability);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Probability(json, "progress", record.Progress);
        json.WriteString("source", Name(record.Source));
        json.WriteString("policy", record.PolicyVersion);
        json.WriteBoolean("fallback", record.FallbackUsed);
        json.WriteString("verdict", Verdict(record));
        json.WriteStartArray("attempts");
        foreach (var attempt in record.Attempts) Attempt(json, attempt);
        json.WriteEndArray();
        json.WriteNumber("latencyMs", record.Latency.TotalMilliseconds);
        json.WriteString("candidateHash", JsonOutput.Hash(record.CandidateHash));
        json.WriteString("stateHash", JsonOutput.Hash(record.StateHash));
    });

    /// <summary>Writes the end of a mission.</summary>
    /// <param name="time">When it ended.</param>
    /// <param name="robot">Whose it was.</param>
    /// <param name="mission">The mission.</param>
    /// <param name="row">What it came to.</param>
    public static byte[] End(Stamp time, string robot, IMission mission, MissionRow row) => Write(json =>
    {
        Head(json, "end", time, robot, mission, row.Steps);
        json.WriteString("outcome", Name(row.Outcome));
        json.WriteString("detail", row.Detail);
        json.WriteNumber("seconds", Math.Round(row.Seconds, 3));
        json.WriteNumber("decisions", row.Decisions);
        json.WriteNumber("fallbacks", row.Fallbacks);
        json.WriteNumber("notCarriedOut", row.NotCarriedOut);
    });

    /// <summary>Returns what became of a decision, for a person.</summary>
    public static string Verdict(DecisionRecord record)
    {
        if (record.Call is not null) return record.Attempts.Length > 1 ? $"approved after {record.Attempts.Length - 1} {(record.Attempts.Length == 2 ? "refusal" : "refusals")}" : "approved";
        return record.Attempts.IsEmpty ? "nobody was asked" : $"refused: {record.Attempts[^1].Detail}";
    }

    private static void Head(Utf8JsonWriter json, string kind, Stamp time, string robot, IMission mission, int step)
    {
        json.WriteString("kind", kind);
        json.WriteNumber("time", Math.Round(time.Seconds, 6));
        json.WriteString("robot", robot);
        json.WriteString("mission", mission.Name);
        json.WriteString("instruction", mission.Instruction);
        json.WriteNumber("step", step);
        json.WriteNumber("limit", mission.Limit);
    }

    private static void Attempt(Utf8JsonWriter json, DecisionAttempt attempt)
    {
        json.WriteStartObject();
        json.WriteString("source", Name(attempt.Source));
        json.WriteString("policy", attempt.PolicyVersion);
        json.WriteString("proposal", attempt.Proposal?.Text);
        json.WriteString("failure", Name(attempt.Failure));
        json.WriteString("stage", Name(attempt.Stage));
        json.WriteString("reason", Name(attempt.Reason));
        json.WriteString("detail", attempt.Detail);
        json.WriteEndObject();
    }

    // A number that is not finite has no JSON; four digits are more than anybody reads off a probability.
    private static void Probability(Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } v && double.IsFinite(v)) json.WriteNumber(key, Math.Round(v, 4));
        else json.WriteNull(key);
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
