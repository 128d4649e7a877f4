using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>One entry of what a voter has promised.</summary>
/// <param name="Task">The task.</param>
/// <param name="Epoch">The greatest epoch that it granted.</param>
/// <param name="Holder">To whom.</param>
/// <param name="Incarnation">To which start of it.</param>
/// <param name="CommitRevision">One above the revision that is committed; 0 = none is.</param>
internal readonly record struct LedgerRow(string Task, ulong Epoch, string Holder, uint Incarnation, uint CommitRevision);

/// <summary>A question of a voter on a new disk (<c>r/VOTER/claim/ledger</c>): what one other voter has promised for tasks after a name.</summary>
internal readonly record struct LedgerAsk(uint Roster, string To, string After);

/// <summary>The answer (<c>r/OTHER/vote/ledger</c>): some rows in the order of the names, the answerer's term, and whether there are more.</summary>
internal sealed record LedgerPage(uint Roster, string To, uint ToIncarnation, string After, uint Term, IReadOnlyList<LedgerRow> Rows, bool HasMore)
{
    /// <summary>The name in the place of a task, which no task may have.</summary>
    public const string Name = "ledger";

    /// <summary>Stands for a holder where two voters name different ones; no robot's name.</summary>
    public const string Nobody = "/";

    /// <summary>The most rows of a page; at the longest names some 40 KiB.</summary>
    public const int MaxRows = 200;
}

/// <summary>Reads and writes both, UTF-8 JSON with the fields of every fleet message. Reading is total.</summary>
internal static class LedgerWire
{
    private const int MaxBytes = 65_536;

    public static byte[] Write(in FleetEnvelope envelope, in LedgerAsk ask) => Bytes(Start(envelope) with { Roster = ask.Roster, To = ask.To, After = ask.After });

    public static byte[] Write(in FleetEnvelope envelope, LedgerPage page) => Bytes(Start(envelope) with
    {
        Roster = page.Roster,
        To = page.To,
        ToInc = page.ToIncarnation,
        After = page.After,
        Term = page.Term,
        More = page.HasMore,
        Tasks = [.. page.Rows.Select(r => r.Task)],
        Epochs = [.. page.Rows.Select(r => r.Epoch)],
        Holders = [.. page.Rows.Select(r => r.Holder)],
        Incs = [.. page.Rows.Select(r => r.Incarnation)],
        Commits = [.. page.Rows.Select(r => r.CommitRevision)],
    });

    public static bool TryRead(ReadOnlySpan<byte> payload, out FleetEnvelope envelope, out LedgerAsk ask)
    {
        ask = default;
        if (Read(payload, out envelope) is not { Roster: { } roster, To: { } to, After: { } after } || !IsRobot(to) || !IsTaskOrEmpty(after)) return false;
        ask = new LedgerAsk(roster, to, after);
        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out FleetEnvelope envelope, out LedgerPage page)
    {
        page = null!;
        if (Read(payload, out envelope) is not { Roster: { } roster, To: { } to, ToInc: { } inc, After: { } after, Term: { } term, More: { } more, Tasks: { } tasks, Epochs: { } epochs, Holders: { } holders, Incs: { } incs, Commits: { } commits }) return false;
        if (!IsRobot(to) || !IsTaskOrEmpty(after) || tasks.Length > LedgerPage.MaxRows || epochs.Length != tasks.Length || holders.Length != tasks.Length || incs.Length != tasks.Length || commits.Length != tasks.Length || (more && tasks.Length == 0)) return false;
        var rows = new LedgerRow[tasks.Length];
        string last = after;
        for (int i = 0; i < rows.Length; i++)
        {
            if (tasks[i] is not { } task || holders[i] is not { } holder || !FleetNames.IsName(task, FleetNames.MaxTask) || (!IsRobot(holder) && holder != LedgerPage.Nobody) || string.CompareOrdinal(task, last) <= 0) return false;
            rows[i] = new LedgerRow(last = task, epochs[i], holder, incs[i], commits[i]);
        }
        page = new LedgerPage(roster, to, inc, after, term, rows, more);
        return true;
    }

    private static bool IsRobot(string name) => FleetNames.IsName(name, FleetNames.MaxRobot);

    private static bool IsTaskOrEmpty(string name) => name.Length == 0 || FleetNames.IsName(name, FleetNames.MaxTask);

    private static LedgerContent Start(in FleetEnvelope e) => new() { V = FleetPrefix.Version, Inc = e.Incarnation, Seq = e.Sequence, T = e.WallNs };

    private static byte[] Bytes(LedgerContent content) => JsonSerializer.SerializeToUtf8Bytes(content, LedgerJson.Default.LedgerContent);

    private static LedgerContent? Read(ReadOnlySpan<byte> payload, out FleetEnvelope envelope)
    {
        envelope = default;
        if (payload.Length > MaxBytes) return null;
        try
        {
            var c = JsonSerializer.Deserialize(payload, LedgerJson.Default.LedgerContent);
            if (c is not { V: FleetPrefix.Version, Inc: > 0, Seq: > 0 }) return null;
            envelope = new FleetEnvelope(c.Inc.Value, c.Seq.Value, 0, c.T ?? 0);
            return c;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The members of these messages; null = not there.</summary>
internal sealed record LedgerContent
{
    public int? V { get; init; }

    public uint? Inc { get; init; }

    public ulong? Seq { get; init; }

    public long? T { get; init; }

    public uint? Roster { get; init; }

    public string? To { get; init; }

    public uint? ToInc { get; init; }

    public string? After { get; init; }

    public uint? Term { get; init; }

    public bool? More { get; init; }

    public string[]? Tasks { get; init; }

    public ulong[]? Epochs { get; init; }

    public string[]? Holders { get; init; }

    public uint[]? Incs { get; init; }

    public uint[]? Commits { get; init; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerContent))]
internal sealed partial class LedgerJson : JsonSerializerContext;
