using System.CommandLine;
using System.Globalization;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Runs a recording again and compares every cycle, or asks what another configuration would have done.</summary>
internal sealed class ReplayVerb : Verb
{
    private readonly Argument<string> _file = new("file") { Description = "A recording made with --record or by the service." };
    private readonly Option<string?> _from = VerbOption.Text("--from", "seconds|every", "Begin at the last keyframe before this time, or, with 'every', replay from every keyframe to the end.");
    private readonly Option<long> _cycles = VerbOption.Number("--cycles", "Most cycles of each loop from each start; 0 = to the end.", 0L, 0, long.MaxValue);
    private readonly Option<string[]> _override = new("--override") { Description = "Changes a key of the recorded configuration, such as Loops:*:Decide:MaxSpeedMps=0.5, and reports what would have differed. May be repeated.", HelpName = "key=value", AllowMultipleArgumentsPerToken = false };
    private readonly Option<bool> _gaps = new("--allow-gaps") { Description = "Go on behind holes and damaged chunks, at the next keyframe." };
    private readonly Option<string?> _record = VerbOption.Text("--record", "file.mcap", "Records the replay, for `edge diff` or Foxglove.");
    private readonly Option<bool> _serve = new("--serve") { Description = "Show it on the live page and in Foxglove until Ctrl-C, with pause, speed and seek." };
    private readonly Option<int> _port = VerbOption.Number("--port", "With --serve: TCP port on this machine; 0 = any free one.", new LiveOptions().Port, 0, 65_535);
    private readonly Option<string?> _plot = VerbOption.Text("--plot", "folder", "Write latency, period, path on the map and event image as SVG and PNG.");
    private readonly Option<double> _speed = VerbOption.Number("--speed", "Recorded seconds per second; 0 = as fast as it goes.", 0.0, 0, 1000);

    /// <summary>Makes the verb.</summary>
    public ReplayVerb()
        : base(
            "replay",
            "Runs a recording again with the same loops and compares the state of every cycle, bit for bit.",
            "edge replay run.mcap",
            "edge replay run.mcap --from every --json",
            "edge replay run.mcap --serve --speed 2",
            "edge replay run.mcap --plot pictures",
            "edge replay run.mcap --override Loops:*:Decide:MaxSpeedMps=0.5 --override Loops:*:Period:Policy=ErrorControlled")
    {
        Add(_file);
        Add(_from);
        Add(_cycles);
        Add(_override);
        Add(_gaps);
        Add(_speed);
        Add(_record);
        Add(_serve);
        Add(_port);
        Add(_plot);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        string? from = parse.GetValue(_from);
        double seconds = 0;
        if (from is not (null or "every") && !(double.TryParse(from, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds >= 0))
            throw new EdgeException(ExitCode.Usage, $"--from is '{from}'; must be a number of seconds, or every.");
        var options = new ReplayOptions
        {
            From = seconds, EveryKeyframe = from == "every", Cycles = parse.GetValue(_cycles), AllowGaps = parse.GetValue(_gaps), Overrides = parse.GetValue(_override) ?? [], Speed = parse.GetValue(_speed),
        };
        string? record = parse.GetValue(_record);
        if (record is not null && options.EveryKeyframe) throw new EdgeException(ExitCode.Usage, "--record cannot be used with --from every; each start would be a recording of its own.");
        if (record is not null && Path.GetFullPath(record) == Path.GetFullPath(parse.GetValue(_file)!)) throw new EdgeException(ExitCode.Usage, $"--record is '{record}', the recording itself; name another file.");
        using var file = Recordings.Open(parse.GetValue(_file)!);
        if (parse.GetValue(_serve)) return Serve(file, options, parse.GetValue(_port), terminal, signals.Token);
        ReplayResult result;
        using (var progress = new ProgressLine(terminal, "cycles"))
            result = Recordings.Guard(file.Path, () => new ReplayRun(file, options).Run(record, progress, signals.Token));
        if (parse.GetValue(_plot) is { } folder)
            result = result with { Pictures = Recordings.Guard(file.Path, () => ReplayPlots.Write(file, folder, seconds > 0 ? seconds : null)) };
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else ReplayView.Write(terminal, result);
        return result.Equal || result.Overrides.Count > 0 ? ExitCode.Ok : ExitCode.Different;
    }

    private static ExitCode Serve(RecordingFile file, ReplayOptions options, int port, Terminal terminal, CancellationToken stop)
    {
        if (options.EveryKeyframe) throw new EdgeException(ExitCode.Usage, "--serve cannot be used with --from every; give a time, or seek on the page.");
        var run = Recordings.Guard(file.Path, () => new ReplayRun(file, options));
        using var playback = new ServedReplay(file, run, options.From, options.Speed);
        using var view = RunView.Start(new LiveOptions { Robot = file.Info.GetValueOrDefault("robot", "replay"), Port = port }, playback);
        terminal.Say($"edge: {file.Path} at {view.Address}; Ctrl-C ends it");
        Recordings.Guard(file.Path, () =>
        {
            playback.Run(view.Consumer, stop);
            return true;
        });
        return ExitCode.Ok;
    }
}
