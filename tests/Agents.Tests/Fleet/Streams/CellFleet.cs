using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Robots that cross a plane of several cells, each a node with cell beacons on the in-memory hub; a network that delays but loses nothing.</summary>
internal sealed class CellFleet
{
    internal const double Radius = 10;
    private const long Ms = 1_000_000, Second = 1_000 * Ms;
    private readonly MemoryHub _hub;
    private readonly Robot[] _robots;
    private readonly Stamp[,] _nearSince;
    private readonly double _side;

    public CellFleet(ulong seed, int robots, double side, InterestOptions options)
    {
        (_hub, _side) = (new MemoryHub(seed), side);
        var random = RandomStream.For(seed, "cells");
        _robots = [.. Enumerable.Range(0, robots).Select(i => new Robot(this, $"r{i:D2}", random, options, seed))];
        _nearSince = new Stamp[robots, robots];
        for (int i = 0; i < robots; i++)
        {
            for (int j = 0; j < robots; j++) _nearSince[i, j] = Stamp.Never;
        }
        _hub.Apply(new FaultPlan([Fault.Delayed(DelayModel.Uniform(Duration.Zero, Duration.FromMilliseconds(80)), FaultScope.All, Stamp.Zero, new Stamp(1000 * Second))]));
    }

    /// <summary>Gets how many pairs were checked.</summary>
    public long Checked { get; private set; }

    /// <summary>Gets the cells changed.</summary>
    public long Moves => _robots.Sum(r => r.Moves);

    public HubCounters Counters => _hub.Counters;

    public long Gaps => _robots.Sum(r => r.Node.Counters.Gaps);

    public FleetNode this[int robot] => _robots[robot].Node;

    /// <summary>Runs; null = everybody knew everybody near.</summary>
    public string? Run(double seconds)
    {
        long end = (long)(seconds * 1e9);
        while (_hub.Now.Nanoseconds < end)
        {
            long at = _hub.NextEvent?.Nanoseconds ?? long.MaxValue;
            foreach (var robot in _robots) at = Math.Min(at, robot.Due);
            at = Math.Max(at, _hub.Now.Nanoseconds);
            _hub.RunUntil(new Stamp(at));
            while (_hub.TakeArrived(out var link))
            {
                foreach (var robot in _robots)
                {
                    if (robot.Link == link) robot.Wake = true;
                }
            }
            bool ticked = false;
            foreach (var robot in _robots) ticked |= robot.Step();
            if (ticked && Check(at) is { } fault) return $"{fault} at {at / 1e9:F3} s";
        }
        return null;
    }

    // Two slow periods, and a delay each way.
    private string? Check(long at)
    {
        const long Grace = 2 * Second + 200 * Ms;
        for (int i = 0; i < _robots.Length; i++)
        {
            for (int j = 0; j < _robots.Length; j++)
            {
                if (i == j) continue;
                Robot a = _robots[i], b = _robots[j];
                double dx = a.X - b.X, dy = a.Y - b.Y;
                if (dx * dx + dy * dy > Radius * Radius)
                {
                    _nearSince[i, j] = Stamp.Never;
                    continue;
                }
                if (_nearSince[i, j] == Stamp.Never) _nearSince[i, j] = new Stamp(at);
                // The first seconds are for connecting and the first subscriptions.
                if (at < 4 * Second || at - _nearSince[i, j].Nanoseconds <= Grace) continue;
                Checked++;
                if (a.Node.Members.Find(b.Name) is not { } member || a.Now - member.BeaconAt > new Duration(1100 * Ms))
                    return $"{a.Name} at ({a.X:F1}, {a.Y:F1}) in {a.Node.Cells!.Area.Cell.Levels} does not know {b.Name} at ({b.X:F1}, {b.Y:F1}) in {b.Node.Cells!.Area.Cell.Levels}, {Math.Sqrt(dx * dx + dy * dy):F1} m away";
            }
        }
        return null;
    }

    private sealed class Robot
    {
        private const long Tick = 50 * Ms;
        private readonly CellFleet _world;
        private readonly MemoryClock _clock;
        private readonly RandomStream _random;
        private long _tickAt, _nodeAt;
        private double _goalX, _goalY, _speed;
        private InterestCell _cell;

        public Robot(CellFleet world, string name, RandomStream random, InterestOptions interest, ulong seed)
        {
            (_world, Name, _random) = (world, name, RandomStream.For(seed, name));
            _clock = world._hub.CreateClock(Duration.FromSeconds(random.NextDouble(0, 1000)), random.NextInt32(2_000_001) - 1_000_000);
            (X, Y) = (random.NextDouble(-world._side / 2, world._side / 2), random.NextDouble(-world._side / 2, world._side / 2));
            Turn();
            var store = new MemoryPromiseStore();
            var presence = new FleetPresence(new FleetTopics("s", name), store, _clock);
            Link = world._hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = name, Will = presence.Will, Birth = presence.Birth, Seed = RandomStream.Fnv1a(name) }, _clock);
            // The voters are others: nobody here hears everybody.
            Node = new FleetNode(Link, presence, store, new FleetOptions { Site = "s", Robot = name, Roster = new Roster(1, "v1"), Seed = seed, Interest = interest }, new DiscountedScorer((_, _) => 1), Now);
            _ = Link.StartAsync();
        }

        public string Name { get; }

        public MemoryLink Link { get; }

        public FleetNode Node { get; }

        public bool Wake { get; set; }

        public long Moves { get; private set; }

        public double X { get; private set; }

        public double Y { get; private set; }

        public Stamp Now => _clock.Now;

        public long Due => Math.Min(_tickAt, _nodeAt);

        public bool Step()
        {
            long now = _world._hub.Now.Nanoseconds;
            bool ticked = now >= _tickAt;
            if (ticked)
            {
                _tickAt = now + Tick;
                Drive();
            }
            if (!ticked && !Wake && now < _nodeAt) return false;
            Wake = false;
            Node.Step(Now);
            if (Node.Cells!.Area.Cell != _cell) (_cell, Moves) = (Node.Cells.Area.Cell, Moves + 1);
            _nodeAt = Math.Max(_clock.HubTime(Node.NextDue).Nanoseconds, now + 1);
            return ticked;
        }

        private void Drive()
        {
            double dx = _goalX - X, dy = _goalY - Y, distance = Math.Sqrt(dx * dx + dy * dy), step = _speed * Tick / 1e9;
            if (distance <= step) Turn();
            else (X, Y) = (X + dx / distance * step, Y + dy / distance * step);
            Node.Pose = new Beacon
            {
                Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised, 0, 0, 0, 0), X = (float)X, Y = (float)Y, VelocityX = (float)(distance > step ? dx / distance * _speed : 0),
                VelocityY = (float)(distance > step ? dy / distance * _speed : 0), Radius = 0.4f, Battery = Beacon.UnknownBattery,
            };
        }

        // Some stand for long, and so speak seldom.
        private void Turn()
        {
            (_goalX, _goalY) = (_random.NextDouble(-_world._side / 2, _world._side / 2), _random.NextDouble(-_world._side / 2, _world._side / 2));
            _speed = _random.NextInt32(4) == 0 ? 0.01 : _random.NextDouble(0.3, 2);
        }
    }
}
