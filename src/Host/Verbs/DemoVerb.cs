using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The main job: robots in the built-in world.</summary>
internal sealed class DemoVerb : Verb
{
    private const double SliceSeconds = 0.05; // the live table is redrawn twenty times a second

    private readonly Option<int> _robots = VerbOption.Number("--robots", "How many robots.", 1, 1, SimulatedFleet.MaxRobots);
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "Simulated seconds.", 30.0, 0.1, 86_400);
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of everything random; the same seed gives the same run.", 1, 0, ulong.MaxValue);
    private readonly Option<bool> _headless = new("--headless") { Description = "As fast as it goes and without the live table; otherwise one simulated second takes one second." };

    private readonly Option<string?> _record = VerbOption.Text("--record", "file.mcap", "Records everything; `edge replay` runs it again, Foxglove shows it.");
    private readonly Option<string?> _picture = VerbOption.Text("--picture", "file.svg", "Writes the world from above as it stands at the end.");

    /// <summary>Makes the verb.</summary>
    public DemoVerb()
        : base(
            "demo",
            "Drives robots through the built-in world: event camera, spiking perception, adaptive-step policy, rover.",
            "edge demo",
            "edge demo --robots 5 --seconds 60",
            "edge demo --no-range --scenario corridor",
            "edge demo --headless --seconds 20 --seed 1 --json")
    {
        Add(_robots);
        Add(_seconds);
        Add(_seed);
        FleetOptions.AddTo(this);
        Add(_headless);
        Add(_record);
        Add(_picture);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        ulong seed = parse.GetValue(_seed);
        double seconds = parse.GetValue(_seconds);
        using var run = new FleetRun(FleetOptions.Read(parse, parse.GetValue(_robots)), seed, Name, parse.GetValue(_record), live: null, terminal);
        long start = Stopwatch.GetTimestamp();
        if (parse.GetValue(_headless)) Hurry(run, seconds, terminal, signals.Token);
        else LiveTable.Run(terminal, show => Pace(run, seconds, show, signals.Token));
        run.Finish();
        if (parse.GetValue(_picture) is { } picture) File.WriteAllText(picture, run.Fleet.World.ToSvg());

        var summary = Summaries.Of(run.Fleet, seed, Stopwatch.GetElapsedTime(start).TotalSeconds) with { Recording = RecordingRow.Of(run.Recording) };
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(summary));
        else Summaries.Write(terminal, summary);
        return ExitCode.Ok;
    }

    private static void Hurry(FleetRun run, double seconds, Terminal terminal, CancellationToken stop)
    {
        using var progress = new ProgressLine(terminal, "simulated seconds");
        for (double t = 0; t < seconds && !stop.IsCancellationRequested;)
        {
            t = Math.Min(seconds, t + SliceSeconds);
            run.RunUntil(Stamp.FromSeconds(t));
            progress.Report((long)t, (long)Math.Ceiling(seconds));
        }
    }

    private static void Pace(FleetRun run, double seconds, Action<TableView> show, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        for (double t = 0; t < seconds && !stop.IsCancellationRequested;)
        {
            t = Math.Min(seconds, t + SliceSeconds);
            run.RunUntil(Stamp.FromSeconds(t));
            string title = string.Create(CultureInfo.InvariantCulture, $"{t:0.0} of {seconds:0.#} s   {run.Fleet.GoalsReached} goals   {run.Fleet.Collisions} collisions   Ctrl-C ends it");
            show(Summaries.Table(title, run.Fleet.Rows(present: true)));
            double ahead = t - Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (ahead > 0) stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(ahead));
        }
    }
}
