using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>What the coordinator says of the round (<c>fl/call</c>): the model, and which round is open.</summary>
internal readonly record struct FederatedCall(FleetEnvelope Envelope, uint Open, FederatedHead Head, string Id, int Size);

/// <summary>What a robot says to the coordinator (<c>fl/report.COORDINATOR</c>): the model it has, whether it trains, the update it offers.</summary>
/// <param name="Envelope">Who, and the term that it answers.</param>
/// <param name="Trains">Whether it takes part.</param>
/// <param name="Head">Its model, where that is later than the coordinator's; null otherwise.</param>
/// <param name="HeadId">What to ask for to get it.</param>
/// <param name="Offer">The update that it has; null = none.</param>
internal readonly record struct FederatedReport(FleetEnvelope Envelope, bool Trains, FederatedHead? Head, string? HeadId, FederatedOffer? Offer);

/// <summary>An update that can be fetched.</summary>
internal sealed record FederatedOffer(uint Round, string BaseSha256, int Samples, string Id);

/// <summary>What is still wanted of a transfer (<c>fl/need.SENDER</c>); no bitmap = the manifest too. An empty bitmap ends it.</summary>
internal readonly record struct FederatedNeed(FleetEnvelope Envelope, string Id, byte[]? Missing);

/// <summary>Reads and writes the small messages of federated averaging: UTF-8 JSON with the fields of every fleet message. Reading is total; members that are not known are skipped.</summary>
internal static class FederatedWire
{
    public const int MaxBytes = 65_536;

    public static byte[] Write(in FederatedCall call) => Bytes(Envelope(call.Envelope) with { Open = call.Open, Model = Head(call.Head), Id = call.Id, Size = call.Size });

    public static byte[] Write(in FederatedReport report) => Bytes(Envelope(report.Envelope) with
    {
        Trains = report.Trains,
        Model = report.Head is { } head ? Head(head) : null,
        Id = report.HeadId,
        Round = report.Offer?.Round,
        Base = report.Offer?.BaseSha256,
        Samples = report.Offer?.Samples,
        Offer = report.Offer?.Id,
    });

    public static byte[] Write(in FederatedNeed need) => Bytes(Envelope(need.Envelope) with { Id = need.Id, Missing = need.Missing });

    public static byte[] WriteHead(FederatedHead head) => JsonSerializer.SerializeToUtf8Bytes(Head(head), FederatedJson.Default.FederatedHeadContent);

    public static FederatedHead? ReadHead(ReadOnlySpan<byte> payload)
    {
        try
        {
            return payload.Length <= MaxBytes ? Head(JsonSerializer.Deserialize(payload, FederatedJson.Default.FederatedHeadContent)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out FederatedCall call)
    {
        call = default;
        if (Read(payload, out var envelope) is not { } c || Head(c.Model) is not { } head || !FederatedHead.IsHash(c.Id) || c.Size is not (>= sizeof(float) and <= TransferManifest.MaxBytes)) return false;
        if (c.Size % sizeof(float) != 0) return false;
        call = new FederatedCall(envelope, c.Open ?? 0, head, c.Id!, c.Size.Value);
        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out FederatedReport report)
    {
        report = default;
        if (Read(payload, out var envelope) is not { } c) return false;
        var head = Head(c.Model);
        if ((c.Model is not null && (head is null || !FederatedHead.IsHash(c.Id))) || (c.Offer is not null && (!FederatedHead.IsHash(c.Offer) || !FederatedHead.IsHash(c.Base) || c.Round is null or 0 || c.Samples is not > 0))) return false;
        report = new FederatedReport(envelope, c.Trains ?? false, head, head is null ? null : c.Id, c.Offer is null ? null : new FederatedOffer(c.Round!.Value, c.Base!, c.Samples!.Value, c.Offer));
        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out FederatedNeed need)
    {
        need = default;
        if (Read(payload, out var envelope) is not { } c || !FederatedHead.IsHash(c.Id)) return false;
        need = new FederatedNeed(envelope, c.Id!, c.Missing);
        return true;
    }

    private static FederatedContent Envelope(in FleetEnvelope e) => new() { V = FleetPrefix.Version, Inc = e.Incarnation, Seq = e.Sequence, Epoch = e.Epoch, T = e.WallNs };

    private static byte[] Bytes(FederatedContent content) => JsonSerializer.SerializeToUtf8Bytes(content, FederatedJson.Default.FederatedContent);

    private static FederatedContent? Read(ReadOnlySpan<byte> payload, out FleetEnvelope envelope)
    {
        envelope = default;
        if (payload.Length > MaxBytes) return null;
        try
        {
            var c = JsonSerializer.Deserialize(payload, FederatedJson.Default.FederatedContent);
            if (c is not { V: FleetPrefix.Version, Inc: > 0, Seq: > 0 }) return null;
            envelope = new FleetEnvelope(c.Inc.Value, c.Seq.Value, c.Epoch ?? 0, c.T ?? 0);
            return c;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FederatedHeadContent Head(FederatedHead head) => new()
    {
        Round = head.Round,
        Term = head.Term,
        Sha256 = head.Sha256,
        Parents = [.. head.Parents],
        Robots = [.. head.Counted.Keys],
        Rounds = [.. head.Counted.Values],
    };

    private static FederatedHead? Head(FederatedHeadContent? c)
    {
        if (c is not { Round: { } round, Term: { } term, Sha256: { } sha256, Parents: { } parents, Robots: { } robots, Rounds: { } rounds } || robots.Length != rounds.Length || robots.Length > FederatedHead.MaxRobots) return null;
        var counted = new Dictionary<string, uint>(StringComparer.Ordinal);
        for (int i = 0; i < robots.Length; i++)
        {
            if (robots[i] is not { } robot || !counted.TryAdd(robot, rounds[i])) return null;
        }
        try
        {
            return new FederatedHead(round, term, sha256, parents, counted);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>The members of these messages; null = not there.</summary>
internal sealed record FederatedContent
{
    public int? V { get; init; }

    public uint? Inc { get; init; }

    public ulong? Seq { get; init; }

    public ulong? Epoch { get; init; }

    public long? T { get; init; }

    public uint? Open { get; init; }

    public FederatedHeadContent? Model { get; init; }

    public string? Id { get; init; }

    public int? Size { get; init; }

    public bool? Trains { get; init; }

    public uint? Round { get; init; }

    public string? Base { get; init; }

    public int? Samples { get; init; }

    public string? Offer { get; init; }

    public byte[]? Missing { get; init; }
}

/// <summary>The members of a model's head.</summary>
internal sealed record FederatedHeadContent
{
    public uint? Round { get; init; }

    public uint? Term { get; init; }

    public string? Sha256 { get; init; }

    public string[]? Parents { get; init; }

    public string[]? Robots { get; init; }

    public uint[]? Rounds { get; init; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FederatedContent))]
[JsonSerializable(typeof(FederatedHeadContent))]
internal sealed partial class FederatedJson : JsonSerializerContext;
