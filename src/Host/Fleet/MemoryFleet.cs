using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The robots of one simulated run as a fleet over an in-memory link: they share out the tasks of a board among themselves and do them.</summary>
/// <remarks>One thread moves everything: a slice of the world, then the link, then robot after robot. So a run depends on nothing but its seed, and how it is cut into
/// calls of <see cref="RunUntil"/> changes nothing.</remarks>
internal sealed class MemoryFleet : IGoalSource
{
    private const string Site = "demo";

    // Twenty times a second every robot looks at its messages and its task.
    private static readonly Duration Slice = Duration.FromMilliseconds(50);

    private readonly FleetRun _run;
    private readonly MemoryHub _hub;
    private readonly FleetMember[] _members;
    private readonly MemoryLink _boardLink;
    private readonly TaskBoard _board;
    private readonly SharedEffects _effects = new();
    private readonly FleetBook _book;
    private readonly ClockTimeProvider _time;
    private readonly MissionWork[] _missions;
    private Stamp _next;

    /// <summary>Makes robots and board, and hands the tasks over.</summary>
    /// <param name="run">The robots' world, where nobody else sends them anywhere.</param>
    /// <param name="tasks">What is to be done.</param>
    /// <param name="seed">Seed of the link and of the robots.</param>
    /// <param name="missions">What missions are about where tasks are missions; null where they are visits.</param>
    public MemoryFleet(FleetRun run, IReadOnlyList<FleetTask> tasks, ulong seed, MissionOptions? missions = null)
    {
        _run = run;
        var world = run.Fleet.World;
        _hub = new MemoryHub(seed);
        var wall = _time = new ClockTimeProvider(world.Clock, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _missions = missions is null ? [] : new MissionWork[world.Robots.Count];
        string[] names = [.. world.Robots.Select(r => r.Name)];
        var roster = RosterOf(names);
        var site = FleetSite.Of(world.Scenario, names);
        _members = [.. world.Robots.Select(rover =>
        {
            var body = new SimulatedMissionRobot(world, rover);
            var store = new MemoryPromiseStore();
            roster.Admit(store);
            var options = new FleetOptions { Site = Site, Robot = rover.Name, Roster = roster, Seed = seed + (ulong)rover.Index, Software = ProgramVersion.Text, Lease = FleetJobs.Lease };
            return new FleetMember(options, store, wall, Connect, body, () => RoverBeacon.Of(rover), _effects, Stamp.Zero, text => run.Log(new LogLine(run.Fleet.Now, FoxgloveLogLevel.Info, rover.Name, text)),
                missions is null ? null : zoned => _missions[rover.Index] = new MissionWork(run, missions, rover.Index, _time, zoned),
                site);
        })];
        var board = new FleetPresence(new FleetTopics(Site, "board"), new MemoryPromiseStore(), wall);
        _boardLink = Connect(board);
        _board = new TaskBoard(_boardLink, board, new MemoryPromiseStore(), new BoardOptions());
        foreach (var task in tasks) _board.Add(task);
        _book = new FleetBook(tasks, [.. world.Robots.Select(r => new MapPoint(r.Pose.X, r.Pose.Y))]);
        _ = _boardLink.StartAsync();
        foreach (var member in _members) _ = member.Link.StartAsync();
        _next = run.Fleet.Now + Slice;
    }

    /// <inheritdoc/>
    public bool IsOver => _board.Unfinished == 0;

    /// <inheritdoc/>
    public string Headline => string.Create(CultureInfo.InvariantCulture, $"{_book.Done} of {_book.Tasks} tasks done");

    /// <summary>Gets what missions came to; null where tasks are visits.</summary>
    public IReadOnlyList<MissionRow>? Missions => _missions.Length > 0 ? [.. _missions.SelectMany(m => m.Rows)] : null;

    /// <inheritdoc/>
    public void RunUntil(Stamp end) => MissionRun.Inline(() => Run(end));

    private void Run(Stamp end)
    {
        while (_next <= end && !IsOver)
        {
            _run.RunUntil(_next);
            Step(_next);
            _next += Slice;
        }
        if (!IsOver) _run.RunUntil(end);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        MissionRun.Inline(() => Array.ForEach(_missions, m => m.Stop()));
        foreach (var rover in _run.Fleet.World.Robots) rover.SetGoal(Runtime.Messages.Goal.None);
    }

    /// <summary>Returns what it came to.</summary>
    public FleetSummary Summary() => _book.Summary(_effects.DoneTwice + (int)_board.DoneTwice, _members.Sum(m => (long)m.Worker.GivenUp), LinkRow.Of(_members.Select(m => m.Link.Counters)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mission in _missions) mission.Dispose();
        foreach (var member in _members) member.Node.Dispose();
        _board.Dispose();
        _hub.Dispose();
    }

    /// <summary>Returns who votes: all robots, of an even number all but the last, and never more than seven.</summary>
    public static Roster RosterOf(IReadOnlyList<string> robots) => new(1, [.. robots.Take(Math.Min(7, robots.Count % 2 == 0 ? Math.Max(1, robots.Count - 1) : robots.Count))]);

    private MemoryLink Connect(FleetPresence presence) => _hub.CreateLink(new LinkOptions
    {
        Broker = new Uri("mqtt://memory"), ClientId = $"ea-{Site}-{presence.Topics.Robot}", Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell,
    });

    private void Step(Stamp now)
    {
        _hub.RunUntil(now);
        _time.FireDueTimers();
        foreach (var member in _members) member.Step(now);
        _board.Step(now);
        foreach (var task in _board.Tasks)
        {
            if (task.State == TaskState.Done) _book.Note(task, now);
        }
        if (_run.ShowsFleet && now.Nanoseconds % 200_000_000 == 0) _run.ShowFleet(now, FleetView.Write(now, _members, _board));
    }
}
