namespace EdgeAutonomy.Agents;

/// <summary>One robot of a fleet: who else is there, which tasks are its own, which leases it holds, who coordinates. Needs no leader and no server but the broker.</summary>
/// <remarks>
/// <para>No I/O of its own, no threads, no timers: <see cref="Step"/> takes what arrived, does what is due and posts; call it when a message arrived or <see cref="NextDue"/> has come.
/// The same messages at the same times give the same results. One thread.</para>
/// <para>When the network is gone it goes on: idempotent tasks that are its own may be begun, exclusive ones not without a majority.</para>
/// </remarks>
public sealed partial class FleetNode : IDisposable
{
    private const int MaxPerStep = 4096;

    // Said again now and then: what a broker acknowledged may still be lost on its way on, or rolled back.
    private static readonly Duration StatusPeriod = new(30_000_000_000);
    private readonly LinkMessage _message = new();
    private readonly FleetNames _names = new();
    private readonly CbbaMessage _bids = new();
    private readonly byte[] _binary = new byte[Beacon.Size];
    private readonly SortedList<string, IFleetStream> _streams = new(StringComparer.Ordinal);
    private readonly IMqttLink _link;
    private readonly FleetOptions _options;
    private readonly FleetPresence _presence;
    private readonly FleetVoice _voice;
    private readonly IPromiseStore _store;
    private readonly FleetDesk _desk;
    private readonly LeaseVoter _voter;
    private readonly Elector _elector;
    private readonly VoterRecovery _recovery;
    private readonly Predicate<string> _isLost;
    private readonly byte[] _selfUtf8;
    private Stamp _beaconAt, _againAt = Stamp.Never, _forgetAt, _statusAt;
    private long _received, _malformed, _foreign, _stale, _reincarnations;
    private int _connections;
    private Stamp _now;
    private FleetMutation _mutation;

    /// <summary>Makes a node and subscribes.</summary>
    /// <param name="link">The link; its options have the will, birth and farewell of <paramref name="presence"/>.</param>
    /// <param name="presence">Who the robot is on this start.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="options">How it takes part.</param>
    /// <param name="scorer">What it gets for tasks.</param>
    /// <param name="now">The robot's monotonic time. It must go on while the robot sleeps (CLOCK_BOOTTIME), or leases outlive it.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public FleetNode(IMqttLink link, FleetPresence presence, IPromiseStore store, FleetOptions options, ITaskScorer scorer, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(presence);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scorer);
        options.Check();
        if (presence.Topics.Robot != options.Robot) throw new ArgumentException($"Fleet node '{options.Robot}' got the presence of '{presence.Topics.Robot}'; both must be the same robot.", nameof(presence));
        (_link, _presence, _store, _options, _now) = (link, presence, store, options, now);
        _selfUtf8 = System.Text.Encoding.ASCII.GetBytes(options.Robot);
        _voice = new FleetVoice(link, presence);
        _desk = new FleetDesk(options, scorer, store, _voice);
        _voter = new LeaseVoter(options.Robot, options.Roster, store, options.Lease, now);
        _elector = new Elector(options.Robot, options.Roster, store, options.Election, now, options.Seed);
        _recovery = new VoterRecovery(options.Robot, presence.Incarnation, options.Roster, store, _voter, now + Duration.Max(_voter.VotesFrom - now, options.Lease.Grown(options.Election.MaxTimeout)), options.Lease.Retry);
        Members = new Membership(options.Members, OnMember);
        var members = Members;
        _desk.Claimed = AnswerOwn;
        _isLost = robot => members.Find(robot) is { IsLost: true };
        BeaconPeriod = options.BeaconPeriod;
        (_beaconAt, _forgetAt, _statusAt) = (now, now, now + StatusPeriod);
        var topics = presence.Topics;
        // Own statuses come back: a will of the link before may kill the one that lives.
        link.Subscribe(topics.Filter("r/+/status"), new SubscribeOptions(InboxQueue.Commands, 1, NoLocal: false));
        if (options.Interest is { } interest) Cells = new CellBeacons(link, _voice, Members, interest);
        // In a large fleet only those who may coordinate hear from everybody.
        if (Cells is null || options.Roster.Has(options.Robot)) link.Subscribe(topics.Filter("r/+/beacon"), new SubscribeOptions(InboxQueue.Latest, 0));
        link.Subscribe(topics.Filter("r/+/cbba"), new SubscribeOptions(InboxQueue.Latest, 1));
        link.Subscribe(topics.Filter("r/+/claim/+"), new SubscribeOptions(InboxQueue.Commands, 1));
        link.Subscribe(topics.Filter("r/+/vote/+"), new SubscribeOptions(InboxQueue.Commands, 1));
        link.Subscribe(topics.Filter("r/+/hb"), new SubscribeOptions(InboxQueue.Latest, 0));
        link.Subscribe(topics.Filter($"r/+/hback/{options.Robot}"), new SubscribeOptions(InboxQueue.Commands, 0));
        link.Subscribe(topics.Filter("task/+"), new SubscribeOptions(InboxQueue.Commands, 1));
    }

    /// <summary>Gets the robot.</summary>
    public string Robot => _options.Robot;

    /// <summary>Gets the incarnation.</summary>
    public uint Incarnation => _presence.Incarnation;

    /// <summary>Gets the topics.</summary>
    public FleetTopics Topics => _presence.Topics;

    /// <summary>Gets the other robots.</summary>
    public Membership Members { get; }

    /// <summary>Gets the beacons among those near; null where <see cref="FleetOptions.Interest"/> is not set.</summary>
    public CellBeacons? Cells { get; }

    /// <summary>Gets or sets where the robot is; the node sends it. The prefix's number, time and incarnation are filled in.</summary>
    public Beacon Pose { get; set; }

    /// <summary>Gets or sets the period of beacons, 20 ms to 25.5 s. Announced with every beacon.</summary>
    public Duration BeaconPeriod { get; set; }

    /// <summary>Gets the coordinator as far as known; null = none.</summary>
    public string? Coordinator => _elector.Leader;

    /// <summary>Gets the coordinator's term; the high half of every fencing token that it gives out.</summary>
    public uint Term => _elector.Term;

    /// <summary>Gets whether this robot may vote: it is on the roster and was admitted on this disk, and has heard what others promised where it was admitted again.</summary>
    public bool IsVoter => _voter.IsAdmitted;

    /// <summary>Gets the task that was begun and is neither finished nor lost; null = none.</summary>
    public string? UnderWay => _desk.UnderWay;

    /// <summary>Gets how many tasks are this robot's.</summary>
    public int AssignmentLength => _desk.Cbba.PathLength;

    /// <summary>Gets the tasks that are to be done or held, as far as known.</summary>
    public IEnumerable<FleetTask> OpenTasks => _desk.Open;

    /// <summary>Gets the tasks during which an earlier start of this robot stopped between <see cref="Commit"/> and <see cref="Finish"/>: look, and <see cref="Resolve"/> them.</summary>
    public IEnumerable<string> Interrupted => _desk.Interrupted;

    /// <summary>Gets what went wrong so far.</summary>
    public FleetCounters Counters
    {
        get
        {
            long gaps = 0;
            foreach (var member in Members.Members) gaps += (long)member.Gaps;
            return new FleetCounters(_received, _voice.Sent, _voice.NotSent, gaps, _stale + Members.Stale, _malformed, _foreign, Members.Overflow + _desk.Overflow, _store.Failures, _reincarnations);
        }
    }

    /// <summary>Gets when <see cref="Step"/> has something to do, messages aside.</summary>
    public Stamp NextDue
    {
        get
        {
            var due = Earlier(Earlier(Earlier(Earlier(_beaconAt, _statusAt), _desk.NextDue), Earlier(_elector.NextDue, Members.NextDue)), _recovery.NextDue);
            for (int i = 0; i < _streams.Count; i++) due = Earlier(due, _streams.GetValueAtIndex(i).NextDue);
            if (Cells is { } cells) due = Earlier(due, cells.NextDue);
            return due;
        }
    }

    internal Cbba Cbba => _desk.Cbba;

    internal LeaseVoter Voter => _voter;

    internal Elector Elector => _elector;

    internal FleetMutation Mutation
    {
        get => _mutation;
        set => _mutation = _desk.Mutation = _desk.Cbba.Mutation = _voter.Mutation = _elector.Mutation = Members.Mutation = value;
    }

    /// <summary>Returns a task of this robot, in the order of doing; 0 is next.</summary>
    public FleetTask Assignment(int index) => _desk.Cbba.PathAt(index);

    /// <summary>Finds a task.</summary>
    public FleetTask? FindTask(string task) => _desk.Find(task);

    /// <summary>Returns who has a task; null = nobody, or it is not known.</summary>
    public string? OwnerOf(string task) => _desk.Cbba.Winner(task);

    /// <summary>Returns why a task has no robot.</summary>
    public Unassigned WhyUnassigned(string task, Stamp now) => _desk.Reason(task, now);

    /// <summary>Returns whether the robot may begin a task, or go on with it. Ask again before every step of an exclusive one.</summary>
    /// <param name="task">The task.</param>
    /// <param name="now">The robot's monotonic time, read just before.</param>
    public StartVerdict MayStart(string task, Stamp now) => _desk.MayStart(task, now, LeaseTime(now));

    /// <summary>Returns the fencing token to send along with every command of an exclusive task; 0 = the lease does not hold.</summary>
    public ulong Token(string task, Stamp now) => _desk.Token(task, LeaseTime(now));

    /// <summary>Returns until when the lease of an exclusive task holds; stop the safe way <see cref="LeaseOptions.StopMargin"/> before. <see cref="Stamp.Never"/> = it does not.</summary>
    public Stamp LeaseDeadline(string task) => _desk.Deadline(task);

    /// <summary>Begins a task: from now on nobody outbids this robot.</summary>
    /// <returns>False when it may not, or another one is under way.</returns>
    public bool Begin(string task, Stamp now) => _desk.Begin(task, now, LeaseTime(now));

    /// <summary>Asks to do what cannot be undone. Call it again until it is not <see cref="CommitVerdict.Pending"/>; then act at once, and <see cref="Finish"/>.</summary>
    /// <remarks>After it was granted nobody else gets the task, even when this robot vanishes: its board decides then (<see cref="TaskLoss"/>).</remarks>
    public CommitVerdict Commit(string task, Stamp now) => _desk.Commit(task, now, LeaseTime(now));

    /// <summary>Notes that the task under way is done, keeps that, and tells the board until it has noted it.</summary>
    /// <returns>False when it is not under way, is exclusive and was not committed, or could not be kept: call again.</returns>
    public bool Finish(string task, Stamp now) => _desk.Finish(task, now);

    /// <summary>Says whether an interrupted task was done.</summary>
    public bool Resolve(string task, bool done, Stamp now) => _desk.Resolve(task, done, now);

    /// <summary>Gives a task up; others may take it. Only while nothing irreversible was done.</summary>
    public void GiveUp(string task, Stamp now) => _desk.GiveUp(task, now);

    /// <summary>Tells the board how far the task under way is.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <param name="now">The robot's monotonic time.</param>
    public void Progress(int percent, Stamp now)
    {
        if (UnderWay is { } task) _desk.Say(task, ReportState.Working, Math.Clamp(percent, 0, 100), now);
    }

    /// <summary>Returns whether this robot is the coordinator and may act as one now.</summary>
    /// <param name="now">The robot's monotonic time, read just before the act.</param>
    public bool IsCoordinating(Stamp now) => _elector.IsActing(now);

    /// <summary>Adds a kind of messages that other parts of the robot exchange.</summary>
    /// <param name="name">The level below <c>r/ROBOT/</c>, such as <c>plan</c>.</param>
    /// <param name="filter">What to subscribe of it: the name, or the name and levels with wildcards, such as <c>zone/grant/+</c>.</param>
    /// <param name="stream">Told what arrives.</param>
    /// <param name="options">How it is subscribed.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, string filter, IFleetStream stream, in SubscribeOptions options)
    {
        if (name is "status" or "beacon" or "cbba" or "claim" or "vote" or "hb" or "hback" or "task" or "cell" || !_streams.TryAdd(name, stream)) throw new ArgumentException($"Fleet stream '{name}' is taken; choose another name.", nameof(name));
        Listen(filter, options);
    }

    /// <summary>Subscribes further topics of a kind that was added.</summary>
    /// <param name="filter">What follows <c>r/ROBOT/</c>; must not overlap with another one.</param>
    /// <param name="options">How it is subscribed.</param>
    public void Listen(string filter, in SubscribeOptions options) => _link.Subscribe(Topics.Filter("r/+/" + filter), options);

    /// <summary>Returns the next envelope of one of the robot's own topics: give every topic a name of its own.</summary>
    /// <param name="below">The levels below <c>r/ROBOT/</c>.</param>
    public FleetEnvelope Envelope(string below) => _voice.Next(_voice.Stream(below));

    /// <summary>Posts in the robot's own subtree.</summary>
    /// <param name="below">The levels below <c>r/ROBOT/</c>.</param>
    /// <param name="payload">What; copied. Begin it with <see cref="Envelope"/>.</param>
    /// <param name="options">How.</param>
    public void Post(string below, ReadOnlySpan<byte> payload, in PublishOptions options) => _voice.Send(_voice.Stream(below).Topic, payload, options);

    /// <summary>Takes what arrived, does what is due, posts.</summary>
    /// <param name="now">The robot's monotonic time; never before that of the last call.</param>
    public void Step(Stamp now)
    {
        _now = now = Stamp.Max(now, _now);
        NoticeConnection();
        for (int i = 0; i < MaxPerStep && _link.Inbox.TryTake(_message); i++) Receive(_message);
        Members.Update(now);
        Recover();
        Elect();
        _desk.Step(now, LeaseTime(now));
        for (int i = 0; i < _streams.Count; i++) _streams.GetValueAtIndex(i).Step(now);
        Cells?.Step(Pose, now);
        if (now >= _beaconAt) SendBeacon();
        if (now >= _statusAt) SayAgain();
        if (now >= _forgetAt)
        {
            _desk.ForgetFinished(_voter, now);
            _forgetAt = now + new Duration(60_000_000_000);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _voice.Dispose();

    private static Stamp Earlier(Stamp a, Stamp b) => a <= b ? a : b;

    // Only the mutation reads the wall; leases run on the monotonic clock.
    private Stamp LeaseTime(Stamp now) => _mutation == FleetMutation.WallTimeInLeases ? new Stamp(_presence.RawWallNs()) : now;

    private void NoticeConnection()
    {
        int connections = _link.Status.Connections;
        if (connections == _connections) return;
        // What was said meanwhile is lost: say at once where this robot stands.
        _connections = connections;
        _beaconAt = _now;
        _desk.TellSoon();
    }

    private void Elect()
    {
        if (_mutation == FleetMutation.LowestIdLeads) LeadByName();
        _elector.Step(_now, out var request, out bool beat);
        if (request is { } ask) Send(ask);
        if (!beat) return;
        var stream = _voice.Stream("hb");
        var envelope = _voice.Next(stream);
        _elector.Beaten(envelope.Sequence, _now);
        new FleetPrefix(FleetKind.Heartbeat, FleetFlags.None, envelope.Incarnation, envelope.Sequence, _elector.Term, envelope.WallNs).Write(_binary);
        _voice.Send(Topics.Heartbeat, _binary.AsSpan(0, FleetPrefix.Size), new PublishOptions(PublishClass.Beacon, ExpirySeconds: 1));
    }

    private void LeadByName()
    {
        string lowest = Robot;
        foreach (var member in Members.Members)
        {
            if (member.State == MemberState.Alive && string.CompareOrdinal(member.Robot, lowest) < 0) lowest = member.Robot;
        }
        _elector.LeadByName(lowest, _now);
    }

    private void SendBeacon()
    {
        // Those near have the fast ones; this one is for coordinators and people.
        var period = Cells is null ? BeaconPeriod : Duration.Max(BeaconPeriod, BeaconRate.Slow);
        var envelope = _voice.Next(_voice.Stream("beacon"));
        var prefix = new FleetPrefix(FleetKind.Beacon, Beacon.WithPeriod(Pose.Prefix.Flags, period), envelope.Incarnation, envelope.Sequence, 0, envelope.WallNs);
        (Pose with { Prefix = prefix }).Write(_binary);
        _voice.Send(Topics.BeaconTopic, _binary, new PublishOptions(PublishClass.Beacon, ExpirySeconds: 1));
        _beaconAt = _now + period;
    }

    private void OnMember(Member member, MemberChange change)
    {
        if (change is MemberChange.Reborn or MemberChange.Lost) _desk.OnLost(member.Robot, _now);
    }
}
