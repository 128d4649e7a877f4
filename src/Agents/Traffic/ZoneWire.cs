using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>Requests and replies about zones as JSON.</summary>
/// <remarks>Reading is total: arbitrary bytes give false and one sentence, never an exception, and never more memory than <see cref="MaxBytes"/> is worth. Unknown properties are tolerated. Thread-safe.</remarks>
public static class ZoneWire
{
    /// <summary>The largest payload.</summary>
    public const int MaxBytes = 8192;

    /// <summary>The most zones in one list.</summary>
    public const int MaxZones = 64;

    /// <summary>The longest lease, milliseconds.</summary>
    public const int MaxDurationMs = 60_000;

    /// <summary>Returns whether a text is an id of a robot or a zone: 1 to 32 of <c>A-Z a-z 0-9 _ . : -</c>.</summary>
    public static bool IsId(string? text)
    {
        if (text is null || text.Length is 0 or > 32) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or ':' or '-')) return false;
        }
        return true;
    }

    /// <summary>Writes a request.</summary>
    public static byte[] Write(ZoneRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.SerializeToUtf8Bytes(
            new ZoneRequestContent
            {
                V = 1, Inc = request.Inc, Seq = request.Seq, Ask = (int)request.Ask, Zones = [.. request.Zones], Route = [.. request.Route], Ms = request.DurationMs, Urgency = request.Urgency, Term = request.Term,
            },
            ZoneJson.Default.ZoneRequestContent);
    }

    /// <summary>Writes a reply.</summary>
    public static byte[] Write(ZoneReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return JsonSerializer.SerializeToUtf8Bytes(
            new ZoneReplyContent { V = 1, Inc = reply.Inc, Seq = reply.Seq, Epoch = reply.Epoch, State = (int)reply.State, Zones = [.. reply.Zones], Ms = reply.DurationMs, Reason = reply.Reason },
            ZoneJson.Default.ZoneReplyContent);
    }

    /// <summary>Reads a request.</summary>
    /// <param name="payload">What arrived.</param>
    /// <param name="request">The request.</param>
    /// <param name="fault">What is wrong, one sentence; empty where nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ZoneRequest request, out string fault)
    {
        request = null!;
        if (!TryParse(payload, "Zone request", ZoneJson.Default.ZoneRequestContent, out var c, out fault)) return false;
        fault = c.V != 1 ? $"Zone request: version is {c.V}; this program reads 1."
            : c.Inc is null or 0 || c.Seq is null or 0 ? "Zone request: inc or seq is missing or 0."
            : c.Ask is not (>= 0 and <= (int)ZoneAsk.Report) ? $"Zone request: ask is {c.Ask}; must be in [0, {(int)ZoneAsk.Report}]."
            : c.Ms is not (>= 0 and <= MaxDurationMs) ? $"Zone request: ms is {c.Ms}; must be in [0, {MaxDurationMs}]."
            : c.Urgency is < -100 or > 100 ? $"Zone request: urgency is {c.Urgency}; must be in [-100, 100]."
            : ListFault("Zone request: zones", c.Zones) ?? ListFault("Zone request: route", c.Route) ?? (c.Ask <= (int)ZoneAsk.Renew && c.Zones!.Length == 0 ? "Zone request: zones is empty; must name at least one." : "");
        if (fault.Length > 0) return false;
        request = new ZoneRequest(c.Inc!.Value, c.Seq!.Value, (ZoneAsk)c.Ask!.Value, c.Zones!, c.Route!, c.Ms!.Value, c.Urgency ?? 0, c.Term ?? 0);
        return true;
    }

    /// <summary>Reads a reply.</summary>
    /// <param name="payload">What arrived.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="fault">What is wrong, one sentence; empty where nothing is.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ZoneReply reply, out string fault)
    {
        reply = null!;
        if (!TryParse(payload, "Zone reply", ZoneJson.Default.ZoneReplyContent, out var c, out fault)) return false;
        fault = c.V != 1 ? $"Zone reply: version is {c.V}; this program reads 1."
            : c.Inc is null or 0 || c.Seq is null or 0 || c.Epoch is null ? "Zone reply: inc, seq or epoch is missing or 0."
            : c.State is not (>= 0 and <= (int)ZoneState.Released) ? $"Zone reply: state is {c.State}; must be in [0, {(int)ZoneState.Released}]."
            : c.Ms is not (>= 0 and <= MaxDurationMs) ? $"Zone reply: ms is {c.Ms}; must be in [0, {MaxDurationMs}]."
            : ListFault("Zone reply: zones", c.Zones) ?? "";
        if (fault.Length > 0) return false;
        reply = new ZoneReply(c.Inc!.Value, c.Seq!.Value, c.Epoch!.Value, (ZoneState)c.State!.Value, c.Zones!, c.Ms!.Value, UntrustedText.Clean(c.Reason ?? "", 160));
        return true;
    }

    private static bool TryParse<T>(ReadOnlySpan<byte> payload, string what, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, out T content, out string fault) where T : class
    {
        (content, fault) = (null!, "");
        if (payload.Length > MaxBytes)
        {
            fault = $"{what}: {payload.Length} bytes; at most {MaxBytes} are read.";
            return false;
        }
        try
        {
            content = JsonSerializer.Deserialize(payload, type)!;
        }
        catch (JsonException e)
        {
            fault = $"{what}: no valid JSON at line {e.LineNumber}, byte {e.BytePositionInLine}.";
            return false;
        }
        if (content is not null) return true;
        fault = $"{what}: the content is null.";
        return false;
    }

    private static string? ListFault(string what, string[]? list)
    {
        if (list is null) return $"{what} is missing.";
        if (list.Length > MaxZones) return $"{what} has {list.Length} ids; at most {MaxZones}.";
        for (int i = 0; i < list.Length; i++)
        {
            if (!IsId(list[i])) return $"{what}[{i}] is '{UntrustedText.Clean(list[i] ?? "null", 40)}'; must be 1 to 32 of A-Z a-z 0-9 _ . : -.";
            if (Array.IndexOf(list, list[i]) != i) return $"{what} names '{list[i]}' twice.";
        }
        return null;
    }
}

/// <summary>The properties of a request; null = not there.</summary>
internal sealed class ZoneRequestContent
{
    public int? V { get; set; }

    public uint? Inc { get; set; }

    public ulong? Seq { get; set; }

    public int? Ask { get; set; }

    public string[]? Zones { get; set; }

    public string[]? Route { get; set; }

    public int? Ms { get; set; }

    public int? Urgency { get; set; }

    public uint? Term { get; set; }
}

/// <summary>The properties of a reply; null = not there.</summary>
internal sealed class ZoneReplyContent
{
    public int? V { get; set; }

    public uint? Inc { get; set; }

    public ulong? Seq { get; set; }

    public ulong? Epoch { get; set; }

    public int? State { get; set; }

    public string[]? Zones { get; set; }

    public int? Ms { get; set; }

    public string? Reason { get; set; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8)]
[JsonSerializable(typeof(ZoneRequestContent))]
[JsonSerializable(typeof(ZoneReplyContent))]
internal sealed partial class ZoneJson : JsonSerializerContext;
