using System.CommandLine;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Shows what is in a store.</summary>
internal sealed class PolicyListVerb : Verb
{
    private static readonly string[] _pointers = ["current", "previous", "candidate"];

    private readonly Option<string> _store = PolicyStores.StoreOption();
    private readonly Option<string?> _keys = VerbOption.Text("--keys", "file", "Check signatures and everything else as well, by these public keys.");

    /// <summary>Makes the verb.</summary>
    public PolicyListVerb()
        : base(
            "list",
            "Shows the policies of a store: which one is current, previous or candidate, which gates each has passed, and the deny list. May be used while the robot runs.",
            "edge policy list --store store",
            "edge policy list --store store --keys signing.pub --json")
    {
        Add(_store);
        Add(_keys);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string folder = parse.GetValue(_store)!;
        bool check = parse.GetValue(_keys) is not null;
        using var store = PolicyStores.Read(folder, parse.GetValue(_keys));
        var ledger = new GateLedger(store, TimeProvider.System);
        var rows = store.List().Select(id => Row(store, ledger, id, check)).ToArray();
        var denied = store.Denials().Select(d => new { d.Id, d.Reason }).ToArray();
        if (terminal.Json)
        {
            terminal.Output.WriteLine(JsonOutput.Serialize(new { Store = folder, Current = store.Named("current"), Previous = store.Named("previous"), Candidate = store.Named("candidate"), Bundles = rows, Denied = denied }));
            return ExitCode.Ok;
        }
        TableWriter.Write(terminal, new TableView("", ["id", "name", "kind", "created", "stage", "pointer", "gates", "problem"], [.. rows.Select(Cells)]));
        if (rows.Any(r => r.Gates.Any(g => g.Lowered))) terminal.Output.WriteLine("* by lowered bounds or rehearsed");
        foreach (var d in denied) terminal.Output.WriteLine($"denied {d.Id[..12]}: {d.Reason}");
        return ExitCode.Ok;
    }

    private static PolicyRow Row(BundleStore store, GateLedger ledger, string id, bool check)
    {
        string problem = "";
        BundleManifest? manifest = null;
        try
        {
            manifest = store.Describe(id);
            if (check && !store.IsDenied(id)) store.Load(id);
        }
        catch (BundleException e)
        {
            problem = e.Message;
        }
        // The newest result of each gate is the one that counts.
        var gates = ledger.Records(id).GroupBy(r => r.Gate).OrderBy(g => g.Key).Select(g => g.Last()).Select(r => new PolicyGateRow($"G{(int)r.Gate}", r.Passed, r.Lowered, r.Evidence, r.Stage, r.At));
        return new PolicyRow(id, manifest?.Id ?? "", manifest?.Kind, manifest?.Created ?? "", manifest?.Parent ?? "", ledger.StageOf(id), [.. _pointers.Where(p => store.Named(p) == id)], store.IsDenied(id), check ? problem.Length == 0 : null, problem, [.. gates]);
    }

    private static IReadOnlyList<string> Cells(PolicyRow r) =>
    [
        r.Id[..12], UntrustedText.Clean(r.Name, 32), r.Kind?.ToString() ?? "?", r.Created, r.Stage.ToString(), r.Denied ? "denied" : string.Join(' ', r.Pointers),
        string.Join(' ', r.Gates.Select(g => g.Gate + (g.Passed ? g.Lowered ? "*" : "" : "✗"))), r.Problem,
    ];

    private sealed record PolicyRow(string Id, string Name, BundleKind? Kind, string Created, string Parent, RolloutStage Stage, IReadOnlyList<string> Pointers, bool Denied, bool? Checked, string Problem, IReadOnlyList<PolicyGateRow> Gates);

    private sealed record PolicyGateRow(string Gate, bool Passed, bool Lowered, string Evidence, RolloutStage Stage, DateTimeOffset At);
}
