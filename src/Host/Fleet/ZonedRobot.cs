using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>A robot that keeps out of zones it does not hold: it asks for them on its way, stops before the border until they are granted, and gives them back behind it.</summary>
/// <remarks>
/// <para>Whoever sends it notices nothing: while it waits, it has its goal, and has not arrived. No answer is no grant, so without a coordinator it works outside of zones only.</para>
/// <para>What lies ahead is looked for at every step straight towards the goal and along the present motion, for what drives goes around obstacles. Who waits keeps a distance, so that the one inside can come out. One thread, that of
/// the node.</para>
/// </remarks>
internal sealed class ZonedRobot : IMissionRobot
{
    private const double SampleMetre = 0.1, MovingMps = 0.05, LookSeconds = 1.5;

    private readonly IMissionRobot _robot;
    private readonly FleetNode _node;
    private readonly ZoneMap _map;
    private readonly ZoneStream _zones;
    private readonly ZonedRobotOptions _options;
    private readonly List<string> _ahead = [], _asked = [], _behind = [];
    private Goal _goal;
    private bool _waits;
    private string? _next, _waitsFor;
    private double _at;

    /// <summary>Makes it and adds zones to the node's streams.</summary>
    /// <param name="robot">The robot.</param>
    /// <param name="node">Its place in the fleet.</param>
    /// <param name="map">The zones; the same at every robot.</param>
    /// <param name="options">How it goes about them.</param>
    public ZonedRobot(IMissionRobot robot, FleetNode node, ZoneMap map, ZonedRobotOptions options)
    {
        (_robot, _node, _map, _options) = (robot, node, map, options);
        _zones = new ZoneStream(node, map, options.Zones);
    }

    /// <summary>Gets the zone that it waits for; null = none.</summary>
    public string? WaitsFor => _waits ? _waitsFor : null;

    /// <summary>Gets the zones.</summary>
    public ZoneStream Zones => _zones;

    /// <inheritdoc/>
    public MapPoint Position => _robot.Position;

    /// <inheritdoc/>
    public bool IsAtRest => _robot.IsAtRest;

    /// <inheritdoc/>
    public bool HasGoal => _waits || _robot.HasGoal;

    /// <inheritdoc/>
    /// <remarks>Who stands in a zone keeps all others out of it.</remarks>
    public MapPoint? Aside
    {
        get
        {
            var pose = _node.Pose;
            return ZoneDistance(new Vector2D(pose.X, pose.Y)) < Reach(pose) ? Room() : null;
        }
    }

    /// <inheritdoc/>
    public Stamp LoopTime => _robot.LoopTime;

    /// <inheritdoc/>
    public void Drive(in Goal goal)
    {
        // What is on the way is known at the next step only; until then it goes nowhere new.
        (_goal, _waitsFor, _waits) = (goal, null, true);
        _robot.Stop();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        (_goal, _waitsFor, _waits) = (Goal.None, null, false);
        _robot.Stop();
    }

    /// <inheritdoc/>
    public void Tell(Neighbourhood neighbours) => _robot.Tell(neighbours);

    /// <summary>Asks, waits, drives on, gives back. Call after <see cref="FleetNode.Step"/>.</summary>
    /// <param name="now">The node's time.</param>
    public void Step(Stamp now)
    {
        if (!_waits && !_robot.HasGoal) _goal = Goal.None;
        bool free = _goal.Id == 0 || Look(now);
        GiveBack();
        if (_behind.Count > 0) _zones.Release(_behind, now);
        if (_goal.Id == 0) return;
        if (free && _waits)
        {
            _waits = false;
            _robot.Drive(_goal);
        }
        else if (!free && !_waits)
        {
            _waits = true;
            _robot.Stop();
        }
        else if (!free && !_robot.HasGoal && _robot.IsAtRest && _at < _options.RoomMetre)
        {
            // It could not stop earlier, or was asked to go in while it stood there.
            var room = Room();
            _robot.Drive(new Goal(_goal.Id, room.X, room.Y, _goal.Radius));
        }
    }

    private double Reach(in Beacon pose) => pose.Radius + _options.Zones.PositionError;

    /// <summary>Finds the zones ahead and asks for the next one.</summary>
    /// <returns>False when the robot must stop now.</returns>
    private bool Look(Stamp now)
    {
        _ahead.Clear();
        var pose = _node.Pose;
        Vector2D here = new(pose.X, pose.Y), velocity = new(pose.VelocityX, pose.VelocityY), way = new Vector2D(_goal.X, _goal.Y) - here;
        double speed = velocity.Length, reach = Reach(pose);
        (_next, _at) = (null, double.PositiveInfinity);
        Follow(here, way, Math.Min(way.Length, _options.AskMetre), reach, now);
        if (speed > MovingMps) Follow(here, velocity, Math.Min(way.Length, LookSeconds * speed), reach, now);
        // What it waits for it waits for until it has it, even if it has turned away meanwhile.
        if (_next is null && _waitsFor is { } waited && !_zones.Holds(waited, now)) (_next, _at) = (waited, _map.Distance(_map.Find(waited), here) - reach);
        if (_next is not { } next)
        {
            _waitsFor = null;
            return true;
        }
        if (!_asked.Contains(next))
        {
            _asked.Add(next);
            _zones.Acquire([next], _ahead, 0, now);
        }
        if (_zones.Approach(next, _at - _options.RoomMetre, speed, now) == ZoneAdvice.Proceed) return true;
        _waitsFor = next;
        return false;
    }

    private void Follow(Vector2D here, Vector2D way, double length, double reach, Stamp now)
    {
        double whole = way.Length;
        for (double along = 0; ; along += SampleMetre)
        {
            along = Math.Min(along, length);
            var point = whole > 0 ? here + way * (along / whole) : here;
            for (int zone = 0; zone < _map.Count; zone++)
            {
                string id = _map[zone].Id;
                if (_map.Distance(zone, point) >= reach) continue;
                if (!_ahead.Contains(id)) _ahead.Add(id);
                if (along < _at && !_zones.Holds(id, now)) (_next, _at) = (id, along);
            }
            if (along >= length) return;
        }
    }

    private void GiveBack()
    {
        _behind.Clear();
        if (_goal.Id == 0) _ahead.Clear();
        var pose = _node.Pose;
        double reach = Reach(pose) + SampleMetre;
        Vector2D here = new(pose.X, pose.Y), soon = here + new Vector2D(pose.VelocityX, pose.VelocityY) * 0.5;
        foreach (string id in _asked)
        {
            int zone = _map.Find(id);
            double distance = _map.Distance(zone, here);
            if (_ahead.Contains(id) || id == _waitsFor || distance <= reach) continue;
            // Outside, and going nowhere, or away from it, or far from it.
            if (_goal.Id == 0 || _map.Distance(zone, soon) > distance + 0.02 || distance > _options.AskMetre + reach) _behind.Add(id);
        }
        _asked.RemoveAll(_behind.Contains);
    }

    // Of eight directions and two distances the one that leaves most room to zones and robots.
    private MapPoint Room()
    {
        var pose = _node.Pose;
        double reach = Reach(pose), best = double.NegativeInfinity;
        MapPoint aside = default;
        foreach (double far in (ReadOnlySpan<double>)[1.0, 1.5])
        {
            for (int i = 0; i < 8; i++)
            {
                (double sin, double cos) = DeterministicMath.SinCos(Math.PI / 4 * i);
                Vector2D there = new(pose.X + far * cos, pose.Y + far * sin);
                double room = ZoneDistance(there) - reach;
                foreach (var member in _node.Members.Members)
                {
                    if (member.BeaconAt != Stamp.Never) room = Math.Min(room, Vector2D.Distance(there, new Vector2D(member.Beacon.X, member.Beacon.Y)) - pose.Radius - member.Beacon.Radius);
                }
                // More than enough is no better; the nearer place is.
                room = Math.Min(room, _options.RoomMetre);
                if (room > best) (best, aside) = (room, new MapPoint(there.X, there.Y));
            }
        }
        return aside;
    }

    private double ZoneDistance(Vector2D point)
    {
        double nearest = double.PositiveInfinity;
        for (int zone = 0; zone < _map.Count; zone++) nearest = Math.Min(nearest, _map.Distance(zone, point));
        return nearest;
    }
}
