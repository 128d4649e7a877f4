using System.CommandLine;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Several robots over a real broker.</summary>
internal sealed class FleetVerb : Verb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Option<int> _robots = VerbOption.Number("--robots", "How many robots.", 5, 1, Simulation.YardScenario.MaxRobots);
    private readonly Option<string?> _broker = VerbOption.Text("--broker", "mqtt://host:port", "The broker; default a mosquitto that is started for the run on the loopback.");
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "The longest time; ends earlier when all is done.", 60.0, 1, 86_400);
    private readonly Option<int?> _tasks = new("--tasks") { Description = "How many tasks they share out among themselves; default 4 a robot.", HelpName = "number" };
    private readonly Option<ulong> _seed = VerbOption.Number<ulong>("--seed", "Seed of yard and tasks.", 1, 0, ulong.MaxValue);
    private readonly Option<bool> _processes = new("--processes") { Description = "A process for each robot; otherwise threads of one." };
    private readonly Option<bool> _drill = new("--drill") { Description = "Kills a robot at work and the broker (twice), freezes a robot, cuts one off; shows how long the fleet takes to recover. Means --processes and the broker of its own." };
    private readonly Option<bool> _camera = new("--camera") { Description = "Robots with event camera and spiking perception beside the range scanner; takes about a twentieth of a core each." };
    private readonly Option<bool> _gate = new("--gate") { Description = "A wall cuts the yard in two; its gate is a zone that one robot holds at a time." };
    private readonly Option<int?> _port = new("--port") { Description = "TCP port of the live page on this machine; 0 = any free one. Default 8765, and any free one where that is taken.", HelpName = "number" };
    private readonly Option<bool> _noPage = new("--no-page") { Description = "Without the live page." };

    /// <summary>Makes the verb.</summary>
    public FleetVerb()
        : base(
            "fleet",
            "Runs several robots over an MQTT broker: they share out tasks among themselves and drive them.",
            "edge fleet --robots 5",
            "edge fleet --robots 20 --seconds 60",
            "edge fleet --gate --seconds 90",
            "edge fleet --drill --seconds 180",
            "edge fleet --broker mqtt://127.0.0.1:1883 --json")
    {
        Add(_robots);
        Add(_broker);
        Add(_seconds);
        Add(_tasks);
        Add(_seed);
        Add(_processes);
        Add(_drill);
        Add(_camera);
        Add(_gate);
        Add(_port);
        Add(_noPage);
        Validators.Add(result =>
        {
            if (result.GetValue(_tasks) is < 1 or > 200) result.AddError($"--tasks is {result.GetValue(_tasks)}; must be from 1 to 200.");
            if (result.GetValue(_port) is < 0 or > 65_535) result.AddError($"--port is {result.GetValue(_port)}; must be from 0 to 65535.");
            if (result.GetValue(_drill) && result.GetValue(_broker) is not null) result.AddError("--drill kills the broker, so it takes none that is named by --broker; leave one of them out.");
        });
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        using var signals = new StopSignals();
        int robots = parse.GetValue(_robots);
        bool drill = parse.GetValue(_drill);
        if (drill && robots < 3) throw new EdgeException(ExitCode.Usage, $"--robots is {robots} with --drill; must be 3 or more, so that a majority is left when one is gone.");
        int tasks = parse.GetValue(_tasks) ?? Math.Min(200, 4 * robots);
        if (drill && tasks < FleetDrill.MinTasks) throw new EdgeException(ExitCode.Usage, $"--tasks is {tasks} with --drill; must be {FleetDrill.MinTasks} or more, two for each fault.");
        var options = new FleetRunOptions
        {
            Robots = robots, Tasks = tasks, Seed = parse.GetValue(_seed), Broker = Address(parse.GetValue(_broker)), Processes = drill || parse.GetValue(_processes),
            Drill = drill, Camera = parse.GetValue(_camera), Gated = parse.GetValue(_gate), HasPage = !parse.GetValue(_noPage), Port = parse.GetValue(_port),
        };
        double limit = parse.GetValue(_seconds);
        using var run = new FleetRunner(options, terminal.Say);
        if (run.Page is { } page) terminal.Say($"edge: live page at {page}");
        LiveTable.Run(terminal, show =>
        {
            double shown = -1;
            while (run.Seconds < limit && !run.IsOver && !signals.Token.IsCancellationRequested)
            {
                run.Step();
                if (run.Seconds - shown >= 0.2)
                {
                    shown = run.Seconds;
                    show(Table(string.Create(CultureInfo.InvariantCulture, $"{run.Seconds:0.0} of {limit:0.#} s   {run.Headline}   Ctrl-C ends it"), run.Rows()));
                }
                signals.Token.WaitHandle.WaitOne(Pause);
            }
        });
        var result = run.Finish();
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Write(terminal, result);
        return ExitCode.Ok;
    }

    /// <summary>Reads a broker's address.</summary>
    /// <exception cref="EdgeException">It is none.</exception>
    internal static Uri? Address(string? text)
    {
        if (text is null) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "mqtt" && address.Host.Length > 0) return address.IsDefaultPort ? new UriBuilder(address) { Port = 1883 }.Uri : address;
        throw new EdgeException(ExitCode.Usage, $"--broker is '{text}'; must be an address such as mqtt://127.0.0.1:1883.");
    }

    private static void Write(Terminal terminal, FleetResult result)
    {
        var c = CultureInfo.InvariantCulture;
        TableWriter.Write(terminal, Table(string.Create(c, $"seed {result.Seed}: {result.Robots} robots in {(result.Processes ? "processes of their own" : "one process")}, {result.WallSeconds:0.0} s, {result.Collisions} collisions, smallest gap {result.SmallestGap:0.00} m"), result.PerRobot));
        TableWriter.Write(terminal, Summaries.Table(result.Fleet.PerTask));
        if (result.Drill is { } drill)
        {
            TableWriter.Write(terminal, new TableView("", ["fault", ">at", ">lasted", ">recovered after"], [.. drill.Select(d => (IReadOnlyList<string>)
            [
                d.Fault, string.Create(c, $"{d.At:0.0} s"), string.Create(c, $"{d.LastedSeconds:0.0} s"), d.RecoverySeconds is { } r ? string.Create(c, $"{r:0.0} s") : "not before the end",
            ])]));
        }
        terminal.Output.WriteLine(Summaries.Line(result.Fleet));
    }

    private static TableView Table(string title, IReadOnlyList<FleetRobotRow> rows) => new(
        title, ["robot", "does", "task", ">done", ">given up", ">contacts", "link", ">hears", "coordinates"],
        [.. rows.Select(r => (IReadOnlyList<string>)
        [
            r.Robot, r.Phase, r.Task ?? "", r.Done.ToString(CultureInfo.InvariantCulture), r.GivenUp.ToString(CultureInfo.InvariantCulture), r.Contacts.ToString(CultureInfo.InvariantCulture), r.Link,
            r.Alive.ToString(CultureInfo.InvariantCulture), r.Coordinates ? "yes" : "",
        ])]);
}
