using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A robot of the simulated fleet: node, disk, clock and something that does the tasks.</summary>
internal sealed class SimRobot
{
    private static readonly long Tick = 100 * FleetWorld.Ms;
    private readonly FleetWorld _world;
    private readonly MemoryClock _clock;
    private readonly MemoryPromiseStore _store = new();
    private FleetPresence? _presence;
    private long _tickAt, _nodeAt, _frozenUntil;
    private double _worked;
    private string? _working;
    private double _x, _y;

    public SimRobot(FleetWorld world, string name)
    {
        (_world, Name) = (world, name);
        var random = world.Random;
        _clock = world.Hub.CreateClock(Duration.FromSeconds(random.NextDouble(0, 1000)), random.NextInt32(2_000_001) - 1_000_000, Duration.FromSeconds(random.NextDouble(-3600, 3600)));
        (_x, _y) = (random.NextDouble(0, 50), random.NextDouble(0, 50));
        world.Roster.Admit(_store);
    }

    public string Name { get; }

    public MemoryLink? Link { get; private set; }

    public FleetNode? Node { get; private set; }

    public bool Wake { get; set; }

    /// <summary>Whether the next irreversible act ends in a crash before it is noted.</summary>
    public bool DiesInTheAct { get; set; }

    public Stamp Now => _clock.Now;

    public long Due => Node is null ? long.MaxValue : Math.Max(Math.Min(_tickAt, _nodeAt), _frozenUntil);

    public void Start()
    {
        if (Node != null) return;
        _store.Reopen();
        var options = new FleetOptions
        {
            Site = "s",
            Robot = Name,
            Roster = _world.Roster,
            BundleLimit = 3,
            Seed = _world.Seed,
            Lease = new LeaseOptions { Length = Duration.FromSeconds(4), Longest = Duration.FromSeconds(5), StopMargin = Duration.FromSeconds(0.5) },
        };
        _presence = new FleetPresence(new FleetTopics("s", Name), _store, _clock);
        Link = _world.Hub.CreateLink(
            new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = Name, Will = _presence.Will, Birth = _presence.Birth, Farewell = _presence.Farewell, Seed = RandomStream.Fnv1a(Name), MaxRetrySeconds = 2 }, _clock);
        Node = new FleetNode(Link, _presence, _store, options, new DiscountedScorer(Travel), Now) { Mutation = _world.Mutation };
        _ = Link.StartAsync();
        (_tickAt, _nodeAt) = (_world.Hub.Now.Nanoseconds, _world.Hub.Now.Nanoseconds);
        _working = null;
    }

    public void Crash(bool loseDisk = false)
    {
        if (Node == null) return;
        // A task under way whose act is done and not noted stays unclear to everybody else.
        Node.Dispose();
        Node = null;
        _ = Link!.StopAsync(graceful: false);
        Link = null;
        if (!loseDisk) return;
        foreach (string key in _store.Keys("commit/")) _world.Unclear(key[7..]);
        foreach (string key in _store.Keys("done/")) _world.Unclear(key[5..]);
        _store.Lose();
    }

    public void Freeze(long until) => _frozenUntil = until;

    public void Step()
    {
        long now = _world.Hub.Now.Nanoseconds;
        if (Node is not { } node || now < _frozenUntil || (!Wake && now < Due)) return;
        Wake = false;
        if (now >= _tickAt)
        {
            _tickAt = now + Tick;
            Work(node);
            if (Node is null) return;
        }
        node.Step(Now);
        _nodeAt = Math.Max(_clock.HubTime(node.NextDue).Nanoseconds, now + 1);
    }

    private double Travel(FleetTask? from, FleetTask to)
    {
        double dx = (from?.X ?? _x) - to.X, dy = (from?.Y ?? _y) - to.Y;
        return Math.Sqrt(dx * dx + dy * dy);
    }

    private void Work(FleetNode node)
    {
        foreach (string task in node.Interrupted.ToList()) node.Resolve(task, _world.Deeds.TryGetValue(task, out var by) && by.Contains(Name), Now);
        if (node.UnderWay is not { } busy)
        {
            _working = null;
            if (node.AssignmentLength == 0 || !node.Begin(node.Assignment(0).Id, Now)) return;
            (_working, _worked) = (node.UnderWay, 0);
            return;
        }
        if (_working != busy) (_working, _worked) = (busy, 0);
        if (node.MayStart(busy, Now) != StartVerdict.Yes) return;
        var known = node.FindTask(busy)!;
        _worked += 0.1;
        if (_worked < known.Seconds) return;
        if (known.Class == TaskClass.Exclusive && node.Commit(busy, Now) != CommitVerdict.Granted) return;
        _world.Do(busy, Name);
        (_x, _y) = (known.X, known.Y);
        if (DiesInTheAct)
        {
            DiesInTheAct = false;
            Crash();
            return;
        }
        node.Finish(busy, Now);
    }
}
