using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

/// <summary>Robots that cross a one-lane corridor of zones to and fro, over a network that loses, doubles, delays and reorders, with clocks that drift, robots that freeze and a coordinator that changes.</summary>
internal sealed class ZoneWorld
{
    private const double Radius = 0.3, Speed = 1, StepSeconds = 0.05;
    private const int Zones = 5;

    private readonly RandomStream _random;
    private readonly ZoneMap _map;
    private readonly ZoneOptions _options;
    private readonly List<(long At, long Order, Action Deliver)> _network = [];
    private readonly Traveller[] _robots;
    private readonly double _ledgerRate;
    private ZoneLedger _ledger, _standby;
    private long _order;
    private uint _term = 1;

    public ZoneWorld(ulong seed, int robots, ZoneOptions options, double loss = 0.1)
    {
        (_random, _options, Loss) = (new RandomStream(seed), options, loss);
        _map = new ZoneMap(Enumerable.Range(0, Zones).Select(i => new Zone($"z{i}", [new(2 * i, -1), new(2 * i + 2, -1), new(2 * i + 2, 1), new(2 * i, 1)], 1, ZoneLossPolicy.Stop, "c", i)));
        _robots = [.. Enumerable.Range(0, robots).Select(i => new Traveller($"r{i}", this, i % 2 == 0 ? -3 - i : 13 + i, i % 2 == 0 ? 1 : -1, 1 + _random.NextDouble(-1e-3, 1e-3)))];
        _ledgerRate = 1 + _random.NextDouble(-1e-3, 1e-3);
        (_ledger, _standby) = (new ZoneLedger(_map, options), new ZoneLedger(_map, options));
        _ledger.Lead(1, _robots.Select(r => r.Rid), LedgerNow);
        foreach (var r in _robots) r.Holder.Report(1, r.Now);
    }

    public double Loss { get; set; }

    public bool Silent { get; init; }

    public long Nanoseconds { get; private set; }

    public string? Violation { get; private set; }

    public int[] Crossings => [.. _robots.Select(r => r.Crossings)];

    private Stamp LedgerNow => new((long)(Nanoseconds * _ledgerRate) + 5_000_000_000);

    public void Freeze(int robot, double seconds) => _robots[robot].FrozenUntil = Nanoseconds + (long)(seconds * 1e9);

    /// <summary>Freezes the first robot that is inside; false when none is.</summary>
    public bool FreezeInside(double seconds)
    {
        int i = Array.FindIndex(_robots, r => r.X is > 1 and < 9);
        if (i >= 0) Freeze(i, seconds);
        return i >= 0;
    }

    public void ChangeCoordinator()
    {
        _ledger.StepDown();
        (_ledger, _standby) = (_standby, _ledger);
        _ledger.Lead(++_term, _robots.Select(r => r.Rid), LedgerNow);
        foreach (var r in _robots.Where(r => !r.IsFrozen)) r.Holder.Report(_term, r.Now);
    }

    public void Run(double seconds)
    {
        for (long end = Nanoseconds + (long)(seconds * 1e9); Nanoseconds < end && Violation is null;)
        {
            Nanoseconds += (long)(StepSeconds * 1e9);
            foreach (var m in _network.Where(m => m.At <= Nanoseconds).OrderBy(m => m.At).ThenBy(m => m.Order).ToArray())
            {
                _network.Remove(m);
                m.Deliver();
            }
            foreach (var r in _robots) r.Step();
            _ledger.Tick(LedgerNow);
            while (_ledger.TryTake(out string rid, out var reply))
            {
                byte[] bytes = ZoneWire.Write(reply);
                var target = _robots.First(r => r.Rid == rid);
                Send(() =>
                {
                    Assert.True(ZoneWire.TryRead(bytes, out ZoneReply read, out _));
                    target.OnReply(read);
                });
            }
            Check();
        }
    }

    public string Dump() =>
        string.Join("; ", _robots.Select(r => $"{r.Rid} at {r.X:F2} {r.Intent} holds {string.Join(",", Enumerable.Range(0, Zones).Where(z => r.Holder.Holds($"z{z}", r.Now)))} {r.Holder.State} {r.Holder.Reason}"))
        + " | " + string.Join(" ", Enumerable.Range(0, Zones).Select(z => $"z{z}:{string.Join(",", _ledger.Occupants($"z{z}"))}")) + $" | {_ledger.Waiters} wait, grants {_ledger.Grants(LedgerNow)}";

    private void Check()
    {
        for (int z = 0; z < Zones; z++)
        {
            var inside = _robots.Where(r => r.X + Radius > 2 * z && r.X - Radius < 2 * z + 2).Select(r => r.Rid).ToArray();
            if (inside.Length > 1) Violation ??= $"{Nanoseconds / 1e9:F2} s: zone {z} holds {string.Join(" ", inside)}";
            var believers = _robots.Where(r => r.Holder.Holds($"z{z}", r.Now)).Select(r => r.Rid).Union(inside).ToArray();
            if (believers.Length > 1) Violation ??= $"{Nanoseconds / 1e9:F2} s: zone {z} is believed in by or holds {string.Join(" ", believers)}";
        }
    }

    private void Send(Action deliver)
    {
        for (int copies = _random.NextDouble() < 0.1 ? 2 : 1; copies > 0; copies--)
        {
            if (_random.NextDouble() < Loss) continue;
            _network.Add((Nanoseconds + (long)(_random.NextDouble(0.01, 0.4) * 1e9), _order++, deliver));
        }
    }

    private sealed class Traveller(string rid, ZoneWorld world, double x, int direction, double rate)
    {
        private int _direction = direction;
        private double _speed;
        private int _steps;
        private string? _asked;

        public string Rid => rid;

        public string Intent => $"{_direction:+0;-0} asked {_asked}";

        public double X { get; private set; } = x;

        public long FrozenUntil { get; set; }

        public int Crossings { get; private set; }

        public bool IsFrozen => world.Nanoseconds < FrozenUntil;

        public Stamp Now => new((long)(world.Nanoseconds * rate) + 1_000_000_000);

        public ZoneHolder Holder { get; } = new(1, world._map, world._options, new ZoneHolderOptions());

        public void OnReply(ZoneReply reply)
        {
            if (!IsFrozen) Holder.OnReply(reply, Now);
        }

        public void Step()
        {
            if (IsFrozen)
            {
                _speed = 0;
                return;
            }
            Holder.Tick(Now);
            if (_steps++ % 4 == 0 && !world.Silent)
            {
                double at = X;
                world.Send(() =>
                {
                    world._ledger.OnPosition(rid, 1, new Vector2D(at, 0), Radius, world.LedgerNow);
                    world._standby.OnPosition(rid, 1, new Vector2D(at, 0), Radius, world.LedgerNow);
                });
            }
            Drive();
            while (Holder.TryTake(out var request))
            {
                byte[] bytes = ZoneWire.Write(request);
                world.Send(() =>
                {
                    Assert.True(ZoneWire.TryRead(bytes, out ZoneRequest read, out string fault), fault);
                    world._ledger.OnRequest(rid, read, world.LedgerNow);
                });
            }
        }

        private void Drive()
        {
            // Zones ahead of the front, in the order of the way.
            var ahead = Enumerable.Range(0, Zones).Select(i => _direction > 0 ? i : Zones - 1 - i).Where(z => Border(z) - Front() * _direction > -1e-9).ToArray();
            string? next = ahead.Select(z => $"z{z}").FirstOrDefault(z => !Holder.Holds(z, Now));
            bool inside = Enumerable.Range(0, Zones).Any(z => X + Radius > 2 * z && X - Radius < 2 * z + 2 && !Holder.Holds($"z{z}", Now));
            bool stop = false;
            if (!inside && next is not null && Border(next[1] - '0') - Front() * _direction < 3)
            {
                if (_asked != next || Holder.State is not (ZoneState.Requested or ZoneState.Queued))
                {
                    Holder.Request([next], [.. ahead.Select(z => $"z{z}")], 0, Now);
                    _asked = next;
                }
                stop = Holder.Approach(next, Border(next[1] - '0') - Front() * _direction, _speed, Now) == ZoneAdvice.Stop;
            }
            foreach (int z in ahead.Take(1)) stop |= Holder.Approach($"z{z}", Border(z) - Front() * _direction, _speed, Now) == ZoneAdvice.Stop;
            if (inside)
            {
                // Lost inside: stop, and ask for what the robot stands in.
                stop = true;
                string[] under = [.. Enumerable.Range(0, Zones).Where(z => X + Radius > 2 * z && X - Radius < 2 * z + 2).Select(z => $"z{z}")];
                string key = "inside " + string.Join(",", under);
                if (_asked != key || Holder.State is not (ZoneState.Requested or ZoneState.Queued))
                {
                    Holder.Request(under, [.. under.Concat(ahead.Select(z => $"z{z}")).Distinct().OrderBy(z => _direction * (z[1] - '0'))], 0, Now);
                    _asked = key;
                }
            }
            _speed = stop ? Math.Max(0, _speed - 0.8 * StepSeconds) : Math.Min(Speed, _speed + 0.8 * StepSeconds);
            X += _direction * _speed * StepSeconds;
            var behind = Enumerable.Range(0, Zones).Where(z => Holder.Deadline($"z{z}") != Stamp.Never && (_direction > 0 ? X - Radius - 0.05 > 2 * z + 2 : X + Radius + 0.05 < 2 * z)).Select(z => $"z{z}").ToArray();
            if (behind.Length > 0) Holder.Release(behind, Now);
            if (_direction > 0 ? X < 14 : X > -4) return;
            Crossings++;
            _direction = -_direction;
            _speed = 0;
            _asked = null;
            Holder.Release([], Now);
        }

        private double Front() => X + _direction * Radius;

        private double Border(int zone) => _direction > 0 ? 2 * zone : -(2 * zone + 2);
    }
}
