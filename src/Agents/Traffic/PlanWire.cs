using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>Plans as JSON.</summary>
/// <remarks>Reading is total: arbitrary bytes give false and one sentence, never an exception. Unknown properties are tolerated. Thread-safe.</remarks>
public static class PlanWire
{
    /// <summary>The largest payload.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>The most visits of a plan.</summary>
    public const int MaxVisits = 512;

    /// <summary>The most robots that a plan says it has heard of.</summary>
    public const int MaxHeard = 512;

    private const long MaxWindowUs = 3_600_000_000;

    /// <summary>Writes a plan.</summary>
    public static byte[] Write(PlanMessage plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return JsonSerializer.SerializeToUtf8Bytes(
            new PlanContent
            {
                V = 1, Inc = plan.Inc, Seq = plan.Seq, Start = plan.Start.Nanoseconds, T = plan.WallStart.Nanoseconds, Radius = plan.Radius, X = plan.Origin.X, Y = plan.Origin.Y, Failed = plan.Failed,
                Nodes = [.. plan.Visits.Select(v => v.Node)], InUs = [.. plan.Visits.Select(v => v.In.Nanoseconds / 1000)], OutUs = [.. plan.Visits.Select(v => v.Out.Nanoseconds / 1000)],
                Front = plan.Front, Turn = plan.Turn, Urgency = plan.Urgency, Left = plan.Left, Stands = plan.Stands, Held = plan.Held, Claimed = plan.Claimed, Since = plan.Since,
                Robots = [.. plan.Heard.Select(h => h.Robot)], Incs = [.. plan.Heard.Select(h => h.Incarnation)], Seqs = [.. plan.Heard.Select(h => h.Sequence)],
            },
            PlanJson.Default.PlanContent);
    }

    /// <summary>Reads a plan.</summary>
    /// <param name="payload">What arrived.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="fault">What is wrong, one sentence; empty where nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out PlanMessage plan, out string fault)
    {
        plan = null!;
        PlanContent? c = null;
        fault = payload.Length > MaxBytes ? $"Plan: {payload.Length} bytes; at most {MaxBytes} are read." : "";
        if (fault.Length > 0) return false;
        try
        {
            c = JsonSerializer.Deserialize(payload, PlanJson.Default.PlanContent);
        }
        catch (JsonException e)
        {
            fault = $"Plan: no valid JSON at line {e.LineNumber}, byte {e.BytePositionInLine}.";
            return false;
        }
        fault = Fault(c) ?? "";
        if (fault.Length > 0) return false;
        plan = new PlanMessage(
            c!.Inc!.Value, c.Seq!.Value, new Stamp(c.Start ?? 0), new Stamp(c.T ?? 0), c.Radius!.Value, new Vector2D(c.X!.Value, c.Y!.Value), c.Failed ?? 0,
            [.. c.Nodes!.Select((n, i) => (n, new Duration(c.InUs![i] * 1000), new Duration(c.OutUs![i] * 1000)))])
        {
            Front = c.Front ?? 0, Turn = c.Turn ?? 0, Urgency = c.Urgency ?? 0, Left = c.Left ?? 0, Stands = c.Stands ?? false, Held = c.Held ?? 0, Claimed = c.Claimed ?? 0, Since = c.Since ?? 0,
            Heard = [.. (c.Robots ?? []).Select((r, i) => new PlanMark(r, c.Incs![i], c.Seqs![i]))],
        };
        return true;
    }

    /// <summary>Reads only which plan it is: 0 bytes allocated, so that copies and old ones cost nothing.</summary>
    /// <returns>False when it is no object with a whole inc and seq.</returns>
    internal static bool TryPeek(ReadOnlySpan<byte> payload, out uint incarnation, out ulong sequence)
    {
        (incarnation, sequence) = (0, 0);
        if (payload.Length > MaxBytes) return false;
        var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool inc = json.ValueTextEquals("inc"u8), seq = json.ValueTextEquals("seq"u8);
                if (!json.Read()) return false;
                if (inc && (json.TokenType != JsonTokenType.Number || !json.TryGetUInt32(out incarnation))) return false;
                if (seq && (json.TokenType != JsonTokenType.Number || !json.TryGetUInt64(out sequence))) return false;
                if (incarnation != 0 && sequence != 0) return true;
                json.Skip();
            }
        }
        catch (JsonException)
        {
            // What follows is no JSON: no plan.
        }
        return false;
    }

    private static string? Fault(PlanContent? c)
    {
        if (c is null || c.V != 1) return $"Plan: version is {c?.V.ToString() ?? "missing"}; this program reads 1.";
        if (c.Inc is null or 0 || c.Seq is null or 0) return "Plan: inc or seq is missing or 0.";
        if (!(c.Radius is >= 0 and < 1000) || !(c.X is > -1e9 and < 1e9) || !(c.Y is > -1e9 and < 1e9) || c.Failed is < 0 or > 1_000_000) return $"Plan: radius {c.Radius}, origin {c.X}, {c.Y}, failed {c.Failed}; missing or out of range.";
        if (c.Nodes is null || c.InUs is null || c.OutUs is null || c.Nodes.Length is 0 or > MaxVisits || c.InUs.Length != c.Nodes.Length || c.OutUs.Length != c.Nodes.Length)
        {
            return $"Plan: {c.Nodes?.Length} nodes with {c.InUs?.Length} arrivals and {c.OutUs?.Length} departures; must be equally many, 1 to {MaxVisits}.";
        }
        long last = 0;
        for (int i = 0; i < c.Nodes.Length; i++)
        {
            if (string.IsNullOrEmpty(c.Nodes[i]) || c.Nodes[i].Length > 64) return $"Plan: node {i} has no name of 1 to 64 characters.";
            if (c.InUs[i] < last || c.OutUs[i] < c.InUs[i] || c.OutUs[i] > MaxWindowUs) return $"Plan: visit {i} is from {c.InUs[i]} to {c.OutUs[i]} µs after {last}; must not fall and end within an hour.";
            last = c.OutUs[i];
        }
        if (c.Front is < 0 or > PlanMessage.MaxRank || c.Turn is < 0 or > PlanMessage.MaxRank || c.Urgency is < -PlanMessage.MaxRank or > PlanMessage.MaxRank || c.Left is < 0)
        {
            return $"Plan: front {c.Front}, turn {c.Turn}, urgency {c.Urgency}, left {c.Left}; must be in [0, {PlanMessage.MaxRank}], urgency also below 0.";
        }
        if (c.Held is < 0 || (c.Held ?? 0) > (c.Claimed ?? 0) || c.Claimed > c.Nodes.Length) return $"Plan: holds {c.Held} and claims {c.Claimed} of {c.Nodes.Length} nodes; must be 0 <= held <= claimed <= nodes.";
        int heard = c.Robots?.Length ?? 0;
        if (heard > MaxHeard || heard != (c.Incs?.Length ?? 0) || heard != (c.Seqs?.Length ?? 0)) return $"Plan: heard of {heard} robots with {c.Incs?.Length} incs and {c.Seqs?.Length} seqs; must be equally many, at most {MaxHeard}.";
        for (int i = 0; i < heard; i++)
        {
            if (!ZoneWire.IsId(c.Robots![i])) return $"Plan: robot {i} that it heard of has no id of 1 to 32 characters.";
        }
        return null;
    }
}

/// <summary>The properties of a plan; null = not there.</summary>
internal sealed class PlanContent
{
    public int? V { get; set; }

    public uint? Inc { get; set; }

    public ulong? Seq { get; set; }

    public long? Start { get; set; }

    public long? T { get; set; }

    public double? Radius { get; set; }

    public double? X { get; set; }

    public double? Y { get; set; }

    public int? Failed { get; set; }

    public string[]? Nodes { get; set; }

    public long[]? InUs { get; set; }

    public long[]? OutUs { get; set; }

    public int? Front { get; set; }

    public int? Turn { get; set; }

    public int? Urgency { get; set; }

    public int? Left { get; set; }

    public bool? Stands { get; set; }

    public int? Held { get; set; }

    public int? Claimed { get; set; }

    public ulong? Since { get; set; }

    public string[]? Robots { get; set; }

    public uint[]? Incs { get; set; }

    public ulong[]? Seqs { get; set; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4)]
[JsonSerializable(typeof(PlanContent))]
internal sealed partial class PlanJson : JsonSerializerContext;
