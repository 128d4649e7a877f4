using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The main job: robots in the built-in world.</summary>
internal sealed class DemoVerb : Verb
{
    private const double SliceSeconds = 0.05; // the live table is redrawn twenty times a second

    private readonly Option<int> _robots = VerbOption.Number("--robots", "How many robots.", 1, 1, SimulatedFleet.MaxRobots);
    private readonly Option<int?> _tasks = new("--tasks") { Description = "With several robots: how many tasks they share out among themselves; default 3 a robot; 0 = none, the world sends each from station to station.", HelpName = "number" };
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "Simulated seconds.", 30.0, 0.1, 86_400);
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of everything random; the same seed gives the same run.", 1, 0, ulong.MaxValue);
    private readonly Option<bool> _headless = new("--headless") { Description = "As fast as it goes, without live table and live page; otherwise one simulated second takes one second." };
    private readonly Option<int?> _port = new("--port") { Description = "TCP port of the live page on this machine; 0 = any free one. Default 8765; with --headless only when given.", HelpName = "number" };
    private readonly Option<bool> _noPage = new("--no-page") { Description = "Without the live page." };

    private readonly Option<string?> _record = VerbOption.Text("--record", "file.mcap", "Records everything; `edge replay` runs it again, Foxglove shows it.");
    private readonly Option<string?> _picture = VerbOption.Text("--picture", "file.svg", "Writes the world from above as it stands at the end.");

    /// <summary>Makes the verb.</summary>
    public DemoVerb()
        : base(
            "demo",
            "Drives robots through the built-in world: event camera, spiking perception, adaptive-step policy, rover.",
            "edge demo",
            "edge demo --robots 8",
            "edge demo --no-range --scenario corridor",
            "edge demo --missions",
            "edge demo --robots 3 --missions --size Large",
            "edge demo --headless --seconds 20 --seed 1 --json")
    {
        Add(_robots);
        Add(_tasks);
        Add(_seconds);
        Add(_seed);
        SimulatedFleetOptions.AddTo(this);
        MissionOptions.AddTo(this);
        Add(_headless);
        Add(_port);
        Add(_noPage);
        Validators.Add(result =>
        {
            if (result.GetValue(_tasks) is < 0 or > 200) result.AddError($"--tasks is {result.GetValue(_tasks)}; must be from 0 to 200.");
            if (result.GetValue(_port) is < 0 or > 65_535) result.AddError($"--port is {result.GetValue(_port)}; must be from 0 to 65535.");
        });
        Add(_record);
        Add(_picture);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        ulong seed = parse.GetValue(_seed);
        int robots = parse.GetValue(_robots);
        if (robots == 1 && parse.GetValue(_tasks) is > 0 and var tasks) throw new EdgeException(ExitCode.Usage, $"--tasks is {tasks} with one robot; add --robots 2 or more.");
        var options = SimulatedFleetOptions.Read(parse, robots) with { Tasks = robots > 1 ? parse.GetValue(_tasks) ?? 3 * robots : 0 };
        var choice = MissionOptions.Read(parse, options.Robots);
        if (choice is not null && robots > 1 && options.Tasks == 0) throw new EdgeException(ExitCode.Usage, "--tasks is 0 with --missions and several robots; must be 1 or more: missions are the tasks that they share out.");
        // Of missions, which take a minute each, as many as robots can end in the standard time.
        if (choice is not null && robots > 1 && parse.GetValue(_tasks) is null) options = options with { Tasks = 2 * robots };
        bool isOpenEnded = choice is null && options.Tasks == 0;
        double seconds = !isOpenEnded && parse.GetResult(_seconds) is null or { Implicit: true } ? (choice is not null && robots > 1 ? 3 : 1) * MissionOptions.StandardSeconds : parse.GetValue(_seconds);
        using var run = Start(parse, options with { Site = choice?.Site(seed, robots) }, seed, terminal);
        using var missions = choice is null || robots > 1 ? null : new MissionRun(run, choice, seed);
        using var fleet = options.Tasks == 0 ? null : new MemoryFleet(run, choice is null ? FleetJobs.Make(run.Fleet.World.Scenario, seed, options.Tasks) : MissionWork.Tasks(run.Site!, seed, options.Tasks), seed, choice);
        var goals = (IGoalSource?)missions ?? fleet;
        if (run.View is { } view) terminal.Say($"edge: live page at {view.Address}");
        long start = Stopwatch.GetTimestamp();
        if (parse.GetValue(_headless)) Hurry(run, goals, seconds, terminal, signals.Token);
        else LiveTable.Run(terminal, show => Pace(run, goals, seconds, show, signals.Token));
        goals?.Finish();
        run.Finish();
        if (parse.GetValue(_picture) is { } picture) File.WriteAllText(picture, run.Fleet.World.ToSvg());

        var summary = Summaries.Of(run.Fleet, seed, Stopwatch.GetElapsedTime(start).TotalSeconds) with { Recording = RecordingRow.Of(run.Recording), MissionsDone = (missions?.Rows ?? fleet?.Missions)?.Count(m => m.Outcome == MissionOutcome.Succeeded) ?? 0, Missions = missions?.Rows ?? fleet?.Missions, Fleet = fleet?.Summary() };
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(summary));
        else Summaries.Write(terminal, summary);
        return ExitCode.Ok;
    }

    private FleetRun Start(ParseResult parse, SimulatedFleetOptions options, ulong seed, Terminal terminal)
    {
        int? port = parse.GetValue(_port);
        bool page = !parse.GetValue(_noPage) && (port is not null || !parse.GetValue(_headless));
        var live = page ? new LiveOptions { Robot = "demo", Port = port ?? new LiveOptions().Port, AllowControl = true } : null;
        try
        {
            return new FleetRun(options, seed, Name, parse.GetValue(_record), live, terminal);
        }
        catch (EdgeException taken) when (taken.Code == ExitCode.Io && live is not null && port is null)
        {
            // Nobody asked for this port by name: a second demo beside the first one simply gets another.
            return new FleetRun(options, seed, Name, parse.GetValue(_record), live with { Port = 0 }, terminal);
        }
    }

    private static void Hurry(FleetRun run, IGoalSource? goals, double seconds, Terminal terminal, CancellationToken stop)
    {
        using var progress = new ProgressLine(terminal, "simulated seconds");
        for (double t = 0; t < seconds && goals is not { IsOver: true } && !stop.IsCancellationRequested;)
        {
            t = Math.Min(seconds, t + SliceSeconds);
            Advance(run, goals, Stamp.FromSeconds(t));
            progress.Report((long)t, (long)Math.Ceiling(seconds));
        }
    }

    private static void Pace(FleetRun run, IGoalSource? goals, double seconds, Action<TableView> show, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        for (double t = 0; t < seconds && goals is not { IsOver: true } && !stop.IsCancellationRequested;)
        {
            t = Math.Min(seconds, t + SliceSeconds);
            Advance(run, goals, Stamp.FromSeconds(t));
            string title = string.Create(CultureInfo.InvariantCulture, $"{t:0.0} of {seconds:0.#} s   {run.Fleet.GoalsReached} goals   {run.Fleet.Collisions} collisions   {goals?.Headline}{(goals is null ? "" : "   ")}Ctrl-C ends it");
            show(Summaries.Table(title, run.Fleet.Rows(present: true)));
            double ahead = t - Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (ahead > 0) stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(ahead));
        }
    }

    private static void Advance(FleetRun run, IGoalSource? goals, Stamp end)
    {
        if (goals is null) run.RunUntil(end);
        else goals.RunUntil(end);
    }
}
