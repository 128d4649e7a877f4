using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Goes back from a policy.</summary>
internal sealed class PolicyRollbackVerb : Verb
{
    private readonly Option<string> _store = PolicyStores.StoreOption();
    private readonly Option<string> _reason = new("--reason") { HelpName = "text", Description = "Why, for the deny list.", Required = true };
    private readonly Option<string?> _id = VerbOption.Text("--id", "id", "The policy to deny; the current one unless given.");

    /// <summary>Makes the verb.</summary>
    public PolicyRollbackVerb()
        : base(
            "rollback",
            "Goes back from the current policy to the previous one, or to the planner, and denies it for good. Needs no keys. A robot that runs does this by itself when a monitor fires.",
            "edge policy rollback --store store --reason loiters",
            "edge policy rollback --store store --reason recalled --id 1a2b3c --json")
    {
        Add(_store);
        Add(_reason);
        Add(_id);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string folder = parse.GetValue(_store)!, reason = parse.GetValue(_reason)!.Trim();
        if (reason.Length == 0) throw new EdgeException(ExitCode.Usage, "--reason is empty; say why, the deny list keeps it.");
        using var store = PolicyStores.Open(folder, keys: null);
        string bad = parse.GetValue(_id) is { } id ? store.Resolve(id) : store.Named("current") ?? throw new EdgeException(ExitCode.InputMissing, $"{folder} has no current policy to go back from; the planner drives.");
        string? now = store.Rollback(bad, reason);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new { Denied = bad, Reason = reason, Current = now, Previous = store.Named("previous"), Candidate = store.Named("candidate") }));
        else terminal.Output.WriteLine($"{bad[..12]} is denied; {(now is null ? "the planner drives" : $"current is {now[..12]}")}.");
        return ExitCode.Ok;
    }
}
