using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A worker with a scripted body in a fleet over a hub in virtual time; the other robots vote and else do nothing.</summary>
internal sealed class WorkerBench : IDisposable
{
    private static readonly Duration Slice = Duration.FromMilliseconds(50);
    private static readonly string[] Names = ["r1", "r2", "r3"];

    private readonly MemoryHub _hub = new(3);
    private readonly Roster _roster = new(1, Names);
    private readonly SortedDictionary<string, (MemoryPromiseStore Store, MemoryLink Link, FleetNode Node)> _others = new(StringComparer.Ordinal);
    private readonly MemoryPromiseStore _store = new();
    private readonly MemoryClock _clock;
    private readonly HashSet<string> _near = new(StringComparer.Ordinal);
    private TaskBoard? _board;

    public WorkerBench(ITaskEffects? effects = null)
    {
        _clock = _hub.CreateClock();
        Effects = effects ?? Shared;
        _roster.Admit(_store);
        foreach (string name in Names[1..])
        {
            var store = new MemoryPromiseStore();
            _roster.Admit(store);
            // So far away that it bids for nothing, until a test brings it near.
            var (link, node) = Connect(name, store, (_, to) => name == "r2" && _near.Contains(to.Id) ? 0 : 1e9);
            _others.Add(name, (store, link, node));
        }
        Start();
    }

    public MemoryHub Hub => _hub;

    public SharedEffects Shared { get; } = new();

    public ITaskEffects Effects { get; }

    public ScriptedRobot Body { get; private set; } = new();

    public FleetNode Node { get; private set; } = null!;

    public MemoryLink Link { get; private set; } = null!;

    public FleetWorker Worker { get; private set; } = null!;

    public MemoryPromiseStore Store => _store;

    public TaskBoard Board => _board!;

    public List<string> Said { get; } = [];

    public Stamp Now => _hub.Now;

    /// <summary>Whether the body reaches its goals by itself.</summary>
    public bool Arrives { get; set; } = true;

    public static FleetTask Task(string id, TaskClass type = TaskClass.Exclusive, TaskLoss loss = TaskLoss.Hold, double x = 1) => new() { Id = id, Class = type, OnLoss = loss, X = x, Y = 0, Seconds = 1, Reward = 10 };

    public WorkerBench With(params FleetTask[] tasks)
    {
        var store = new MemoryPromiseStore();
        var presence = new FleetPresence(new FleetTopics("s", "board"), store, _clock);
        var link = _hub.CreateLink(Options(presence));
        _board = new TaskBoard(link, presence, store, new BoardOptions { LossAfter = Duration.FromSeconds(8) });
        foreach (var task in tasks) _board.Add(task);
        _ = link.StartAsync();
        return this;
    }

    /// <summary>Starts the robot's program, again where it ran before.</summary>
    public void Start()
    {
        _store.Reopen();
        (Link, Node) = Connect("r1", _store, (from, to) => Math.Abs((from?.X ?? 0) - to.X));
        Body = new ScriptedRobot();
        Worker = new FleetWorker(Node, Body, Effects, null, Said.Add);
    }

    /// <summary>Ends the robot's program as a kill does.</summary>
    public void Kill()
    {
        Node.Dispose();
        _ = Link.StopAsync(graceful: false);
    }

    public void Run(double seconds) => RunUntil(() => false, seconds, mustHold: false);

    public void Await(Func<bool> condition, string what, double seconds = 60) => Assert.True(RunUntil(condition, seconds, mustHold: true), $"not within {seconds} s: {what}; {Worker.Phase} {Worker.Task?.Id} {string.Join(" ", Said)}");

    public void AwaitPhase(FleetPhase phase) => Await(() => Worker.Phase == phase, $"phase {phase}");

    public void Cut(double seconds) => _hub.Apply(new Agents.FaultPlan([Fault.Disconnect("ea-s-r1", DisconnectMode.Frozen, Now, Now + Duration.FromSeconds(seconds))]));

    /// <summary>Lets another robot bid for a task more than this one can.</summary>
    public void Outbid(string task) => _near.Add(task);

    public void Dispose()
    {
        Node.Dispose();
        foreach (var other in _others.Values) other.Node.Dispose();
        _board?.Dispose();
        _hub.Dispose();
    }

    private bool RunUntil(Func<bool> condition, double seconds, bool mustHold)
    {
        for (var end = Now + Duration.FromSeconds(seconds); Now < end;)
        {
            if (mustHold && condition()) return true;
            _hub.RunUntil(Now + Slice);
            if (Arrives && Body.HasGoal) Body.Arrive();
            Node.Step(Now);
            Worker.Step(Now);
            foreach (var other in _others.Values) other.Node.Step(Now);
            _board?.Step(Now);
        }
        return condition();
    }

    private (MemoryLink, FleetNode) Connect(string name, MemoryPromiseStore store, Func<FleetTask?, FleetTask, double> seconds)
    {
        var presence = new FleetPresence(new FleetTopics("s", name), store, _clock);
        var link = _hub.CreateLink(Options(presence));
        var options = new FleetOptions { Site = "s", Robot = name, Roster = _roster, Seed = 5, Lease = FleetJobs.Lease };
        var node = new FleetNode(link, presence, store, options, new DiscountedScorer((from, to) => seconds(from, to)), Now);
        _ = link.StartAsync();
        return (link, node);
    }

    private static LinkOptions Options(FleetPresence presence) => new()
    {
        Broker = new Uri("mqtt://hub"), ClientId = $"ea-s-{presence.Topics.Robot}", Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell, MaxRetrySeconds = 1,
    };
}
