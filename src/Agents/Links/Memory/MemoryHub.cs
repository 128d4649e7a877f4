namespace EdgeAutonomy.Agents;

/// <summary>A model of an MQTT 5 broker and of the network around it, inside one process: for fleets of one process and for tests. No packets, no sockets.</summary>
/// <remarks>
/// <para><b>Virtual time</b> (<see cref="MemoryHub(ulong, MemoryHubOptions?)"/>): the hub owns the clock. Nothing happens but inside <see cref="RunUntil"/> and
/// its kin, on the caller's thread, and everything follows from the seed: delays, faults, the order of what is due at one instant.
/// <see cref="TraceHash"/> is equal for equal runs. A driver interleaves its nodes with the hub like this: take the earliest of
/// <see cref="NextEvent"/> and the nodes' due times (<see cref="MemoryClock.HubTime"/>), <see cref="RunUntil"/> it, step the nodes of
/// <see cref="TakeArrived"/> and those that are due.</para>
/// <para><b>Live</b> (<see cref="StartLive"/>): the same over real time, where each call delivers at once what is due, on the caller's thread, and a timer of the
/// <see cref="TimeProvider"/> does what is due later (wills, session ends, retries). Nothing in it blocks on a reader.</para>
/// <para>Thread-safe by one lock per hub, which is held while <see cref="LinkInbox.Arrived"/> and the functions of options are called: they must return at
/// once. With virtual time one thread drives. No fault and no growth: 0 bytes allocated per delivery.</para>
/// </remarks>
public sealed class MemoryHub : IDisposable
{
    private const long LiveSlackNs = 1000;

    private readonly Dictionary<string, HubClient> _clientsByName = new(StringComparer.Ordinal);
    private readonly List<MemoryLink> _links = [];
    private readonly HubQueue<MemoryLink> _arrived = new();
    private readonly HubMessagePool _pool = new();
    private readonly ITimer? _timer;
    private readonly long _liveStart;
    private StateHasher _trace = new(0);
    private long _armed = long.MaxValue;
    private int _downs;
    private bool _pumping;

    /// <summary>Makes a hub in virtual time, standing at 0.</summary>
    /// <param name="seed">Decides all chance.</param>
    /// <param name="options">How it behaves; null = the defaults.</param>
    public MemoryHub(ulong seed, MemoryHubOptions? options = null)
    {
        Seed = seed;
        Options = options ?? new MemoryHubOptions();
        Schedule = new HubSchedule(RandomStream.For(seed, "ties"));
        Choices = RandomStream.For(seed, "choices");
        Faults = new HubFaults(this, seed);
        Network = new HubNetwork(this);
        Topics = new HubTopics(this);
        Broker = new HubBroker(this);
    }

    private MemoryHub(TimeProvider time, ulong seed, MemoryHubOptions options) : this(seed, options)
    {
        Live = time;
        _liveStart = time.GetTimestamp();
        _timer = time.CreateTimer(static hub => ((MemoryHub)hub!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the seed, for the report of a failing test.</summary>
    public ulong Seed { get; }

    /// <summary>Gets how it behaves.</summary>
    public MemoryHubOptions Options { get; }

    /// <summary>Gets the hub's time.</summary>
    public Stamp Now => new(NowNs);

    /// <summary>Gets when the next thing happens; null = nothing is to come. The hub itself has no periodic events.</summary>
    public Stamp? NextEvent => Schedule.Count == 0 ? null : new Stamp(Math.Max(NowNs, Schedule.NextDue));

    /// <summary>Gets whether the hub runs; false while a fault has it down.</summary>
    public bool IsUp => _downs == 0;

    /// <summary>Gets the counters.</summary>
    public HubCounters Counters
    {
        get
        {
            lock (Gate) return Tally.Read();
        }
    }

    /// <summary>Gets a hash of every delivery so far: when, to whom, what. Equal runs have equal hashes.</summary>
    public ulong TraceHash => _trace.Value;

    internal Lock Gate { get; } = new();

    internal TimeProvider? Live { get; }

    internal long NowNs { get; private set; }

    internal HubSchedule Schedule { get; }

    internal RandomStream Choices { get; }

    internal HubTally Tally { get; } = new();

    internal HubFaults Faults { get; }

    internal HubNetwork Network { get; }

    internal HubBroker Broker { get; }

    internal HubTopics Topics { get; }

    /// <summary>Gets all clients in the order in which they came up.</summary>
    internal List<HubClient> Clients { get; } = [];

    /// <summary>Gets how many messages are held anywhere inside; for tests of leaks.</summary>
    internal int MessagesHeld => _pool.Held;

    /// <summary>Makes a hub over real time. Dispose it at the end.</summary>
    /// <param name="time">The time.</param>
    /// <param name="seed">Decides what chance there is: jitter, faults.</param>
    /// <param name="options">How it behaves; null = the defaults without any latency.</param>
    public static MemoryHub StartLive(TimeProvider time, ulong seed = 1, MemoryHubOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new MemoryHub(time, seed, options ?? new MemoryHubOptions { Uplink = Duration.Zero, Downlink = Duration.Zero });
    }

    /// <summary>Makes a clock for a robot.</summary>
    /// <param name="offset">The monotonic reading now.</param>
    /// <param name="driftPpb">How much faster than the hub's time it runs, in parts per 10⁹.</param>
    /// <param name="wallError">How far its wall clock is ahead.</param>
    public MemoryClock CreateClock(Duration offset = default, int driftPpb = 0, Duration wallError = default) => new(this, offset, driftPpb, wallError);

    /// <summary>Makes a link; start it with <see cref="MemoryLink.StartAsync"/>.</summary>
    /// <param name="options">How it connects; <see cref="LinkOptions.Broker"/> is ignored.</param>
    /// <param name="clock">Its clock; null = one that is exact.</param>
    public MemoryLink CreateLink(LinkOptions options, MemoryClock? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ClientId.Length is 0 or > 64) throw new ArgumentException($"ClientId has {options.ClientId.Length} characters; must have 1 to 64.", nameof(options));
        lock (Gate)
        {
            var link = new MemoryLink(this, ClientOf(options.ClientId), options, clock ?? CreateClock());
            _links.Add(link);
            return link;
        }
    }

    /// <summary>Adds faults. Those whose time has passed begin at once.</summary>
    /// <param name="plan">The faults.</param>
    /// <exception cref="ArgumentException">A fault makes no sense; none was added.</exception>
    public void Apply(FaultPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var fault in plan.Faults) FaultRules.Check(fault);
        lock (Gate)
        {
            MoveLiveClock();
            Faults.Load(plan);
            Pump();
        }
    }

    /// <summary>Lets everything happen up to an instant, that instant included, and moves the clock there.</summary>
    /// <param name="end">The instant; one in the past changes nothing.</param>
    public void RunUntil(Stamp end)
    {
        lock (Gate)
        {
            MustBeVirtual();
            while (Schedule.NextDue <= end.Nanoseconds) RunOne();
            NowNs = Math.Max(NowNs, end.Nanoseconds);
        }
    }

    /// <summary>Lets the next thing happen.</summary>
    /// <returns>False when nothing is to come.</returns>
    public bool RunNext()
    {
        lock (Gate)
        {
            MustBeVirtual();
            if (Schedule.Count == 0) return false;
            RunOne();
            return true;
        }
    }

    /// <summary>Runs until nothing more is to come.</summary>
    /// <param name="limit">Where it stops at the latest: links that cannot connect try for ever.</param>
    /// <returns>Whether nothing more is to come.</returns>
    public bool RunUntilQuiescent(Stamp limit)
    {
        lock (Gate)
        {
            MustBeVirtual();
            while (Schedule.NextDue <= limit.Nanoseconds) RunOne();
            return Schedule.Count == 0;
        }
    }

    /// <summary>Takes the next link whose inbox got something or whose status changed since it was last taken here, in the order of events. Each is listed once.
    /// Only in virtual time.</summary>
    /// <param name="link">The link.</param>
    /// <returns>False when there is none.</returns>
    public bool TakeArrived([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MemoryLink? link)
    {
        lock (Gate)
        {
            link = _arrived.Count > 0 ? _arrived.Take() : null;
            if (link is not null) link.IsListed = false;
            return link is not null;
        }
    }

    /// <summary>Stops the timer of a live hub. The links stay as they are.</summary>
    public void Dispose() => _timer?.Dispose();

    internal HubClient ClientOf(string id)
    {
        if (_clientsByName.TryGetValue(id, out var client)) return client;
        client = new HubClient(id, Clients.Count);
        _clientsByName.Add(id, client);
        Clients.Add(client);
        Faults.Meet(client);
        return client;
    }

    internal HubMessage Rent(string topic, HubClient publisher, ReadOnlySpan<byte> payload) => _pool.Rent(Topics.Of(topic), publisher, payload);

    internal HubMessage CopyOf(HubMessage message)
    {
        var copy = _pool.Rent(message.Topic, message.Publisher, message.Payload);
        (copy.Qos, copy.Retain, copy.Correlation, copy.Expires, copy.Serial) = (message.Qos, message.Retain, message.Correlation, message.Expires, message.Serial);
        return copy;
    }

    internal HubMessage Repeat(HubMessage message)
    {
        var copy = _pool.Rent(message.Topic, message.Publisher, message.Payload);
        (copy.Qos, copy.Retain, copy.Correlation, copy.ExpiresIn) = (message.Qos, message.Retain, message.Correlation, message.ExpiresIn);
        return copy;
    }

    internal void TellLost(MemoryLink link, int epoch, string reason) => Schedule.Add(
        NowNs + Options.Downlink.Nanoseconds, new HubEvent { Kind = HubEventKind.ConnectionLost, Epoch = epoch, State = new LostConnection(link, reason) });

    internal void WatchKeepAlive(HubClient client)
    {
        client.CutSerial++;
        if (client.Link is not { } link) return;
        Schedule.Add(NowNs + link.Options.KeepAliveSeconds * 1_500_000_000L, new HubEvent { Kind = HubEventKind.KeepAlive, Client = client, Epoch = client.Epoch, Number = client.CutSerial });
    }

    internal void Forget(MemoryLink link) => _links.Remove(link);

    internal void GoDown(HubSnapshot snapshot, string reason)
    {
        _downs++;
        Tally.Crashes++;
        Broker.Restore(snapshot, reason);
    }

    internal void ComeUp() => _downs--;

    internal void JumpClocks(string client, Duration jump, bool monotonic)
    {
        // One clock may serve several links of a robot.
        var jumped = new HashSet<MemoryClock>();
        foreach (var link in _links)
        {
            if (link.ClientId == client && jumped.Add(link.Clock)) link.Clock.JumpBy(jump, monotonic);
        }
    }

    /// <summary>Does what is due, in a live hub, and arms the timer for what is not. The caller holds the lock.</summary>
    internal void Pump()
    {
        if (Live is null || _pumping) return;
        _pumping = true;
        try
        {
            NowNs = LiveNow();
            // Packets of one connection are a nanosecond apart, so the hub's time runs a little ahead of the provider's; nothing waits for that.
            while (Schedule.NextDue <= NowNs + LiveSlackNs) RunOne();
            if (Schedule.NextDue < _armed)
            {
                _armed = Schedule.NextDue;
                _timer!.Change(TimeSpan.FromTicks(Math.Max(0, (_armed - NowNs + 99) / 100)), Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            _pumping = false;
        }
    }

    internal void Dispatch(in HubEvent what) => HubDispatch.Run(this, what);

    internal void Delivered(MemoryLink link, HubMessage message)
    {
        Tally.Delivered++;
        _trace.Add(NowNs);
        _trace.Add((ulong)(uint)link.Client.Index << 32 | (uint)message.Topic.Id);
        _trace.AddBytes(message.Payload);
    }

    /// <summary>Lists a link for the driver.</summary>
    internal void List(MemoryLink link)
    {
        if (link.IsListed || Live is not null) return;
        link.IsListed = true;
        _arrived.Add(link);
    }

    internal void MoveLiveClock()
    {
        if (Live is not null && !_pumping) NowNs = LiveNow();
    }

    private void RunOne()
    {
        NowNs = Math.Max(NowNs, Schedule.NextDue);
        Dispatch(Schedule.Take());
    }

    private void OnTimer()
    {
        lock (Gate)
        {
            _armed = long.MaxValue;
            Pump();
        }
    }

    private long LiveNow() => Math.Max(NowNs, (long)(Live!.GetElapsedTime(_liveStart).Ticks * 100));

    private void MustBeVirtual()
    {
        if (Live is not null) throw new InvalidOperationException("This hub is live and runs by itself; only a hub in virtual time is driven.");
    }
}
