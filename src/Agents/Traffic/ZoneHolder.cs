namespace EdgeAutonomy.Agents;

/// <summary>What a robot shall do about a zone.</summary>
public enum ZoneAdvice : byte
{
    /// <summary>Drive on.</summary>
    Proceed,

    /// <summary>Brake now: the stop just fits before the border, or there is no lease inside.</summary>
    Stop,

    /// <summary>Leave the zone by the nearest way.</summary>
    Evacuate,
}

/// <summary>Holds zones for one robot: the robot's side.</summary>
/// <remarks>
/// <para>No answer in time is no grant. A lease holds until the instant at which its request was <b>sent</b> plus its duration, less what a slow clock could add; the granter counts longer, so it never gives a zone away that this robot
/// still believes in. Leases are renewed at half time. Told messages and times; says what to send through <see cref="TryTake"/>. Deterministic, single-threaded.</para>
/// </remarks>
public sealed class ZoneHolder
{
    private readonly ZoneMap _map;
    private readonly ZoneOptions _options;
    private readonly ZoneHolderOptions _robot;
    private readonly SortedDictionary<int, (Stamp Deadline, Stamp RenewAt)> _held = [];
    private readonly SortedDictionary<ulong, Stamp> _sent = [];
    private readonly Queue<ZoneRequest> _outbox = new();
    private readonly uint _inc;
    private string[] _wanted = [], _route = [];
    private int _urgency;
    private ulong _seq, _epoch;
    private Stamp _askAgain = Stamp.Never, _next = Stamp.Never;

    /// <summary>Makes a holder.</summary>
    /// <param name="inc">Incarnation of the robot; not 0.</param>
    /// <param name="map">The zones.</param>
    /// <param name="options">As the granter has them.</param>
    /// <param name="robot">How the robot brakes.</param>
    public ZoneHolder(uint inc, ZoneMap map, ZoneOptions options, ZoneHolderOptions robot)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(robot);
        if (!(robot.Deceleration > 0) || robot.Reaction.Nanoseconds < 0 || !(robot.Margin >= 0)) throw new ArgumentException($"Zone holder: deceleration {robot.Deceleration}, reaction {robot.Reaction}, margin {robot.Margin}; the first must be positive, the others not negative.", nameof(robot));
        (_inc, _map, _options, _robot) = (inc, map, options, robot);
    }

    /// <summary>Gets how the wish stands.</summary>
    public ZoneState State { get; private set; } = ZoneState.Released;

    /// <summary>Gets why it was refused; empty otherwise.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Gets how many replies were ignored: old, of another request, or from a coordinator that is none any more.</summary>
    public long Ignored { get; private set; }

    /// <summary>Asks for zones, all or none.</summary>
    /// <param name="zones">Ids of the zones that it wants to enter next.</param>
    /// <param name="route">Ids of all zones until it is outside again, in the order of its way.</param>
    /// <param name="urgency">Higher goes first.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ArgumentException">A zone is unknown, or there are none.</exception>
    public void Request(IReadOnlyList<string> zones, IReadOnlyList<string> route, int urgency, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(zones);
        ArgumentNullException.ThrowIfNull(route);
        if (zones.Count == 0 || zones.Concat(route).FirstOrDefault(z => _map.Find(z) < 0) is { }) throw new ArgumentException($"Zone holder: asks for [{string.Join(", ", zones)}] on the way [{string.Join(", ", route)}]; must name at least one zone, and only zones of the map.", nameof(zones));
        (_wanted, _route, _urgency, State, Reason) = ([.. zones], [.. route], urgency, ZoneState.Requested, "");
        Send(ZoneAsk.Acquire, _wanted, now);
        (_askAgain, _next) = (now + _robot.Retry, now);
    }

    /// <summary>Gives zones back because the robot is outside of them; none named = all, and the wish too.</summary>
    public void Release(IReadOnlyList<string> zones, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(zones);
        foreach (string zone in zones) _held.Remove(_map.Find(zone));
        if (zones.Count == 0)
        {
            _held.Clear();
            (_wanted, State) = ([], ZoneState.Released);
        }
        _route = zones.Count == 0 ? [] : [.. _route.Where(z => !zones.Contains(z))];
        // A grant of anything asked before may be on its way; the granter frees the zones when it hears this, so such a grant is void.
        _sent.Clear();
        Send(ZoneAsk.Release, [.. zones], now);
    }

    /// <summary>Tells a new coordinator what is held.</summary>
    /// <param name="term">Its term.</param>
    /// <param name="now">Now.</param>
    public void Report(uint term, Stamp now)
    {
        string[] zones = [.. _held.Where(h => now < h.Value.Deadline).Select(h => _map[h.Key].Id)];
        // The new coordinator gives away what is not named: a late grant of the old one is void.
        _epoch = Math.Max(_epoch, (ulong)term << 32);
        _outbox.Enqueue(new ZoneRequest(_inc, ++_seq, ZoneAsk.Report, zones, _route, 0, _urgency, term));
        // What the old coordinator had queued is lost with it.
        if (_wanted.Length > 0) (_askAgain, _next) = (now, now);
    }

    /// <summary>Takes a reply.</summary>
    public void OnReply(ZoneReply reply, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (reply.Inc != _inc || reply.Epoch <= _epoch)
        {
            Ignored++;
            return;
        }
        _epoch = reply.Epoch;
        switch (reply.State)
        {
            case ZoneState.Granted:
                OnGrant(reply, now);
                break;
            case ZoneState.Queued or ZoneState.Rejected when _wanted.Length > 0 && reply.Zones.SequenceEqual(_wanted):
                (State, Reason) = (reply.State, reply.Reason);
                if (reply.State == ZoneState.Rejected) _wanted = [];
                break;
            case ZoneState.Revoked:
                // The lease still holds until its deadline: time to leave. It is not renewed.
                foreach (string zone in reply.Zones)
                {
                    if (_held.TryGetValue(_map.Find(zone), out var h)) _held[_map.Find(zone)] = (h.Deadline, Stamp.FromSeconds(1e9));
                }
                (State, Reason) = (ZoneState.Revoked, reply.Reason);
                break;
        }
    }

    /// <summary>Lets time pass; call it every cycle. 0 bytes allocated while nothing is due.</summary>
    public void Tick(Stamp now)
    {
        if (now < _next) return;
        List<string>? due = null;
        foreach (var (zone, h) in _held)
        {
            if (now < h.RenewAt || now >= h.Deadline) continue;
            (due ??= []).Add(_map[zone].Id);
        }
        if (due is not null)
        {
            foreach (string zone in due) _held[_map.Find(zone)] = (_held[_map.Find(zone)].Deadline, now + _robot.Retry);
            Send(ZoneAsk.Renew, [.. due], now);
        }
        if (_wanted.Length > 0 && now >= _askAgain)
        {
            Send(ZoneAsk.Acquire, _wanted, now);
            _askAgain = now + _robot.Retry;
        }
        // Replies that late would be expired on arrival.
        while (_sent.Count > 0 && now - _sent.First().Value > _options.MaxLease) _sent.Remove(_sent.First().Key);
        _next = _wanted.Length > 0 ? _askAgain : now + _options.MaxLease;
        foreach (var (_, h) in _held)
        {
            if (now < h.Deadline && h.RenewAt < _next) _next = h.RenewAt;
        }
    }

    /// <summary>Takes the next message to send.</summary>
    public bool TryTake(out ZoneRequest request) => _outbox.TryDequeue(out request!);

    /// <summary>Returns whether a zone is held at this time.</summary>
    public bool Holds(string zone, Stamp now) => _held.TryGetValue(_map.Find(zone), out var h) && now < h.Deadline;

    /// <summary>Returns until when a zone is held, on this robot's clock; <see cref="Stamp.Never"/> = it is not.</summary>
    public Stamp Deadline(string zone) => _held.TryGetValue(_map.Find(zone), out var h) ? h.Deadline : Stamp.Never;

    /// <summary>Returns the way a robot needs to stop: v²/(2a) + v·t + margin, metres.</summary>
    public double BrakeDistance(double speed) => speed * speed / (2 * _robot.Deceleration) + speed * _robot.Reaction.Seconds + _robot.Margin;

    /// <summary>Says what to do before a zone: drive on as long as the stop still fits before its border.</summary>
    /// <param name="zone">The zone ahead.</param>
    /// <param name="distance">Metres to its border along the way.</param>
    /// <param name="speed">m/s.</param>
    /// <param name="now">Now.</param>
    public ZoneAdvice Approach(string zone, double distance, double speed, Stamp now)
    {
        // A lease that ends before the robot could stop is none.
        var stop = _robot.Reaction + Duration.FromSeconds(speed / _robot.Deceleration);
        return Holds(zone, now + stop) || distance > BrakeDistance(speed) ? ZoneAdvice.Proceed : ZoneAdvice.Stop;
    }

    /// <summary>Says what to do inside a zone.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="now">Now.</param>
    public ZoneAdvice Inside(string zone, Stamp now)
    {
        int z = _map.Find(zone);
        if (z < 0 || Holds(zone, now)) return ZoneAdvice.Proceed;
        return _map[z].Policy switch
        {
            ZoneLossPolicy.Evacuate => ZoneAdvice.Evacuate,
            ZoneLossPolicy.Continue when HoldsRest(zone, now) => ZoneAdvice.Proceed,
            _ => ZoneAdvice.Stop,
        };
    }

    private bool HoldsRest(string zone, Stamp now)
    {
        foreach (string next in _route)
        {
            if (next != zone && !Holds(next, now)) return false;
        }
        return true;
    }

    private void OnGrant(ZoneReply reply, Stamp now)
    {
        if (!_sent.TryGetValue(reply.Seq, out var sent))
        {
            Ignored++;
            return;
        }
        var lease = Duration.Min(Duration.FromMilliseconds(reply.DurationMs), _options.MaxLease);
        var deadline = sent + _options.HolderSide(lease);
        bool wanted = _wanted.Length > 0 && reply.Zones.SequenceEqual(_wanted);
        if (!wanted && reply.Zones.All(id => !_held.ContainsKey(_map.Find(id))))
        {
            // The wish has changed meanwhile.
            Release(reply.Zones, now);
            return;
        }
        foreach (string id in reply.Zones)
        {
            int zone = _map.Find(id);
            if (zone < 0 || now >= deadline || _held.TryGetValue(zone, out var old) && old.Deadline >= deadline) continue;
            _held[zone] = (deadline, sent + lease / 2);
        }
        if (wanted) (_wanted, State) = ([], ZoneState.Granted);
        _next = now;
    }

    private void Send(ZoneAsk ask, string[] zones, Stamp now)
    {
        _sent[++_seq] = now;
        _outbox.Enqueue(new ZoneRequest(_inc, _seq, ask, zones, _route, (int)_options.MaxLease.Milliseconds, _urgency));
    }
}
