using System.CommandLine;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The hosted service on a board, or a perception loop over a recording.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Option<string?> _config = VerbOption.Text("--config", "file", "Configuration of the service; runs until SIGTERM or Ctrl-C.");
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "With --config: stop by itself after so many seconds; 0 = never.", 0.0, 0, 31_536_000);
    private readonly Option<string?> _events = VerbOption.Text("--events", "file", "Event file to run the perception loop on.");
    private readonly Option<double> _period = VerbOption.Number("--period-ms", "With --events: period of the perception loop, in milliseconds.", 2.0, 0.125, 1000);
    private readonly Option<string?> _record = VerbOption.Text("--record", "file.mcap", "Records to this file; with --config in place of the configured recording.");
    private readonly EventFileChoice _choice = new();

    /// <summary>Makes the verb.</summary>
    public RunVerb()
        : base(
            "run",
            "Runs the loops of a configuration as a service, or one perception loop over an event file.",
            "edge run --config robot.json",
            "edge run --events recording.raw",
            "edge run --events recording.raw --period-ms 4 --json")
    {
        Add(_config);
        Add(_seconds);
        Add(_events);
        Add(_period);
        Add(_record);
        _choice.AddTo(this);
        Validators.Add(result =>
        {
            bool config = result.GetValue(_config) is not null, events = result.GetValue(_events) is not null;
            if (config == events) result.AddError(config ? "--config and --events cannot be used together." : "Give --config FILE or --events FILE.");
        });
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        if (parse.GetValue(_config) is { } config) return Service.Run(config, parse.GetValue(_seconds), parse.GetValue(_record), terminal);
        string file = parse.GetValue(_events)!;
        using var signals = new StopSignals();
        EventFileResult result;
        using (var progress = new ProgressLine(terminal, "events"))
            result = EventFileRun.Run(file, _choice.Read(parse), Duration.FromMilliseconds(parse.GetValue(_period)), parse.GetValue(_record), terminal, progress, signals.Token);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else
        {
            TableWriter.Write(terminal, EventFileResults.Table(file, result));
            if (result.Percept is { } percept)
            {
                foreach (var table in EventFileResults.Tables(percept)) TableWriter.Write(terminal, table);
            }
        }
        return ExitCode.Ok;
    }
}
