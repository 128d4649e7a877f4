using System.CommandLine;

namespace EdgeAutonomy.Host;

/// <summary>The hosted service on a board, or a perception loop over a recording.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Option<string?> _config = VerbOption.Text("--config", "file", "Configuration of the service; runs until SIGTERM or Ctrl-C.");
    private readonly Option<string?> _events = VerbOption.Text("--events", "file", "Event file to run the perception loop on.");
    private readonly Option<double> _window = VerbOption.Number("--period-ms", "Period of the perception loop over a recording, in milliseconds.", 2.0, 0.125, 1000);

    /// <summary>Makes the verb.</summary>
    public RunVerb()
        : base(
            "run",
            "Runs the loops of a configuration as a service, or one perception loop over an event file.",
            "edge run --config robot.json",
            "edge run --events recording.raw --json")
    {
        Add(_config);
        Add(_events);
        Add(_window);
        Validators.Add(result =>
        {
            bool config = result.GetValue(_config) is not null, events = result.GetValue(_events) is not null;
            if (config == events) result.AddError(config ? "--config and --events cannot be used together." : "Give --config FILE or --events FILE.");
        });
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal) => throw new NotImplementedException();
}
