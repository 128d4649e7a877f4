using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A robot that drives where its plan lets it; it stands while its program does not run.</summary>
internal sealed class PlanTraveller
{
    public const double Radius = 0.3, Speed = 1;
    private const double TickSeconds = 0.05;
    private readonly PlanFleet _world;
    private readonly MemoryClock _clock;
    private readonly MemoryPromiseStore _store = new();
    private readonly double _pace;
    private readonly int _goal;
    private readonly RouteFollower _follower;
    private double _heading, _speed;
    private long _tickAt, _nodeAt, _frozenUntil;
    private Vector2D _velocity;

    public PlanTraveller(PlanFleet world, string name, int start, int goal)
    {
        (_world, Name, _goal, At) = (world, name, goal, world.Graph[start].Position);
        _follower = new RouteFollower(world.Graph, new RouteFollowerOptions { MaxSpeed = Speed, Deceleration = 0.5, CornerSpeed = 0.2 });
        _heading = world.Random.NextDouble(-Math.PI, Math.PI);
        // Each a little slower than it plans, and with a clock of its own.
        _pace = Speed * world.Random.NextDouble(0.9, 1);
        _clock = world.Hub.CreateClock(Duration.FromSeconds(world.Random.NextDouble(0, 1000)), world.Random.NextInt32(2_000_001) - 1_000_000, Duration.FromSeconds(world.Random.NextDouble(-3600, 3600)));
        world.Roster.Admit(_store);
    }

    public string Name { get; }

    public Vector2D At { get; private set; }

    public MemoryLink? Link { get; private set; }

    public FleetNode? Node { get; private set; }

    public PlanStream? Plans { get; private set; }

    public bool Wake { get; set; }

    public Stamp Now => _clock.Now;

    public long Messages { get; private set; }

    public int Windows { get; private set; }

    public bool Arrived => Vector2D.Distance(At, _world.Graph[_goal].Position) <= 0.12;

    public bool Deadlocked => Plans?.IsDeadlocked == true;

    public long Due => Node is null || _world.Hub.Now.Nanoseconds < _frozenUntil ? _tickAt : Math.Min(_tickAt, _nodeAt);

    public void Start()
    {
        if (Node != null) return;
        _store.Reopen();
        var options = new FleetOptions { Site = "s", Robot = Name, Roster = _world.Roster, Seed = _world.Seed, BeaconPeriod = Duration.FromSeconds(0.5) };
        var presence = new FleetPresence(new FleetTopics("s", Name), _store, _clock);
        Link = _world.Hub.CreateLink(
            new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = Name, Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell, Seed = RandomStream.Fnv1a(Name), MaxRetrySeconds = 2 }, _clock);
        Node = new FleetNode(Link, presence, _store, options, new DiscountedScorer((_, _) => 1), Now);
        Plans = new PlanStream(Node, _world.Graph, _world.Options);
        Plans.SetGoal(_goal, 0, Now);
        _ = Link.StartAsync();
        _nodeAt = _world.Hub.Now.Nanoseconds;
        ShowPose();
    }

    public void Crash()
    {
        if (Node is null) return;
        Node.Dispose();
        (Node, Plans) = (null, null);
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
            _tickAt = now + (long)(TickSeconds * 1e9);
            if (_world.OnWheels) Roll(works);
            else Drive(works);
            ShowPose();
        }
        if (works && (Wake || now >= _nodeAt || ticked))
        {
            Wake = false;
            Node!.Step(Now);
            Messages = Plans!.Sent;
            Windows = Math.Max(Windows, Plans.Failed);
            _nodeAt = Math.Max(_clock.HubTime(Node.NextDue).Nanoseconds, now + 1);
        }
        return ticked;
    }

    public override string ToString()
        => $"{Name} at {At} to {_world.Graph[_goal].Name} {(Plans is null ? "down" : $"next {Plans.Next(Now)} reached {Plans.Reached} granted {Plans.Granted} rank {Plans.Rank} waits for {Plans.WaitsFor} stands {Plans.Stands} failed {Plans.Failed} plans {Plans.Plans} [{string.Join(" ", Plans.Plan?.Visits.ToArray().Select(v => _world.Graph[v.Node].Name) ?? [])}]")}";

    private void Drive(bool works)
    {
        var before = At;
        double left = works ? _pace * TickSeconds : 0;
        while (left > 0)
        {
            var next = Plans!.Next(Now);
            if (next.Node < 0 || Now < next.From) break;
            Vector2D to = _world.Graph[next.Node].Position;
            double way = Vector2D.Distance(At, to);
            if (way < 1e-9) break;
            double go = Math.Min(way, left);
            At += (to - At) * (go / way);
            left -= go;
            if (go < way) break;
            ShowPose();
            Node!.Step(Now);
        }
        _velocity = (At - before) / TickSeconds;
    }

    // Two wheels: it turns towards the point first, and neither starts nor stops at once, also when its program does.
    private void Roll(bool works)
    {
        var advice = works && Plans!.Plan is { } plan ? _follower.Follow(plan, Plans.PlanStart, Plans.Reached, Plans.Granted, At, Now) : new RouteAdvice(-1, At, 0, false);
        Vector2D to = advice.Point - At;
        double bearing = to.Length < 0.02 ? 0 : Math.IEEERemainder(Math.Atan2(to.Y, to.X) - _heading, 2 * Math.PI);
        _heading += Math.Clamp(bearing / TickSeconds, -2, 2) * TickSeconds;
        _speed += Math.Clamp((Math.Abs(bearing) > 0.3 ? 0 : advice.Speed * _pace) - _speed, -TickSeconds, 0.8 * TickSeconds);
        _velocity = new Vector2D(Math.Cos(_heading), Math.Sin(_heading)) * _speed;
        At += _velocity * TickSeconds;
    }

    private void ShowPose()
    {
        if (Node is not { } node) return;
        node.Pose = new Beacon
        {
            Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised, 0, 0, 0, 0), X = (float)At.X, Y = (float)At.Y, VelocityX = (float)_velocity.X, VelocityY = (float)_velocity.Y, Radius = (float)Radius, Battery = Beacon.UnknownBattery,
        };
    }
}
