namespace EdgeAutonomy.Agents;

/// <summary>Plans this robot's way around those of the others, window by window, and says where it may drive: topic <c>r/ROBOT/plan</c>.</summary>
/// <remarks>
/// <para>Every robot plans itself (Silver 2005; asynchronous prioritised planning, Čáp et al. 2015) around the plans that it has heard of robots that go before it, and tells its own. Order: who found no way behind the others, who made no
/// progress for some windows, urgency, the shorter way, the lower name. Who goes before others leaves those who stand in its way some steps to make room.</para>
/// <para>A plan is a wish. What a robot may drive on are its claims: the first nodes of its plan, asked for in its message and its own once every other robot has answered with a message that was written after hearing it and claims nothing
/// near (Ricart and Agrawala 1981). Nobody asks for what another claims; of two that asked at once the one that goes first keeps it. It also does not ask for what another is to pass before by its plan. No clock is part of that: late, lost,
/// doubled and reordered messages and clocks that are wrong cost time only. Times in plans decide who is to pass first; they are brought to this robot's clock by the shortest way that messages of the sender took.</para>
/// <para>What it does not promise: whoever is cut off for longer than the others wait drives on, and so do they (<see cref="PlanStreamOptions.Robots"/> forbids both). Safety rests on the reactive stop and on <see cref="Orca"/>, exclusion on zones; this
/// gives ways without standstill. Robots without a plan stand where they were seen last; dead and suspect ones keep what they claimed.</para>
/// <para>The robot must stay within its radius of the lines of what it holds, and be able to stop at <see cref="Next"/>. Deterministic, one thread; the node drives it. Old and doubled messages cost 0 bytes.</para>
/// </remarks>
public sealed partial class PlanStream : IFleetStream
{
    private const string Topic = "plan";
    private static readonly Duration Beat = Duration.FromMilliseconds(100), Ask = Duration.FromMilliseconds(500);

    private readonly SortedDictionary<string, PlanPeer> _peers = new(StringComparer.Ordinal);
    private readonly FleetNode _node;
    private readonly RouteGraph _graph;
    private readonly PlanStreamOptions _options;
    private readonly PrioritisedPlanner _planner;
    private Stamp _now, _startedAt = Stamp.Never, _beatAt = Stamp.Never, _sentAt = Stamp.Never;
    private uint _incarnation;
    private bool _news, _mustSend;

    /// <summary>Makes a stream and adds it to the node, as <c>plan</c>.</summary>
    /// <param name="node">The node; its pose must be kept up to date.</param>
    /// <param name="graph">The ways; the same at every robot.</param>
    /// <param name="options">How; the planner's part must be the same at every robot.</param>
    /// <exception cref="ArgumentException">An option is out of range, graph and window together are too large, or the node has such a stream.</exception>
    public PlanStream(FleetNode node, RouteGraph graph, PlanStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(graph);
        (_node, _graph, _options) = (node, graph, options ?? new PlanStreamOptions());
        _options.Check();
        _planner = new PrioritisedPlanner(graph, _options.Planner);
        _incarnation = node.Incarnation;
        _blocked = new bool[graph.NodeCount];
        _window = _options.Planner.Step * _options.Planner.WindowSteps;
        node.Add(Topic, Topic, this, new SubscribeOptions(InboxQueue.Latest, 1));
    }

    /// <summary>Gets the goal, −1 = none: the robot makes room for others.</summary>
    public int Goal { get; private set; } = -1;

    /// <summary>Gets the own plan; null before the first.</summary>
    public PathPlan? Plan { get; private set; }

    /// <summary>Gets when its window begins, on the robot's monotonic clock.</summary>
    public Stamp PlanStart { get; private set; }

    /// <summary>Gets the visit of <see cref="Plan"/> that was reached last, −1 = not even the first.</summary>
    public int Reached => _arrived ? _index : -1;

    /// <summary>Gets how many of the plan's first visits are the robot's own.</summary>
    public int Granted => _granted;

    /// <summary>Gets how many windows in a row did not bring the robot nearer to its goal.</summary>
    public int Failed { get; private set; }

    /// <summary>Gets whether the robot did not come nearer to its goal than ever before for <see cref="PlannerOptions.DeadlockAfter"/> windows, or went first three times in vain: give it another goal, or one of those in its way.</summary>
    public bool IsDeadlocked { get; private set; }

    /// <summary>Gets whether it found no way and stands.</summary>
    public bool Stands { get; private set; }

    /// <summary>Gets which robot's word or room is waited for; null = none.</summary>
    public string? WaitsFor { get; private set; }

    /// <summary>Gets how often a plan was made.</summary>
    public long Plans { get; private set; }

    /// <summary>Gets how many messages were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Gets how many messages were old or copies.</summary>
    public long Stale { get; private set; }

    /// <summary>Gets how many plans were on another graph, or of robots beyond <see cref="PlanWire.MaxHeard"/>.</summary>
    public long Refused { get; private set; }

    /// <inheritdoc/>
    public Stamp NextDue => _news ? Stamp.Never : _beatAt;

    /// <summary>Drives somewhere.</summary>
    /// <param name="node">Index of the node.</param>
    /// <param name="urgency">Higher goes first; within ±<see cref="PlanMessage.MaxRank"/>.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node, or the urgency is out of range.</exception>
    public void SetGoal(int node, int urgency, Stamp now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node, _graph.NodeCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs((long)urgency), PlanMessage.MaxRank, nameof(urgency));
        if (node == Goal && urgency == _urgency) return;
        TakeGoal(node, urgency, now);
    }

    /// <summary>Has no goal any more: the robot stays about where it is and makes room.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    public void Clear(Stamp now)
    {
        if (Goal >= 0) TakeGoal(-1, -PlanMessage.MaxRank, now);
    }

    /// <summary>Returns whether a node is the robot's own: nobody else may be there.</summary>
    public bool Holds(int node)
    {
        for (int i = _index; i < _granted; i++)
        {
            if (_visits[i].Node == node) return true;
        }
        return false;
    }

    /// <summary>Returns where to head for now.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    public PlanNext Next(Stamp now)
    {
        if (_granted == 0) return new PlanNext(-1, now, true);
        int next = _arrived ? Math.Min(_index + 1, _granted - 1) : _index;
        var from = _arrived && next > _index ? PlanStart + _visits[_index].Out : now;
        return new PlanNext(_visits[next].Node, from, next == _granted - 1);
    }

    /// <summary>Takes the operator's word that a robot is gone: neither its word nor its room counts until it is heard again.</summary>
    /// <param name="robot">The robot.</param>
    /// <returns>False when it is alive: then it is not gone.</returns>
    public bool Forget(string robot)
    {
        if (_node.Members.Find(robot) is { State: MemberState.Alive }) return false;
        PeerOf(robot)?.IsForgotten = true;
        return true;
    }

    /// <inheritdoc/>
    public bool Receive(in FleetMessage message)
    {
        if (message.Rest.Length != 0 || !PlanWire.TryPeek(message.Payload, out uint incarnation, out ulong sequence)) return false;
        if (_peers.TryGetValue(message.From, out var peer) && !peer.IsNewer(incarnation, sequence))
        {
            Stale++;
            return true;
        }
        if (!PlanWire.TryRead(message.Payload, out var plan, out _)) return false;
        if (_node.Members.Hear(message.From, plan.Inc, message.Now, fresh: !message.Retained) is null) return true;
        var nodes = new int[plan.Visits.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = _graph.Find(plan.Visits[i].Node);
            if (nodes[i] >= 0 && (i == 0 || nodes[i] == nodes[i - 1] || Joins(nodes[i - 1], nodes[i]))) continue;
            Refused++;
            return true;
        }
        if ((peer ?? PeerOf(message.From)) is not { } taken) return true;
        taken.Take(plan, nodes, _graph, _node.Robot, message.Retained, message.Now);
        // Whoever asks gets an answer, even when it is no; again when that was lost.
        if (!taken.Told.Covers(plan.Inc, plan.Since) || (plan.Claimed > plan.Held && !taken.HeardMe.Covers(_incarnation, taken.ToldIn))) _mustSend = true;
        _news = true;
        return true;
    }

    /// <inheritdoc/>
    public void Step(Stamp now)
    {
        _now = now;
        if (now < _beatAt && !_news) return;
        if (_startedAt == Stamp.Never) _startedAt = now;
        (_news, _beatAt) = (false, now + Beat);
        if (_node.Incarnation != _incarnation)
        {
            // Where the robot stands is its own all the same; what was asked for is asked anew, in the new name.
            _incarnation = _node.Incarnation;
            DropRequests();
            _mustSend = true;
        }
        // A robot that does not know where it is stays where it is.
        if ((_node.Pose.Prefix.Flags & FleetFlags.Localised) == 0)
        {
            if (Plan is not null && now >= _sentAt + _options.Repeat) Send();
            return;
        }
        Advance();
        CountWindow();
        if (MustPlan()) Replan();
        Withdraw();
        Request();
        Grant();
        if (now >= _sentAt + (_mustSend ? _options.Gap : _claimed > _granted ? Ask : _options.Repeat)) Send();
        if (_mustSend) _beatAt = Earlier(_beatAt, _sentAt + _options.Gap);
    }

    private static Stamp Earlier(Stamp a, Stamp b) => a <= b ? a : b;

    private PlanPeer? PeerOf(string robot)
    {
        if (_peers.TryGetValue(robot, out var peer)) return peer;
        if (_peers.Count >= PlanWire.MaxHeard)
        {
            Refused++;
            return null;
        }
        _peers.Add(robot, peer = new PlanPeer(robot));
        return peer;
    }

    private bool Joins(int from, int to)
    {
        foreach (ref readonly var edge in _graph.From(from))
        {
            if (edge.To == to) return true;
        }
        return false;
    }

    private void Send()
    {
        var envelope = _node.Envelope(Topic);
        ulong since = 0;
        for (int i = _index; i < _claimed; i++)
        {
            if (i >= _granted && _since[i] == 0) _since[i] = envelope.Sequence;
            if (i >= _granted) since = Math.Max(since, _since[i]);
        }
        var heard = new List<PlanMark>(_peers.Count);
        foreach (var peer in _peers.Values)
        {
            if (peer.Message is not { } m) continue;
            if (!peer.Told.Covers(m.Inc, m.Since)) peer.ToldIn = envelope.Sequence;
            peer.Told = new PlanMark(peer.Robot, m.Inc, m.Seq);
            heard.Add(peer.Told);
        }
        var rest = Remaining();
        var message = PlanMessage.Of(rest, _graph, envelope.Incarnation, envelope.Sequence, _now, new Stamp(envelope.WallNs)) with
        {
            Front = _priority.Front,
            Turn = _priority.Turn,
            Urgency = _priority.Urgency,
            Left = _priority.Left,
            Stands = Stands,
            Held = Math.Max(0, _granted - _index),
            Claimed = _claimed - _index,
            Since = since,
            Heard = heard,
        };
        _node.Post(Topic, PlanWire.Write(message), new PublishOptions(PublishClass.State, Retain: true, ExpirySeconds: Math.Max(1, (int)Math.Ceiling(_window.Seconds))));
        (_sentAt, _mustSend) = (_now, false);
        Sent++;
    }
}
