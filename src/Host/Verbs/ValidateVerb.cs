using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>Checks a configuration and lists every error.</summary>
internal sealed class ValidateVerb : Verb
{
    private readonly Argument<string?> _file = new("file") { Description = "Configuration file (JSON, comments allowed).", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _keys = new("--keys") { Description = "Print every key with its default, rule and meaning instead (Markdown)." };

    /// <summary>Makes the verb.</summary>
    public ValidateVerb()
        : base(
            "validate",
            "Checks a configuration and lists every error at once; starts nothing.",
            "edge validate robot.json",
            "edge validate robot.json --json",
            "edge validate --keys")
    {
        Add(_file);
        Add(_keys);
        Validators.Add(result =>
        {
            if (result.GetValue(_file) is null && !result.GetValue(_keys)) result.AddError("Give the configuration file to check, or --keys.");
        });
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        var registry = Stages.All;
        if (parse.GetValue(_file) is not { } file)
        {
            terminal.Output.Write(ConfigurationReference.Markdown(registry));
            return ExitCode.Ok;
        }
        var result = ConfigurationFile.Load(file, registry);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(new FindingsResult(file, result.IsValid, result.Findings)));
        else Show(file, result, terminal);
        return result.IsValid ? ExitCode.Ok : ExitCode.Configuration;
    }

    private static void Show(string file, ConfigurationResult result, Terminal terminal)
    {
        int errors = result.Findings.Count(f => f.Severity == Severity.Error), warnings = result.Findings.Count - errors;
        if (result.Findings.Count > 0) TableWriter.Write(terminal, FindingsView.Of(result.Findings));
        terminal.Output.WriteLine(errors == 0 && warnings == 0 ? $"{file}: no errors." : $"{file}: {errors} errors, {warnings} warnings.");
    }
}
