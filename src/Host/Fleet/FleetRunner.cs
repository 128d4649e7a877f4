using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Several robots over a real broker, in real time: starts them, hands out tasks, watches, and sums up.</summary>
/// <remarks>One thread, apart from robots of the same process and the drill.</remarks>
internal sealed class FleetRunner : IDisposable
{
    private const double ShowEvery = 0.1;

    private readonly FleetRunOptions _options;
    private readonly Stack<Action> _undo = new();
    private readonly LocalBroker? _broker;
    private readonly FleetWorld _world;
    private readonly FleetPlan _plan;
    private readonly FleetCrew _crew;
    private readonly TaskBoard _board;
    private readonly FleetBook _book;
    private readonly FileEffects _effects;
    private readonly IReadOnlyList<FleetTask> _tasks;
    private readonly Queue<FleetTask> _later;
    private readonly FleetDrill? _drill;
    private readonly FleetPage? _page;
    private readonly long _start = Stopwatch.GetTimestamp();
    private double _shown = double.NegativeInfinity;

    /// <summary>Starts broker, world, robots and board.</summary>
    /// <param name="options">What is run.</param>
    /// <param name="say">Told what a person should know.</param>
    /// <exception cref="EdgeException">There is no broker, or no MQTT library.</exception>
    public FleetRunner(FleetRunOptions options, Action<string> say)
    {
        _options = options;
        _ = LinkAdapters.Choose();
        Folder = Directory.CreateTempSubdirectory("edge-fleet-").FullName;
        _undo.Push(() => Directory.Delete(Folder, recursive: true));
        try
        {
            _broker = options.Broker is null ? Own(LocalBroker.Start(Path.Combine(Folder, "broker"))) : null;
            var address = options.Broker ?? _broker!.Address;
            LinkProxy[] proxies = options.Drill ? [.. Enumerable.Range(0, options.Robots).Select(_ => Own(new LinkProxy(address)))] : [];
            _world = Own(new FleetWorld(options.Robots));
            _plan = new FleetPlan
            {
                Seed = options.Seed, Robots = options.Robots, Tasks = options.Tasks, Site = "fleet", WorldPort = _world.Port, Folder = Folder, Camera = options.Camera, Gated = options.Gated,
                Brokers = [.. Enumerable.Range(0, options.Robots).Select(i => options.Drill ? proxies[i].Address : address)],
            };
            var yard = _plan.Yard();
            // Before any robot: a port that is taken ends the run at once.
            if (options.HasPage) _page = Own(FleetPage.Open(options.Port, yard, _plan.Names()));
            string planFile = Path.Combine(Folder, "plan.json");
            _plan.Write(planFile);
            _tasks = FleetJobs.Make(yard, options.Seed, options.Tasks);
            _effects = new FileEffects(Path.Combine(Folder, "effects"), "judge");
            var store = new FilePromiseStore(Path.Combine(Folder, "board"));
            var presence = new FleetPresence(new FleetTopics(_plan.Site, "board"), store, TimeProvider.System);
            var link = Links.Open(Links.Options(address, _plan.Site, presence, options.Seed + 1000));
            _undo.Push(() => Task.WhenAny(EndAsync(link), Task.Delay(TimeSpan.FromSeconds(3))).Wait());
            _board = Own(new TaskBoard(link, presence, store, new BoardOptions()));
            _later = new Queue<FleetTask>(_tasks);
            _book = new FleetBook(_tasks, [.. yard.Robots.Select(r => new MapPoint(r.X, r.Y))]);
            _ = link.StartAsync();
            _crew = Own(new FleetCrew(_plan, planFile, options.Processes, say));
            if (options.Drill) _drill = Own(new FleetDrill(_crew, _broker!, proxies, _world, _plan, say));
        }
        catch
        {
            // Robots and broker that run already must not outlive the run.
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the folder of the run; deleted at the end.</summary>
    public string Folder { get; }

    /// <summary>Gets the address of the live page; null = none.</summary>
    public Uri? Page => _page?.Address;

    /// <summary>Gets the seconds since the start.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Gets whether every task is done and the drill is over.</summary>
    public bool IsOver => _later.Count == 0 && _board.Unfinished == 0 && _drill is null or { IsOver: true };

    /// <summary>Gets one line about it.</summary>
    public string Headline => string.Create(CultureInfo.InvariantCulture, $"{_book.Done} of {_book.Tasks} tasks done   {_world.Contacts + Contacts} contacts   {_drill?.Headline}");

    private int Contacts => _world.Read().Sum(t => t?.Contacts ?? 0);

    /// <summary>Does what is due; call it many times a second.</summary>
    public void Step()
    {
        var now = Stamp.FromSeconds(Seconds);
        // A drill holds tasks back, so that none of its faults comes when there is nothing left to do.
        for (int reserve = _drill?.Reserve(_board.Unfinished) ?? 0; _later.Count > reserve;) _board.Add(_later.Dequeue());
        _board.Step(now);
        foreach (var task in _board.Tasks)
        {
            if (task.State == TaskState.Done) _book.Note(task, now);
            // Somebody must look at what a robot left that vanished in the act: here the world itself can be asked.
            else if (task.State == TaskState.Held) _ = _effects.WasDone(task.Id) ? _board.Close(task.Id) : _board.Reopen(task.Id);
        }
        _drill?.Step(Seconds, _book.Done);
        if (_page is null || Seconds - _shown < ShowEvery) return;
        _shown = Seconds;
        _page.Show(now, _world.Read(), _crew.IsRunning, [.. _board.Tasks], _drill?.Trouble);
    }

    /// <summary>Returns one row per robot.</summary>
    public IReadOnlyList<FleetRobotRow> Rows() =>
    [
        .. _world.Read().Select((t, i) => t is null
            ? new FleetRobotRow(_plan.Names()[i], "not heard of", null, 0, 0, 0, "", 0, false)
            : new FleetRobotRow(_plan.Names()[i], _crew.IsRunning(i) ? t.Phase.ToString() : "killed", t.Task, t.Done, t.GivenUp, t.Contacts, t.LinkReason is { Length: > 0 } why ? $"{t.LinkState}: {why}" : t.LinkState.ToString(), t.Alive, t.Coordinates)),
    ];

    /// <summary>Ends robots and broker and returns what it came to.</summary>
    public FleetResult Finish()
    {
        var truths = _world.Read().OfType<RobotTruth>().ToArray();
        var rows = Rows();
        double seconds = Seconds;
        int twice = _tasks.Count(t => t.Class == TaskClass.Exclusive && _effects.Times(t.Id) > 1);
        var links = truths.Select(t => t.Link).Aggregate(new LinkRow(0, 0, 0, 0, 0), (a, b) => new LinkRow(a.Sent + b.Sent, a.Received + b.Received, a.Dropped + b.Dropped, a.Unknown + b.Unknown, a.Connections + b.Connections));
        var summary = _book.Summary(twice, truths.Sum(t => (long)t.GivenUp), links);
        // Every contact between two robots stands in both counts of their own worlds or in the watch's; the larger one is told.
        int contacts = Math.Max(_world.Contacts, truths.Sum(t => t.Contacts));
        return new FleetResult
        {
            Seed = _options.Seed, Robots = _options.Robots, SimSeconds = seconds, WallSeconds = seconds, Cycles = truths.Sum(t => t.Cycles), GoalsReached = summary.TasksDone, Collisions = contacts, MissionsDone = 0,
            LatencyUs = new LatencyUs(Median(truths.Select(t => t.LatencyUs.P50)), truths.Length == 0 ? 0 : truths.Max(t => t.LatencyUs.P99), truths.Length == 0 ? 0 : truths.Max(t => t.LatencyUs.Max)),
            SmallestGap = double.IsFinite(_world.SmallestGap) ? Math.Round(_world.SmallestGap, 3) : null, Processes = _options.Processes, Fleet = summary, PerRobot = rows, Drill = _drill?.Rows,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_undo.TryPop(out var undo)) undo();
    }

    private static async Task EndAsync(IMqttLink link)
    {
        await link.StopAsync(graceful: true);
        await link.DisposeAsync();
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _undo.Push(part.Dispose);
        return part;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
