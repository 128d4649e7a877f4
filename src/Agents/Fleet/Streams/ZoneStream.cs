namespace EdgeAutonomy.Agents;

/// <summary>Zones over the fleet's link: asks and holds for this robot, and grants while this robot is the coordinator.</summary>
/// <remarks>
/// <para>Requests go to <c>r/ROBOT/zone/req</c>, answers to <c>r/COORDINATOR/zone/grant.ROBOT</c>: both within the sender's own subtree and within the levels that hosted brokers allow. Every robot follows the beacons of the others, so that
/// whoever becomes coordinator knows where all stand; it grants nothing new until the leases of the one before have run out or all <see cref="ZoneStreamOptions.Users"/> have reported.</para>
/// <para>What a robot has asked for is asked for again until it has it or gives it back: after a refusal, a lost lease, a new coordinator, a new incarnation. Positions are taken once per step, after everything that arrived, so that of a
/// burst that was held up only the last of each robot counts; beacons must not be older than <see cref="ZoneOptions.MaxBeaconAge"/> when they arrive.</para>
/// <para>Deterministic, one thread; the node drives it.</para>
/// </remarks>
public sealed class ZoneStream : IFleetStream
{
    private const string Request = "zone/req";
    private static readonly Vector2D Elsewhere = new(1e9, 1e9);
    private static readonly Duration Beat = Duration.FromMilliseconds(100), Idle = Duration.FromSeconds(1);

    private readonly FleetNode _node;
    private readonly ZoneMap _map;
    private readonly ZoneStreamOptions _options;
    private readonly ZoneLedger _ledger;
    private readonly SortedSet<string> _unseen = new(StringComparer.Ordinal), _dead = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _grants = new(StringComparer.Ordinal);
    private readonly List<string> _needed = [], _asked = [], _missing = [];
    private string[] _route = [];
    private int _urgency;
    private ZoneHolder _holder;
    private uint _incarnation, _leads, _term;
    private Stamp _beatAt = Stamp.Never, _askAt = Stamp.Never;

    /// <summary>Makes a stream and adds it to the node, as <c>zone</c>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="map">The zones; the same at every robot.</param>
    /// <param name="options">How; the shared part must be the same at every robot.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the node has such a stream.</exception>
    public ZoneStream(FleetNode node, ZoneMap map, ZoneStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        (_node, _map, _options) = (node, map, options ?? new ZoneStreamOptions());
        if (!(_options.PositionError >= 0)) throw new ArgumentException($"Zone stream: position error is {_options.PositionError} m; must be 0 or more.", nameof(options));
        _ledger = new ZoneLedger(map, _options.Zones);
        _incarnation = node.Incarnation;
        _holder = new ZoneHolder(_incarnation, map, _options.Zones, _options.Robot);
        foreach (string user in _options.Users ?? []) _unseen.Add(user);
        node.Add("zone", Request, this, new SubscribeOptions(InboxQueue.Commands, 1));
        node.Listen($"zone/grant.{node.Robot}", new SubscribeOptions(InboxQueue.Commands, 1));
    }

    /// <summary>Gets how the wish stands.</summary>
    public ZoneState State => _holder.State;

    /// <summary>Gets why it was refused; empty otherwise.</summary>
    public string Reason => _holder.Reason;

    /// <summary>Gets how many requests, positions and answers were ignored: old, doubled, of a coordinator that is none any more.</summary>
    public long Ignored => _ledger.Ignored + _holder.Ignored;

    /// <summary>Gets the robots that must be seen before this one grants; empty = none.</summary>
    public IEnumerable<string> Unseen => _unseen;

    /// <inheritdoc/>
    public Stamp NextDue => _beatAt;

    internal ZoneLedger Ledger => _ledger;

    /// <summary>Asks for zones, all or none, and goes on asking until <see cref="Release"/>.</summary>
    /// <param name="zones">Ids of the zones that it wants to enter next.</param>
    /// <param name="route">Ids of all zones until it is outside again, in the order of its way.</param>
    /// <param name="urgency">Higher goes first.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <exception cref="ArgumentException">A zone is unknown, or there are none.</exception>
    public void Acquire(IReadOnlyList<string> zones, IReadOnlyList<string> route, int urgency, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(zones);
        ArgumentNullException.ThrowIfNull(route);
        if (zones.Count == 0 || zones.Concat(route).FirstOrDefault(z => _map.Find(z) < 0) is { })
            throw new ArgumentException($"Zone stream: asks for [{string.Join(", ", zones)}] on the way [{string.Join(", ", route)}]; must name at least one zone, and only zones of the map.", nameof(zones));
        foreach (string zone in zones)
        {
            if (!_needed.Contains(zone)) _needed.Add(zone);
        }
        (_route, _urgency, _askAt, _beatAt) = ([.. route], urgency, now, Stamp.Never);
        _asked.Clear();
    }

    /// <summary>Gives zones back because the robot is outside of them; none named = all.</summary>
    public void Release(IReadOnlyList<string> zones, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(zones);
        if (zones.Count == 0) _needed.Clear();
        else _needed.RemoveAll(zones.Contains);
        _route = zones.Count == 0 ? [] : [.. _route.Where(z => !zones.Contains(z))];
        // What is on its way for them is void now; the rest of the wish is said anew.
        _asked.Clear();
        _holder.Release(zones, now);
        if (_needed.Count == 0) _holder.Release([], now);
        (_askAt, _beatAt) = (now, Stamp.Never);
    }

    /// <summary>Returns whether a zone is held at this time.</summary>
    public bool Holds(string zone, Stamp now) => _holder.Holds(zone, now);

    /// <summary>Returns until when a zone is held; <see cref="Stamp.Never"/> = it is not.</summary>
    public Stamp Deadline(string zone) => _holder.Deadline(zone);

    /// <summary>Says what to do before a zone: <see cref="ZoneHolder.Approach"/>.</summary>
    public ZoneAdvice Approach(string zone, double distance, double speed, Stamp now) => _holder.Approach(zone, distance, speed, now);

    /// <summary>Says what to do inside a zone: <see cref="ZoneHolder.Inside"/>.</summary>
    public ZoneAdvice Inside(string zone, Stamp now) => _holder.Inside(zone, now);

    /// <summary>Returns whether this robot grants new zones now.</summary>
    public bool IsGranting(Stamp now) => Leads(now) && _ledger.Grants(now);

    /// <summary>Returns who counts as being in a zone, as far as this robot knows.</summary>
    public IReadOnlyList<string> Occupants(string zone) => _ledger.Occupants(zone);

    /// <summary>Takes the operator's word that a robot that is not seen is in no zone.</summary>
    public void Vouch(string robot) => _unseen.Remove(robot);

    /// <summary>Takes the operator's word that a robot is not in a zone.</summary>
    public void Clear(string zone, string robot, Stamp now) => _ledger.Clear(zone, robot, now);

    /// <summary>Closes a zone, or opens it again, while this robot coordinates.</summary>
    public void Close(string zone, bool closed, Stamp now) => _ledger.Close(zone, closed, now);

    /// <inheritdoc/>
    public bool Receive(in FleetMessage message)
    {
        if (message.Rest.SequenceEqual("req"u8))
        {
            if (!ZoneWire.TryRead(message.Payload, out ZoneRequest request, out _)) return false;
            if (_node.Members.Hear(message.From, request.Inc, message.Now, fresh: true) is null) return true;
            if (!Leads(message.Now)) return true;
            _ledger.OnRequest(message.From, request, message.Now);
            Exchange(message.Now);
            return true;
        }
        if (!ZoneWire.TryRead(message.Payload, out ZoneReply reply, out _)) return false;
        _holder.OnReply(reply, message.Now);
        _beatAt = Stamp.Never;
        return true;
    }

    /// <inheritdoc/>
    public void Step(Stamp now)
    {
        if (_node.Incarnation != _incarnation)
        {
            // What the incarnation before held is void.
            _incarnation = _node.Incarnation;
            _holder = new ZoneHolder(_incarnation, _map, _options.Zones, _options.Robot);
            _asked.Clear();
        }
        TakePositions(now);
        Lead(now);
        if (_node.Coordinator is not null && _node.Term > _term)
        {
            _term = _node.Term;
            _holder.Report(_term, now);
        }
        if (now >= _beatAt)
        {
            _beatAt = now + (_leads != 0 || _needed.Count > 0 ? Beat : Idle);
            if (_leads != 0) ForgetDead(now);
            _ledger.Tick(now);
            AskAgain(now);
            _holder.Tick(now);
        }
        Exchange(now);
    }

    private bool Leads(Stamp now) => _leads != 0 && _leads == _node.Term && _node.IsCoordinating(now);

    private void Lead(Stamp now)
    {
        bool acts = _node.IsCoordinating(now);
        if (_leads != 0 && _node.Term != _leads)
        {
            _ledger.StepDown();
            _leads = 0;
        }
        // A coordinator whose majority was late for a moment goes on: nobody else can have acted in its term.
        if (!acts || _leads == _node.Term || _unseen.Count > 0) return;
        _leads = _node.Term;
        _ledger.Lead(_leads, _options.GrantsAtOnce ? [] : _options.Users, now);
    }

    private void TakePositions(Stamp now)
    {
        var members = _node.Members.Members;
        for (int i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (member.BeaconAt == now) TakePosition(member.Robot, member.Beacon.Prefix.Incarnation, member.Beacon, now);
        }
        if (now >= _beatAt) TakePosition(_node.Robot, _incarnation, _node.Pose, now);
    }

    private void TakePosition(string robot, uint incarnation, in Beacon beacon, Stamp now)
    {
        // A robot that does not know where it is may be anywhere: its last place counts.
        if ((beacon.Prefix.Flags & FleetFlags.Localised) == 0) return;
        if (_unseen.Count > 0) _unseen.Remove(robot);
        _ledger.OnPosition(robot, incarnation, beacon.Map == _options.Map ? new Vector2D(beacon.X, beacon.Y) : Elsewhere, beacon.Radius + _options.PositionError, now);
    }

    private void ForgetDead(Stamp now)
    {
        foreach (var member in _node.Members.Members)
        {
            if (!member.IsLost) _dead.Remove(member.Robot);
            else if (_dead.Add(member.Robot)) _ledger.OnDead(member.Robot, now);
        }
    }

    private void AskAgain(Stamp now)
    {
        _missing.Clear();
        foreach (string zone in _needed)
        {
            if (!_holder.Holds(zone, now)) _missing.Add(zone);
        }
        if (_missing.Count == 0)
        {
            _asked.Clear();
            return;
        }
        KeepWhereItStands();
        bool same = _missing.SequenceEqual(_asked);
        // The holder repeats by itself what was not answered or waits.
        if (same && (_holder.State is ZoneState.Requested or ZoneState.Queued || now < _askAt)) return;
        _holder.Request(_missing, _route, _urgency, now);
        _asked.Clear();
        _asked.AddRange(_missing);
        _askAt = now + _options.Robot.Retry;
    }

    // A lease for where it stands is granted at once and tells its way; asked for together with what lies ahead, two that follow each other would wait for ever.
    private void KeepWhereItStands()
    {
        var pose = _node.Pose;
        if ((pose.Prefix.Flags & FleetFlags.Localised) == 0 || pose.Map != _options.Map || !_missing.Exists(IsAt)) return;
        _missing.RemoveAll(z => !IsAt(z));

        bool IsAt(string zone) => _map.Distance(_map.Find(zone), new Vector2D(pose.X, pose.Y)) < pose.Radius + _options.PositionError;
    }

    // What is said to oneself does not come back from the broker.
    private void Exchange(Stamp now)
    {
        bool leads = Leads(now);
        for (bool again = true; again;)
        {
            again = false;
            while (_holder.TryTake(out var request))
            {
                again = true;
                _node.Post(Request, ZoneWire.Write(request), new PublishOptions(PublishClass.Command, ExpirySeconds: 5));
                if (leads) _ledger.OnRequest(_node.Robot, request, now);
            }
            while (leads && _ledger.TryTake(out string robot, out var reply))
            {
                again = true;
                if (robot == _node.Robot) _holder.OnReply(reply, now);
                else _node.Post(Grant(robot), ZoneWire.Write(reply), new PublishOptions(PublishClass.Command, ExpirySeconds: 1 + (int)_options.Zones.MaxLease.Seconds));
            }
        }
    }

    private string Grant(string robot)
    {
        if (!_grants.TryGetValue(robot, out string? below)) _grants.Add(robot, below = "zone/grant." + robot);
        return below;
    }
}
