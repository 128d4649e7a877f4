using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A robot that drives to and fro through the zones; its wheels stop when its program does.</summary>
internal sealed class ZoneTraveller
{
    private const double Radius = 0.3, Speed = 1.2, Deceleration = 1.0, TickSeconds = 0.05;
    private readonly ZoneFleet _world;
    private readonly MemoryClock _clock;
    private readonly MemoryPromiseStore _store = new();
    private readonly double _low, _high;
    private readonly List<string> _claimed = [];
    private long _tickAt, _nodeAt, _frozenUntil, _crossings, _crossingsAtPeace = -1;
    private double _x, _speed;
    private int _way;
    private ZoneStream? _zones;

    public ZoneTraveller(ZoneFleet world, string name, int index)
    {
        (_world, Name, _low, _high, _way) = (world, name, -2 - index, 8 + index, index % 2 == 0 ? 1 : -1);
        _x = _way > 0 ? _low : _high;
        _clock = world.Hub.CreateClock(Duration.FromSeconds(world.Random.NextDouble(0, 1000)), world.Random.NextInt32(2_000_001) - 1_000_000, Duration.FromSeconds(world.Random.NextDouble(-60, 60)));
        world.Roster.Admit(_store);
    }

    public string Name { get; }

    public MemoryLink? Link { get; private set; }

    public FleetNode? Node { get; private set; }

    public bool Wake { get; set; }

    public Stamp Now => _clock.Now;

    /// <summary>Gets whether it got through the zones after the last fault.</summary>
    public bool Served => _crossingsAtPeace >= 0 && _crossings > _crossingsAtPeace;

    public long Due => Node is null || _world.Hub.Now.Nanoseconds < _frozenUntil ? _tickAt : Math.Min(_tickAt, _nodeAt);

    public bool IsIn(int zone) => _x + Radius > 2 * zone && _x - Radius < 2 * zone + 2;

    public void Start()
    {
        if (Node != null) return;
        _store.Reopen();
        var options = new FleetOptions { Site = "s", Robot = Name, Roster = _world.Roster, Seed = _world.Seed, BeaconPeriod = Duration.FromSeconds(0.5) };
        var presence = new FleetPresence(new FleetTopics("s", Name), _store, _clock);
        Link = _world.Hub.CreateLink(
            new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = Name, Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell, Seed = RandomStream.Fnv1a(Name), MaxRetrySeconds = 2 }, _clock);
        Node = new FleetNode(Link, presence, _store, options, new DiscountedScorer((_, _) => 1), Now);
        _zones = new ZoneStream(Node, _world.Map, _world.Options);
        _ = Link.StartAsync();
        _nodeAt = _world.Hub.Now.Nanoseconds;
        _claimed.Clear();
        ShowPose();
    }

    public void Crash()
    {
        if (Node is null) return;
        Node.Dispose();
        (Node, _zones) = (null, null);
        _ = Link!.StopAsync(graceful: false);
        Link = null;
    }

    public void Freeze(long until) => _frozenUntil = until;

    public bool Step()
    {
        long now = _world.Hub.Now.Nanoseconds;
        bool works = Node is not null && now >= _frozenUntil, ticked = now >= _tickAt;
        if (ticked)
        {
            if (_crossingsAtPeace < 0 && now >= ZoneFleet.FaultsEnd) _crossingsAtPeace = _crossings;
            _tickAt = now + (long)(TickSeconds * 1e9);
            bool drives = works && Decide();
            _speed = drives ? Math.Min(Speed, _speed + Deceleration * TickSeconds) : Math.Max(0, _speed - Deceleration * TickSeconds);
            _x += _way * _speed * TickSeconds;
            ShowPose();
        }
        if (works && (Wake || now >= _nodeAt || ticked))
        {
            Wake = false;
            Node!.Step(Now);
            _nodeAt = Math.Max(_clock.HubTime(Node.NextDue).Nanoseconds, now + 1);
        }
        return ticked;
    }

    public override string ToString()
        => $"{Name} at {_x:F2} going {_way} with {_speed:F1} m/s, {(Node is null ? "down" : $"{_zones!.State} '{_zones.Reason}' leader {Node.Coordinator} term {Node.Term} acts {Node.IsCoordinating(Now)} grants {_zones.IsGranting(Now)} unseen [{string.Join(",", _zones.Unseen)}]")} holds [{string.Join(",", Enumerable.Range(0, 3).Where(z => _zones?.Holds($"z{z}", Now) == true))}]";

    private bool Decide()
    {
        var now = Now;
        if (_way > 0 ? _x >= _high : _x <= _low)
        {
            if (_speed > 0) return false;
            _way = -_way;
            _crossings++;
        }
        bool go = true;
        for (int k = 0; k < 3; k++)
        {
            int zone = _way > 0 ? k : 2 - k;
            string id = $"z{zone}";
            double border = _way > 0 ? 2 * zone - (_x + Radius) : _x - Radius - (2 * zone + 2);
            bool behind = _way > 0 ? _x - Radius >= 2 * zone + 2 : _x + Radius <= 2 * zone;
            if (behind)
            {
                if (_claimed.Remove(id)) _zones!.Release([id], now);
                continue;
            }
            if (border > 2.5) break;
            if (!_claimed.Contains(id))
            {
                _claimed.Add(id);
                _zones!.Acquire([id], [.. Enumerable.Range(k, 3 - k).Select(i => $"z{(_way > 0 ? i : 2 - i)}")], 0, now);
            }
            if (border < 0) go &= _zones!.Inside(id, now) == ZoneAdvice.Proceed;
            else go &= _zones!.Approach(id, border, Math.Min(Speed, _speed + Deceleration * TickSeconds), now) == ZoneAdvice.Proceed;
        }
        return go;
    }

    private void ShowPose()
    {
        if (Node is not { } node) return;
        node.Pose = new Beacon
        {
            Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised, 0, 0, 0, 0), X = (float)_x, VelocityX = (float)(_way * _speed), Radius = (float)Radius, Battery = Beacon.UnknownBattery,
        };
    }
}
