namespace EdgeAutonomy.Agents;

/// <summary>A link to a <see cref="MemoryHub"/>.</summary>
/// <remarks>
/// Behaves as a link over a network does: connects, renews its subscriptions, sends birth and states, retries with jitter, counts. Over a hub in virtual
/// time tasks complete inside <see cref="MemoryHub.RunUntil"/>, on its thread, so they must not be waited for by whoever drives the hub. Nothing here ever
/// blocks. Bulk is not paced, since there is no line that it could fill. Quality 2 is not offered, as in the port. Thread-safe through the hub's lock.
/// </remarks>
public sealed class MemoryLink : IMqttLink
{
    private const double FirstRetrySeconds = 0.5, SteadySeconds = 30, ShortSeconds = 2;
    private const int ShortLivesBeforeSlow = 3;

    private readonly MemoryHub _hub;
    private readonly RandomStream _jitter;
    private readonly List<Wish> _wishes = [];
    private readonly SubscriptionRefusals _refusals = new();
    private TaskCompletionSource<LinkStatus>? _started;
    private TaskCompletionSource? _stopped;
    private LinkState _state;
    private string _reason = "";
    private int _connections, _failures, _shortLives;
    private bool _sessionPresent, _leaving;
    private long _attempt, _upSince, _received, _malformed;

    internal MemoryLink(MemoryHub hub, HubClient client, LinkOptions options, MemoryClock clock)
    {
        (_hub, Client, Options, Clock) = (hub, client, options, clock);
        _jitter = RandomStream.For(hub.Seed ^ options.Seed, options.ClientId);
        Inbox = new LinkInbox(options.InboxCapacity, commandWaitMs: 0);
        Outbox = new MemoryOutbox(hub, this);
    }

    /// <summary>Gets the name at the hub.</summary>
    public string ClientId => Client.Id;

    /// <summary>Gets how it connects.</summary>
    public LinkOptions Options { get; }

    /// <summary>Gets the robot's clock, by which messages are stamped.</summary>
    public MemoryClock Clock { get; }

    /// <inheritdoc/>
    public LinkInbox Inbox { get; }

    /// <inheritdoc/>
    public LinkStatus Status
    {
        get
        {
            lock (_hub.Gate) return new LinkStatus(_state, _connections, _sessionPresent, _state == LinkState.Up ? _refusals.Text : _reason);
        }
    }

    /// <inheritdoc/>
    public LinkLimits Limits => new(_hub.Options.ReceiveMaximum, _hub.Options.MaxPacketBytes, 1, true, true, true, Options.KeepAliveSeconds);

    /// <inheritdoc/>
    public LinkCounters Counters
    {
        get
        {
            lock (_hub.Gate)
            {
                return new LinkCounters(Outbox.Posted, Outbox.Sent, Outbox.Acknowledged, Outbox.Refused, Outbox.Replaced, Outbox.Dropped, Outbox.Unknown,
                    _received, Inbox.Dropped, _malformed, _connections, _refusals.Count);
            }
        }
    }

    internal HubClient Client { get; }

    internal MemoryOutbox Outbox { get; }

    internal int Epoch { get; private set; }

    internal bool IsUp => _state == LinkState.Up && !_leaving;

    internal bool IsStopped => _state == LinkState.Stopped;

    /// <summary>Gets or sets whether the hub's list of those who received something has it.</summary>
    internal bool IsListed { get; set; }

    /// <inheritdoc/>
    public Task<LinkStatus> StartAsync(CancellationToken cancel = default)
    {
        TaskCompletionSource<LinkStatus> started;
        lock (_hub.Gate)
        {
            if (_stopped is not null) throw new InvalidOperationException($"Link '{ClientId}' is stopping; wait for StopAsync before starting it again.");
            bool begins = _state == LinkState.Stopped;
            if (begins) _started = NewSource<LinkStatus>();
            started = _started!;
            if (begins)
            {
                _hub.MoveLiveClock();
                (_failures, _shortLives) = (0, 0);
                Attempt();
                _hub.Pump();
            }
        }
        return cancel.CanBeCanceled ? started.Task.WaitAsync(cancel) : started.Task;
    }

    /// <inheritdoc/>
    public void Subscribe(LinkFilter filter, in SubscribeOptions options) => Subscribe(filter, options, RetainHandling.Send, retainAsPublished: false);

    /// <summary>Subscribes with the finer points of MQTT 5, which the port does not need.</summary>
    /// <param name="filter">Which topics.</param>
    /// <param name="options">How.</param>
    /// <param name="handling">Which kept messages it brings.</param>
    /// <param name="retainAsPublished">Whether a message carries its publisher's retain flag; else it is set on kept messages only.</param>
    public void Subscribe(LinkFilter filter, in SubscribeOptions options, RetainHandling handling, bool retainAsPublished)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_hub.Gate)
        {
            _hub.MoveLiveClock();
            var wish = new Wish(filter, options, handling, retainAsPublished);
            _wishes.RemoveAll(w => w.Filter.Text == wish.Filter.Text);
            _wishes.Add(wish);
            if (IsUp) Send(wish, handling);
            _hub.Pump();
        }
    }

    /// <inheritdoc/>
    public void Unsubscribe(LinkFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_hub.Gate)
        {
            _hub.MoveLiveClock();
            _wishes.RemoveAll(w => w.Filter.Text == filter.Text);
            _refusals.Forget(filter.Text);
            // A session that outlives the connection would go on without us knowing.
            if (IsUp) SendUnsubscribe(filter);
            else if (!Options.CleanStart) _wishes.Add(new Wish(filter, default, RetainHandling.Never, false) { IsEnd = true });
            _hub.Pump();
        }
    }

    /// <inheritdoc/>
    public PublishOutcome Post(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        ArgumentNullException.ThrowIfNull(topic);
        lock (_hub.Gate)
        {
            _hub.MoveLiveClock();
            var outcome = Outbox.Post(topic, payload, options, null);
            _hub.Pump();
            return outcome;
        }
    }

    /// <inheritdoc/>
    public ValueTask<PublishResult> PublishAsync(LinkTopic topic, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var waiter = NewSource<PublishResult>();
        lock (_hub.Gate)
        {
            _hub.MoveLiveClock();
            Outbox.Post(topic, payload.Span, options, waiter);
            _hub.Pump();
        }
        // No await here: it would move the answer to another thread where the caller has a synchronisation context.
        if (cancel.CanBeCanceled)
        {
            var registration = cancel.UnsafeRegister(static source => ((TaskCompletionSource<PublishResult>)source!).TrySetResult(
                new PublishResult(PublishOutcome.Unknown, 0, "The caller gave up waiting.")), waiter);
            waiter.Task.ContinueWith(
                static (_, held) => ((CancellationTokenRegistration)held!).Unregister(), registration, default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        return new ValueTask<PublishResult>(waiter.Task);
    }

    /// <inheritdoc/>
    public Task StopAsync(bool graceful)
    {
        lock (_hub.Gate)
        {
            if (_state == LinkState.Stopped) return Task.CompletedTask;
            _hub.MoveLiveClock();
            _stopped ??= new TaskCompletionSource(_hub.Live is null ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            var stopped = _stopped.Task;
            if (graceful && _state == LinkState.Up) Leave();
            else
            {
                // The hub sees a socket close at once, but not through a cut cable.
                if (ReferenceEquals(Client.Link, this) && !Client.IsCut) _hub.Broker.Close(Client, withWill: !graceful, null);
                End("stopped");
            }
            _hub.Pump();
            return stopped;
        }
    }

    /// <summary>Stops gracefully without waiting for it: farewell and disconnection are on their way. The fault programme no longer moves its clock.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_hub.Gate)
        {
            _hub.Forget(this);
            _ = StopAsync(graceful: true);
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ClientId} ({_state})";

    internal bool IsAttempt(long attempt) => attempt == _attempt && _state == LinkState.Connecting;

    internal void OnUnreachable() => Fail("The hub does not answer; is it down, or the way to it cut?", LinkState.Down);

    internal void OnRefused(int reason)
    {
        _failures = Math.Max(_failures, 6);
        Fail($"The hub refused '{ClientId}' with reason {reason}; check its user, its password and its rights.", LinkState.Refused);
        _started?.TrySetResult(Status);
    }

    internal void OnUp(int epoch, bool sessionPresent)
    {
        if (_state != LinkState.Connecting) return;
        (_state, Epoch, _sessionPresent, _reason, _upSince) = (LinkState.Up, epoch, sessionPresent, "", _hub.NowNs);
        _connections++;
        foreach (var wish in _wishes)
        {
            // A hub that fell back to an old state says that it knows the session, and yet lacks what was subscribed since: only naming all helps.
            if (wish.IsEnd) SendUnsubscribe(wish.Filter);
            else Send(wish, sessionPresent && wish.Handling == RetainHandling.Send ? RetainHandling.SendIfNew : wish.Handling);
        }
        _wishes.RemoveAll(w => w.IsEnd);
        if (Options.Birth?.Invoke() is { } birth) Outbox.PostFirst(birth.Topic, birth.Payload, birth.Options);
        Outbox.OnUp();
        _hub.List(this);
        _started?.TrySetResult(Status);
    }

    internal void OnLost(int epoch, string reason)
    {
        if (_state is not (LinkState.Up or LinkState.Connecting) || epoch < Epoch || (_state == LinkState.Connecting && epoch != Client.Epoch)) return;
        if (_stopped is not null)
        {
            End(reason);
            return;
        }
        double upFor = _state == LinkState.Up ? (_hub.NowNs - _upSince) / 1e9 : 0;
        if (upFor >= SteadySeconds) _failures = 0;
        _shortLives = _state == LinkState.Up && upFor < ShortSeconds ? _shortLives + 1 : 0;
        // Down first: whoever learns of an unknown outcome may post again at once.
        (_state, _leaving) = (LinkState.Down, false);
        Outbox.OnDown();
        bool isFight = _shortLives >= ShortLivesBeforeSlow;
        Fail(
            isFight ? $"Three connections in a row were lost at once: it looks as if another client used the name '{ClientId}'; give every robot a ClientId of its own." : $"Connection lost: {reason}.",
            isFight ? LinkState.Refused : LinkState.Down);
    }

    internal void OnRetry(long attempt)
    {
        if (attempt == _attempt && _state is LinkState.Down or LinkState.Refused) Attempt();
    }

    internal void OnIdle()
    {
        if (_leaving && Outbox.IsIdle) SendGoodbye();
    }

    internal void OnGoodbye(int epoch)
    {
        if (epoch != Epoch) return;
        if (_stopped is not null) End("stopped");
        else OnLost(epoch, "left for now");
    }

    /// <summary>Disconnects gracefully and tries again later: the fault of a robot that is restarted.</summary>
    internal void LeaveForNow()
    {
        if (_state == LinkState.Up && !_leaving) Leave();
    }

    internal void Receive(HubSubscription to, HubMessage message, bool retained)
    {
        _received++;
        _hub.List(this);
        try
        {
            Inbox.Put(to.Queue, message.Topic.Utf8, message.Payload, retained, message.Correlation, Clock.GetTimestamp());
        }
#pragma warning disable CA1031 // A listener's fault must not stop the hub in the middle of an event; the other adapters swallow it too.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The message is in the inbox: listeners are called last.
        }
    }

    internal void OnTooLarge() => _malformed++;

    internal void OnSubscriptionRefused(LinkFilter filter, int reason)
    {
        if (_wishes.Exists(w => w.Filter.Text == filter.Text)) _refusals.Note(filter.Text, MqttReasons.Describe(reason));
    }

    private void Attempt()
    {
        (_state, _reason) = (LinkState.Connecting, "");
        _hub.Schedule.Add(_hub.NowNs + _hub.Options.Uplink.Nanoseconds, new HubEvent { Kind = HubEventKind.ConnectAttempt, State = this, Number = ++_attempt });
    }

    private void Fail(string reason, LinkState state)
    {
        if (_stopped is not null)
        {
            End(reason);
            return;
        }
        (_state, _reason) = (state, reason);
        _hub.List(this);
        double longest = Math.Min(Options.MaxRetrySeconds, FirstRetrySeconds * (1L << Math.Min(_failures++, 20)));
        // Full jitter, so that a fleet does not come back all at once; what needs a person, such as a fight over a name, is slowed down for good.
        double wait = state == LinkState.Refused ? Options.MaxRetrySeconds * (0.5 + 0.5 * _jitter.NextDouble()) : longest * _jitter.NextDouble();
        long due = Clock.HubTime(Clock.Now + Duration.FromSeconds(wait)).Nanoseconds;
        _hub.Schedule.Add(Math.Max(_hub.NowNs, _hub.Live is null ? due : _hub.NowNs + Duration.FromSeconds(wait).Nanoseconds), new HubEvent { Kind = HubEventKind.RetryDue, State = this, Number = _attempt });
    }

    private void Leave()
    {
        if (_leaving) return;
        if (Options.Farewell?.Invoke() is { } farewell) Outbox.PostFirst(farewell.Topic, farewell.Payload, farewell.Options);
        _leaving = true;
        OnIdle();
    }

    private void SendGoodbye() => _hub.Network.Up(Client, new HubEvent { Kind = HubEventKind.Goodbye, Client = Client, Epoch = Epoch });

    private void End(string reason)
    {
        (_state, _reason, _leaving) = (LinkState.Stopped, reason, false);
        _attempt++;
        Outbox.OnStopped();
        var stopped = _stopped;
        _stopped = null;
        _hub.List(this);
        _started?.TrySetResult(new LinkStatus(_state, _connections, _sessionPresent, _reason));
        stopped?.TrySetResult();
    }

    private void Send(Wish wish, RetainHandling handling)
    {
        _refusals.Forget(wish.Filter.Text);
        var subscription = new HubSubscription(Client, wish.Filter, wish.Options.Queue, wish.Options.Qos, wish.Options.NoLocal, wish.RetainAsPublished, handling);
        _hub.Network.Up(Client, new HubEvent { Kind = HubEventKind.Subscribe, Client = Client, Epoch = Epoch, State = subscription });
    }

    private void SendUnsubscribe(LinkFilter filter) =>
        _hub.Network.Up(Client, new HubEvent { Kind = HubEventKind.Unsubscribe, Client = Client, Epoch = Epoch, State = filter });

    private TaskCompletionSource<T> NewSource<T>() => new(_hub.Live is null ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A subscription that the owner wants, whatever the hub remembers.</summary>
    private sealed record Wish(LinkFilter Filter, SubscribeOptions Options, RetainHandling Handling, bool RetainAsPublished)
    {
        public bool IsEnd { get; init; }
    }
}
