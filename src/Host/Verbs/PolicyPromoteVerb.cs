using System.CommandLine;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Lets a policy into its next stage.</summary>
internal sealed class PolicyPromoteVerb : Verb
{
    private readonly Argument<string> _id = new("id") { Description = "The bundle: its id, or the first digits of it." };
    private readonly Option<string> _store = PolicyStores.StoreOption();
    private readonly Option<string> _keys = PolicyStores.KeysOption();
    private readonly Option<string?> _operator = VerbOption.Text("--operator", "name", "Who approves; needed from the canary on, where the policy acts.");
    private readonly Option<bool> _accept = new("--accept-lowered") { Description = "The operator accepts passes by lowered bounds and rehearsals in place of measurements on robots." };

    /// <summary>Makes the verb.</summary>
    public PolicyPromoteVerb()
        : base(
            "promote",
            "Lets a policy up one stage: shadow, canary, a tenth of the fleet, half, all. Every gate below must be passed; from the canary on, where it becomes this robot's current policy, an operator approves. Exit code 1: refused.",
            "edge policy promote 1a2b3c --store store --keys signing.pub",
            "edge policy promote 1a2b3c --store store --keys signing.pub --operator Ada --accept-lowered --json")
    {
        Add(_id);
        Add(_store);
        Add(_keys);
        Add(_operator);
        Add(_accept);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var store = PolicyStores.Open(parse.GetValue(_store)!, parse.GetValue(_keys));
        string id = store.Resolve(parse.GetValue(_id)!);
        // A denied or damaged policy is named as such, not by the gates that it lacks.
        store.Load(id);
        var ledger = new GateLedger(store, TimeProvider.System);
        var stage = Promote(ledger, id, parse.GetValue(_operator)?.Trim(), parse.GetValue(_accept));
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { Id = id, Stage = stage, Current = store.Named("current"), Previous = store.Named("previous"), Candidate = store.Named("candidate") }));
        else terminal.Output.WriteLine($"{id[..12]} is in stage {stage}{(store.Named("current") == id ? $" and current; before it {store.Named("previous")?[..12] ?? "the planner"}" : "; the planner or the current policy goes on acting")}.");
        return ExitCode.Ok;
    }

    private static RolloutStage Promote(GateLedger ledger, string id, string? who, bool accept)
    {
        var from = ledger.StageOf(id);
        if (from is not RolloutStage.Installed and not RolloutStage.All && string.IsNullOrEmpty(who)) throw new EdgeException(ExitCode.Usage, $"Policy {id} would act in stage {from + 1}; name who approves that with --operator.");
        try
        {
            if (from != RolloutStage.Installed) return ledger.Advance(id, new OperatorApproval(who ?? "", id, from + 1, TimeProvider.System.GetUtcNow()) { AcceptsLowered = accept });
            ledger.EnterShadow(id);
            return RolloutStage.Shadow;
        }
        catch (InvalidOperationException e)
        {
            throw new EdgeException(ExitCode.Different, e.Message, e);
        }
    }
}
