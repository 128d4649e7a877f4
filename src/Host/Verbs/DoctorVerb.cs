using System.CommandLine;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Looks whether this machine is fit for a robot.</summary>
internal sealed class DoctorVerb : Verb
{
    private readonly Option<string?> _config = VerbOption.Text("--config", "file", "The robot's configuration: what it asks for is looked at with its limits, folders, devices and broker.");
    private readonly Option<string?> _broker = VerbOption.Text("--broker", "mqtt://host:port", "A broker to try, in place of the configuration's.");

    /// <summary>Makes the verb.</summary>
    public DoctorVerb()
        : base(
            "doctor",
            "Checks board, real-time limits, serial ports, broker, inference libraries and disk; changes nothing and needs no root.",
            "edge doctor",
            "edge doctor --config robot.json",
            "edge doctor --broker mqtt://127.0.0.1:1883 --json")
    {
        Add(_config);
        Add(_broker);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        var broker = FleetVerb.Address(parse.GetValue(_broker));
        string? file = parse.GetValue(_config);
        var context = new DoctorContext(file, file is null ? null : ConfigurationFile.Load(file, Stages.All), broker, new SystemFiles());
        IReadOnlyList<Diagnosis> all;
        using (var progress = new ProgressLine(terminal, "checks"))
        {
            int begun = 0;
            all = Doctor.Run(context, _ => progress.Report(begun++, Doctor.Checks.Count));
        }
        var result = DoctorResult.Of(all);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Show(all, result, terminal);
        return result.Healthy ? ExitCode.Ok : ExitCode.Configuration;
    }

    private static void Show(IReadOnlyList<Diagnosis> all, DoctorResult result, Terminal terminal)
    {
        TableWriter.Write(terminal, new TableView("", ["", "where", "finding"], [.. all.Select(d => (IReadOnlyList<string>)[Word(d.Level), d.Where, d.Remedy.Length == 0 ? d.Message : $"{d.Message} {d.Remedy}"])]));
        int errors = result.Findings.Count(f => f.Severity == Severity.Error), warnings = result.Findings.Count - errors;
        terminal.Output.WriteLine(errors == 0 && warnings == 0 ? "All is well." : string.Create(CultureInfo.InvariantCulture, $"{errors} errors, {warnings} warnings."));
    }

    private static string Word(DiagnosisLevel level) => level switch { DiagnosisLevel.Ok => "ok", DiagnosisLevel.Warning => "warning", _ => "error" };
}
