using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Simulation in the loop, many episodes, faster than real time.</summary>
internal sealed class SimVerb : Verb
{
    private readonly Option<int> _episodes = VerbOption.Number("--episodes", "How many episodes, each with a seed of its own.", 10, 1, 1_000_000);
    private readonly Option<int> _robots = VerbOption.Number("--robots", "Robots per episode.", 1, 1, SimulatedFleet.MaxRobots);
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "Simulated seconds per episode.", 30.0, 0.1, 86_400);
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of the first episode; episode i takes seed + i.", 1, 0, ulong.MaxValue);

    private readonly Option<string?> _record = VerbOption.Text("--record", "file.mcap", "Records every episode; of several, each gets its seed into the name.");

    /// <summary>Makes the verb.</summary>
    public SimVerb()
        : base(
            "sim",
            "Runs many episodes of the built-in world, headless and faster than real time, and gives rates with 95 % intervals.",
            "edge sim --episodes 20 --seed 7",
            "edge sim --episodes 20 --seconds 60 --no-range --pacer fixed:8",
            "edge sim --scenario corridor --robots 4 --episodes 10 --json",
            "edge sim --missions --episodes 10")
    {
        SimulatedFleetOptions.AddTo(this);
        MissionOptions.AddTo(this);
        Add(_episodes);
        Add(_robots);
        Add(_seconds);
        Add(_seed);
        Add(_record);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        ulong seed = parse.GetValue(_seed);
        int episodes = parse.GetValue(_episodes);
        var options = SimulatedFleetOptions.Read(parse, parse.GetValue(_robots));
        if (options.Robots > 1 && parse.GetValue<bool>("--missions")) throw new EdgeException(ExitCode.Usage, $"--robots is {options.Robots} with --missions; must be 1: an episode is one mission of one robot. Several share missions out in `edge demo --robots {options.Robots} --missions`.");
        var missions = MissionOptions.Read(parse, options.Robots) is { } some ? some with { MaxMissions = 1 } : null;
        double seconds = missions is not null && parse.GetResult(_seconds) is null or { Implicit: true } ? MissionOptions.StandardSeconds : parse.GetValue(_seconds);
        var tally = new EpisodeTally(seed, parse.GetValue(_robots));
        long start = Stopwatch.GetTimestamp();
        RecordingTotals? recording = null;
        using (var progress = new ProgressLine(terminal, "episodes"))
        {
            for (int i = 0; i < episodes && !signals.Token.IsCancellationRequested; i++)
            {
                ulong own = unchecked(seed + (ulong)i);
                using var run = new FleetRun(options with { Site = missions?.Site(own) }, own, Name, Recording(parse.GetValue(_record), episodes, own), live: null, terminal);
                if (missions is null)
                {
                    run.RunUntil(Stamp.FromSeconds(Math.Min(1, seconds)));
                    run.RunUntil(Stamp.FromSeconds(seconds));
                }
                else
                {
                    tally.Add(Drive(run, missions, own, seconds));
                }
                run.Finish();
                tally.Add(run.Fleet);
                recording = run.Recording;
                progress.Report(i + 1, episodes);
            }
        }
        var summary = tally.Summary(Stopwatch.GetElapsedTime(start).TotalSeconds) with { Recording = RecordingRow.Of(recording) };
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(summary));
        else Summaries.Write(terminal, summary);
        return ExitCode.Ok;
    }

    private static IReadOnlyList<MissionRow> Drive(FleetRun run, MissionOptions options, ulong seed, double seconds)
    {
        using var missions = new MissionRun(run, options, seed);
        missions.RunUntil(Stamp.FromSeconds(seconds));
        missions.Finish();
        return missions.Rows;
    }

    private static string? Recording(string? file, int episodes, ulong seed) => file is null || episodes == 1
        ? file
        : Path.Combine(Path.GetDirectoryName(file) ?? "", string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(file)}-{seed}{Path.GetExtension(file)}"));
}
