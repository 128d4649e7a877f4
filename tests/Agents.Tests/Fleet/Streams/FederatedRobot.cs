using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A robot of <see cref="FederatedFleet"/>, with a learner whose result follows from robot, round and model.</summary>
internal sealed class FederatedRobot
{
    private readonly FederatedFleet _world;
    private readonly MemoryClock _clock;
    private readonly MemoryPromiseStore _promises = new();
    private long _nodeAt, _frozenUntil;

    public FederatedRobot(FederatedFleet world, string name, int index)
    {
        (_world, Name, Index) = (world, name, index);
        _clock = world.Hub.CreateClock(Duration.FromSeconds(world.Random.NextDouble(0, 1000)), world.Random.NextInt32(2_000_001) - 1_000_000, Duration.FromSeconds(world.Random.NextDouble(-60, 60)));
        world.Roster.Admit(_promises);
    }

    public string Name { get; }

    public int Index { get; }

    public MemoryFederatedStore Store { get; } = new();

    public MemoryLink? Link { get; private set; }

    public FleetNode? Node { get; private set; }

    public FederatedStream? Stream { get; private set; }

    public bool Wake { get; set; }

    public double SlowSeconds { get; set; }

    public Stamp Now => _clock.Now;

    public long Due => Node is null ? long.MaxValue : Math.Max(_nodeAt, _frozenUntil);

    public void Start()
    {
        if (Node != null) return;
        _promises.Reopen();
        var options = new FleetOptions { Site = "s", Robot = Name, Roster = _world.Roster, Seed = _world.Seed };
        var presence = new FleetPresence(new FleetTopics("s", Name), _promises, _clock);
        Link = _world.Hub.CreateLink(
            new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = Name, Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell, Seed = RandomStream.Fnv1a(Name), MaxRetrySeconds = 2 }, _clock);
        Node = new FleetNode(Link, presence, _promises, options, new DiscountedScorer((_, _) => 1), Now);
        Stream = new FederatedStream(Node, _world.Shipped, new Learner(this), Store, _world.Options) { Mutation = _world.Mutation, Changed = _world.Collect };
        _ = Link.StartAsync();
        _nodeAt = _world.Hub.Now.Nanoseconds;
    }

    public void Crash(bool loseStore = false)
    {
        if (Node is null) return;
        Node.Dispose();
        (Node, Stream) = (null, null);
        _ = Link!.StopAsync(graceful: false);
        Link = null;
        if (loseStore) Store.Lose();
    }

    public void Freeze(long until) => _frozenUntil = until;

    public void Step()
    {
        long now = _world.Hub.Now.Nanoseconds;
        if (Node is not { } node || now < _frozenUntil || (!Wake && now < _nodeAt)) return;
        Wake = false;
        node.Step(Now);
        _nodeAt = Math.Max(_clock.HubTime(node.NextDue).Nanoseconds, now + 1);
    }

    public override string ToString() => Stream is null ? $"{Name} down" : $"{Name} model {Stream.Model.Head.Round}/{Stream.Model.Head.Term} open {Stream.OpenRound} with {Stream.Participants} leader {Node!.Coordinator} {Stream.Counters}";

    private sealed class Learner(FederatedRobot robot) : IFederatedLearner
    {
        private long _readyAt = -1;
        private float[] _change = [];
        private int _samples;

        public void Begin(uint round, ReadOnlySpan<float> parameters)
        {
            var world = robot._world;
            (_change, _samples) = FederatedFleet.Learn(world.Seed, robot.Index, round, parameters);
            _readyAt = world.Hub.Now.Nanoseconds + (long)((robot.SlowSeconds + 0.1 + 0.3 * robot.Index) * 1e9);
        }

        public bool TryTake(out float[] change, out int samples)
        {
            (change, samples) = (_change, _samples);
            if (_readyAt < 0 || robot._world.Hub.Now.Nanoseconds < _readyAt) return false;
            _readyAt = -1;
            return true;
        }
    }
}
