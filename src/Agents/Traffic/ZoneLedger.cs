namespace EdgeAutonomy.Agents;

/// <summary>Grants zones to robots: the coordinator's side.</summary>
/// <remarks>
/// <para>A zone is occupied by whoever holds a lease of it, was last seen in it, or held a lease and was not seen outside since. An expired lease never means an empty zone: it needs a beacon that was sent after the robot's own deadline
/// and shows it outside, or a last place from which it could not have got there in time, or the operator's word (<see cref="Clear"/>).</para>
/// <para>A request is granted as a whole when every zone has room, no earlier request that waits wants one of them (robots that hold zones already go before, since others wait for them), nobody drives the corridor the other way, and
/// afterwards some order exists in which all holders can get the rest of their routes and leave (banker's check, Dijkstra 1965). Waiting raises urgency, so nobody waits for ever.</para>
/// <para>A new coordinator grants nothing new until every lease of the old one has run out, or every robot of the roster has reported what it holds. Until a robot has reported, or was seen after that time, it may have had a lease and be
/// wherever it could have got to with it from its last place. Told messages, positions and times; says what to send through <see cref="TryTake"/>.
/// Deterministic, single-threaded.</para>
/// </remarks>
public sealed partial class ZoneLedger
{
    private readonly ZoneMap _map;
    private readonly ZoneOptions _options;
    private readonly SortedDictionary<string, Robot> _robots = new(StringComparer.Ordinal);
    private readonly List<Waiting> _queue = [];
    private readonly SortedSet<int> _closed = [];
    private readonly SortedSet<string> _unreported = new(StringComparer.Ordinal);
    private readonly Queue<(string Rid, ZoneReply Reply)> _outbox = new();
    private bool _leads, _anybody;
    private Stamp _grantsFrom = Stamp.Never;
    private uint _term, _counter;
    private long _arrivals;

    /// <summary>Makes a ledger; it grants nothing before <see cref="Lead"/>.</summary>
    public ZoneLedger(ZoneMap map, ZoneOptions options)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(options);
        (_map, _options) = (map, options);
    }

    /// <summary>Gets how many messages were ignored: old, doubled, or from more robots than fit.</summary>
    public long Ignored { get; private set; }

    /// <summary>Gets how many requests wait.</summary>
    public int Waiters => _queue.Count;

    /// <summary>Starts to act as coordinator.</summary>
    /// <param name="term">The term of the election; grows with every coordinator.</param>
    /// <param name="roster">Robots that may hold zones of the coordinator before; null = any may.</param>
    /// <param name="now">Now.</param>
    public void Lead(uint term, IEnumerable<string>? roster, Stamp now)
    {
        if (term <= _term) throw new ArgumentOutOfRangeException(nameof(term), term, $"Zone ledger: term {term} does not follow {_term}; terms grow.");
        (_leads, _term, _counter, _grantsFrom) = (true, term, 0, now + _options.GranterSide(_options.MaxLease));
        _queue.Clear();
        _unreported.Clear();
        foreach (string rid in roster ?? []) _unreported.Add(rid);
        _anybody = roster is null;
        foreach (var (rid, robot) in _robots) Presume(rid, robot);
    }

    /// <summary>Stops to act as coordinator. What is known of positions stays.</summary>
    public void StepDown()
    {
        _leads = false;
        _queue.Clear();
        _outbox.Clear();
    }

    /// <summary>Returns whether new zones are granted at this time.</summary>
    public bool Grants(Stamp now) => _leads && (now >= _grantsFrom || (_unreported.Count == 0 && !_anybody));

    /// <summary>Takes a request.</summary>
    /// <param name="rid">The sender, from the topic.</param>
    /// <param name="request">What it asks.</param>
    /// <param name="now">Now.</param>
    public void OnRequest(string rid, ZoneRequest request, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!_leads) return;
        if (RobotOf(rid, request.Inc) is not { } robot || request.Inc < robot.Inc)
        {
            Ignored++;
            return;
        }
        if (request.Inc > robot.Inc) Reborn(rid, robot, request.Inc, now);
        if (request.Seq <= robot.Seq)
        {
            // The same request again: its answer may be lost.
            if (request.Seq == robot.Seq && robot.Last is { } last && last.Seq == request.Seq) _outbox.Enqueue((rid, last));
            else Ignored++;
            return;
        }
        robot.Seq = request.Seq;
        var zones = new int[request.Zones.Count];
        for (int i = 0; i < zones.Length; i++)
        {
            if ((zones[i] = _map.Find(request.Zones[i])) >= 0) continue;
            Answer(rid, robot, request, ZoneState.Rejected, request.Zones, 0, $"zone '{request.Zones[i]}' is unknown");
            return;
        }
        int[] route = [.. request.Route.Select(_map.Find).Where(z => z >= 0)];
        switch (request.Ask)
        {
            case ZoneAsk.Acquire:
                Enqueue(rid, robot, request, zones, route, now);
                break;
            case ZoneAsk.Renew:
                Renew(rid, robot, request, zones, route, now);
                break;
            case ZoneAsk.Release:
                Release(rid, robot, request, zones);
                break;
            case ZoneAsk.Report:
                if (request.Term != _term) break;
                foreach (int zone in zones) Hold(robot, zone, now + _options.GranterSide(_options.MaxLease));
                robot.Route = route;
                robot.PresumedUntil = Stamp.Never;
                Follow(robot);
                _unreported.Remove(rid);
                break;
        }
        Pump(now);
    }

    /// <summary>Takes a position from a beacon. Works in every role, so that a new coordinator knows where all are.</summary>
    /// <param name="rid">The robot.</param>
    /// <param name="inc">Its incarnation.</param>
    /// <param name="position">Where it is, metres.</param>
    /// <param name="radius">Its radius with its load and its uncertainty, metres.</param>
    /// <param name="now">When the beacon arrived.</param>
    public void OnPosition(string rid, uint inc, Vector2D position, double radius, Stamp now)
    {
        if (!position.IsFinite || !(radius >= 0) || RobotOf(rid, inc) is not { } robot || inc < robot.Inc)
        {
            Ignored++;
            return;
        }
        if (inc > robot.Inc) Reborn(rid, robot, inc, now);
        (robot.Position, robot.Radius, robot.SeenAt) = (position, radius, now);
        robot.Cleared.Clear();
        // This one was sent when no lease of an earlier coordinator held any more.
        if (now - robot.PresumedUntil >= _options.MaxBeaconAge) robot.PresumedUntil = Stamp.Never;
        Tick(now);
    }

    /// <summary>Hears that a robot is gone: it waits for nothing any more, but occupies what it may be in.</summary>
    public void OnDead(string rid, Stamp now)
    {
        _queue.RemoveAll(w => w.Rid == rid);
        Tick(now);
    }

    /// <summary>Takes the operator's word that a robot is not in a zone.</summary>
    public void Clear(string zone, string rid, Stamp now)
    {
        int z = _map.Find(zone);
        if (z < 0 || !_robots.TryGetValue(rid, out var robot)) return;
        robot.Holds.Remove(z);
        robot.Cleared.Add(z);
        Tick(now);
    }

    /// <summary>Closes a zone: it is not granted and not renewed. Or opens it again.</summary>
    public void Close(string zone, bool closed, Stamp now)
    {
        int z = _map.Find(zone);
        if (z < 0) return;
        if (closed) _closed.Add(z);
        else _closed.Remove(z);
        Tick(now);
    }

    /// <summary>Lets time pass; call it at least every 100 ms.</summary>
    public void Tick(Stamp now)
    {
        foreach (var (rid, robot) in _robots)
        {
            foreach (int zone in robot.Holds.Keys.ToArray())
            {
                var hold = robot.Holds[zone];
                if (now < hold.Until) continue;
                if (!hold.IsExpired)
                {
                    robot.Holds[zone] = hold with { IsExpired = true };
                    if (_leads) _outbox.Enqueue((rid, new ZoneReply(robot.Inc, robot.Seq, NextEpoch(), ZoneState.Expired, [_map[zone].Id], 0, "")));
                }
                if (!_options.DistrustsExpiry || IsOutsideForSure(robot, zone, hold.Until)) robot.Holds.Remove(zone);
            }
        }
        for (int i = _queue.Count - 1; i >= 0; i--)
        {
            if (now - _queue[i].RenewedAt <= _options.QueueTimeout) continue;
            _queue.RemoveAt(i);
            Ignored++;
        }
        Pump(now);
    }

    /// <summary>Takes the next message to send to a robot.</summary>
    public bool TryTake(out string rid, out ZoneReply reply)
    {
        bool any = _outbox.TryDequeue(out var next);
        (rid, reply) = next;
        return any;
    }

    /// <summary>Returns the ids of the robots that count as being in a zone, by id.</summary>
    public IReadOnlyList<string> Occupants(string zone)
    {
        int z = _map.Find(zone);
        return z < 0 ? [] : [.. _robots.Where(r => Occupies(r.Value, z)).Select(r => r.Key)];
    }

    private void Enqueue(string rid, Robot robot, ZoneRequest request, int[] zones, int[] route, Stamp now)
    {
        int old = _queue.FindIndex(w => w.Rid == rid);
        // A robot waits for one thing at a time; asking for the same again keeps its place.
        bool same = old >= 0 && _queue[old].Zones.AsSpan().SequenceEqual(zones);
        if (old < 0 && _queue.Count >= _options.MaxWaiting)
        {
            Answer(rid, robot, request, ZoneState.Rejected, request.Zones, 0, $"{_queue.Count} requests wait already");
            return;
        }
        var waiting = new Waiting(rid, request, zones, route, same ? _queue[old].Arrival : ++_arrivals, same ? _queue[old].Since : now, now);
        if (old >= 0) _queue[old] = waiting;
        else _queue.Add(waiting);
        Pump(now);
        if (_queue.Contains(waiting)) Answer(rid, robot, request, ZoneState.Queued, request.Zones, 0, "");
    }

    private void Renew(string rid, Robot robot, ZoneRequest request, int[] zones, int[] route, Stamp now)
    {
        int closed = Array.FindIndex(zones, _closed.Contains);
        // While taking over, a robot that renews tells what it holds: only its own lease can be meant, for nobody granted it to another.
        bool holds = zones.All(robot.Holds.ContainsKey) || !Grants(now);
        if (closed >= 0 || !holds)
        {
            Answer(rid, robot, request, ZoneState.Revoked, request.Zones, 0, closed >= 0 ? $"zone '{_map[zones[closed]].Id}' is closed" : "not held any more");
            return;
        }
        robot.Route = route;
        Grant(rid, robot, request, zones, now);
    }

    private void Release(string rid, Robot robot, ZoneRequest request, int[] zones)
    {
        foreach (int zone in zones.Length > 0 ? zones : robot.Holds.Keys.ToArray()) robot.Holds.Remove(zone);
        robot.Route = [.. robot.Route.Where(z => !zones.Contains(z))];
        if (zones.Length == 0) robot.Route = [];
        _queue.RemoveAll(w => w.Rid == rid && (zones.Length == 0 || w.Zones.Any(zones.Contains)));
        Answer(rid, robot, request, ZoneState.Released, request.Zones, 0, "");
    }

    private void Grant(string rid, Robot robot, ZoneRequest request, int[] zones, Stamp now)
    {
        var lease = Duration.Min(Duration.FromMilliseconds(Math.Max(request.DurationMs, 1)), _options.MaxLease);
        foreach (int zone in zones) Hold(robot, zone, now + _options.GranterSide(lease));
        Follow(robot);
        Answer(rid, robot, request, ZoneState.Granted, request.Zones, (int)lease.Milliseconds, "");
    }

    private static void Hold(Robot robot, int zone, Stamp until)
    {
        if (robot.Holds.TryGetValue(zone, out var hold) && hold.Until > until) until = hold.Until;
        robot.Holds[zone] = new ZoneHold(until, false);
    }

    private void Answer(string rid, Robot robot, ZoneRequest request, ZoneState state, IReadOnlyList<string> zones, int ms, string reason)
    {
        var reply = new ZoneReply(request.Inc, request.Seq, NextEpoch(), state, zones, ms, reason);
        robot.Last = reply;
        _outbox.Enqueue((rid, reply));
    }

    private ulong NextEpoch() => (ulong)_term << 32 | ++_counter;

    private Robot? RobotOf(string rid, uint inc)
    {
        if (_robots.TryGetValue(rid, out var robot)) return robot;
        if (!ZoneWire.IsId(rid) || _robots.Count >= _options.MaxRobots) return null;
        var made = _robots[rid] = new Robot { Inc = inc };
        Presume(rid, made);
        return made;
    }

    private void Presume(string rid, Robot robot)
    {
        if (_options.PresumesLeases && _options.DistrustsExpiry && (_anybody || _unreported.Contains(rid))) robot.PresumedUntil = _grantsFrom;
    }

    /// <summary>A robot that started anew has no leases; where it held one it may still stand.</summary>
    private void Reborn(string rid, Robot robot, uint inc, Stamp now)
    {
        (robot.Inc, robot.Seq, robot.Last, robot.Route) = (inc, 0, null, []);
        _queue.RemoveAll(w => w.Rid == rid);
        foreach (int zone in robot.Holds.Keys.ToArray()) robot.Holds[zone] = new ZoneHold(now, true);
    }

    private readonly record struct ZoneHold(Stamp Until, bool IsExpired);

    private sealed record Waiting(string Rid, ZoneRequest Request, int[] Zones, int[] Route, long Arrival, Stamp Since, Stamp RenewedAt);

    private sealed class Robot
    {
        public uint Inc { get; set; }

        public ulong Seq { get; set; }

        public ZoneReply? Last { get; set; }

        public SortedDictionary<int, ZoneHold> Holds { get; } = [];

        public int[] Route { get; set; } = [];

        public Vector2D Position { get; set; }

        public double Radius { get; set; }

        public Stamp SeenAt { get; set; } = Stamp.Never;

        /// <summary>Gets or sets until when it may have a lease of an earlier coordinator; never = it has none.</summary>
        public Stamp PresumedUntil { get; set; } = Stamp.Never;

        public SortedDictionary<string, int> Ways { get; } = new(StringComparer.Ordinal);

        public SortedSet<int> Cleared { get; } = [];

        public bool HasLease => Holds.Values.Any(h => !h.IsExpired);
    }
}
