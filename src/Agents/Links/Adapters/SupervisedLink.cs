namespace EdgeAutonomy.Agents;

/// <summary>A link over connections that come and go: connects, renews the subscriptions, sends birth and states, notices the loss, waits, and so on. For adapters.</summary>
/// <remarks>One supervisor owns a connection from its making to its end; everything that can happen to one is the same path. See <see cref="IMqttLink"/> for the contract.</remarks>
public abstract class SupervisedLink : IMqttLink
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10), AnswerLimit = TimeSpan.FromSeconds(10), FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<LinkStatus> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LinkRetry _retry;
    private LinkStatus _status = new(LinkState.Stopped, 0, false, "");
    private Task? _supervisor;
    private bool _graceful, _retainFlagged, _qosFlagged;

    /// <summary>Makes a link that is not started.</summary>
    /// <param name="options">How it connects.</param>
    /// <param name="time">The clock; null = the system's.</param>
    /// <exception cref="ArgumentException">An option breaks a rule.</exception>
    protected SupervisedLink(LinkOptions options, TimeProvider? time)
    {
        LinkRules.Check(options);
        Options = options;
        Time = time ?? TimeProvider.System;
        Inbox = new LinkInbox(options.InboxCapacity);
        Outbox = new LinkOutbox(options, Time);
        Subscriptions = new LinkSubscriptions();
        Subscriptions.Refused += Report;
        Receiver = new LinkReceiver(options, Subscriptions, Inbox, Time);
        _retry = new LinkRetry(options.MaxRetrySeconds, options.Seed);
    }

    /// <summary>Called with one sentence about something that a person should know: a refused subscription, a lowered quality, another client of this name. Any thread; must return at once.</summary>
    public event Action<string>? Reported;

    /// <inheritdoc/>
    public LinkStatus Status
    {
        get
        {
            lock (_gate) return _status.State == LinkState.Up ? _status with { Reason = Subscriptions.Refusal } : _status;
        }
    }

    /// <inheritdoc/>
    public LinkLimits Limits
    {
        get
        {
            lock (_gate) return field;
        }
        private set
        {
            lock (_gate) field = value;
        }
    }

    /// <inheritdoc/>
    public LinkCounters Counters => Outbox.Count(Receiver, Status.Connections) with { SubscriptionsRefused = Subscriptions.RefusedCount };

    /// <inheritdoc/>
    public LinkInbox Inbox { get; }

    /// <summary>Gets how it connects.</summary>
    protected LinkOptions Options { get; }

    /// <summary>Gets the clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Gets what goes out.</summary>
    protected LinkOutbox Outbox { get; }

    /// <summary>Gets what comes in.</summary>
    protected LinkReceiver Receiver { get; }

    /// <summary>Gets the subscriptions.</summary>
    protected LinkSubscriptions Subscriptions { get; }

    /// <inheritdoc/>
    public async Task<LinkStatus> StartAsync(CancellationToken cancel = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _supervisor ??= Task.Run(SuperviseAsync, CancellationToken.None);
        }
        return await _first.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Subscribe(LinkFilter filter, in SubscribeOptions options) => Subscriptions.Add(filter, options);

    /// <inheritdoc/>
    public void Unsubscribe(LinkFilter filter) => Subscriptions.Remove(filter);

    /// <inheritdoc/>
    public PublishOutcome Post(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options) => Outbox.Post(topic, payload, options);

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(LinkTopic topic, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancel = default)
    {
        var waiter = new TaskCompletionSource<PublishResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Outbox.Post(topic, payload.Span, options, waiter);
        using var registration = cancel.UnsafeRegister(
            static state => ((TaskCompletionSource<PublishResult>)state!).TrySetResult(new PublishResult(PublishOutcome.Unknown, 0, "Nobody waits for the broker's word any more; the message may or may not arrive.")), waiter);
        return await waiter.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task StopAsync(bool graceful)
    {
        Task? supervisor;
        lock (_gate)
        {
            supervisor = _supervisor;
            if (!_stop.IsCancellationRequested) _graceful = graceful;
        }
        await _stop.CancelAsync().ConfigureAwait(false);
        if (supervisor is not null) await supervisor.ConfigureAwait(false);
        Outbox.Dispose();
        _first.TrySetResult(Status);
    }

    /// <summary>Ends the link gracefully.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(graceful: true).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes what one attempt to connect needs; must not block.</summary>
    /// <param name="will">What the broker tells the others when the connection is lost; null = nothing.</param>
    protected abstract LinkConnection CreateConnection(WillMessage? will);

    private async Task SuperviseAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Set(LinkState.Connecting, "");
            LinkFailure failure;
            try
            {
                failure = await AttemptAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The options' own code runs in there; whatever it does, the link goes on trying and says so.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = new LinkFailure($"Will, Birth or Farewell of the link's options failed: {e.GetType().Name}: {e.Message}", NeedsPerson: true);
            }
            if (_stop.IsCancellationRequested) break;
            if (_retry.IsFight)
            {
                failure = new LinkFailure($"Three connections in a row were lost at once: it looks as if another client used the name '{Options.ClientId}'; give every robot a ClientId of its own.", NeedsPerson: true);
                Report(failure.Reason);
            }
            Set(failure.NeedsPerson ? LinkState.Refused : LinkState.Down, failure.Reason);
            try
            {
                await Task.Delay(_retry.Next(failure.NeedsPerson), Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        Set(LinkState.Stopped, "");
    }

    /// <summary>One connection, from its making to its end.</summary>
    private async Task<LinkFailure> AttemptAsync()
    {
        var connection = CreateConnection(Options.Will?.Invoke());
        bool graceful = false;
        try
        {
            if (await connection.ConnectAsync(ConnectLimit, _stop.Token).ConfigureAwait(false) is { } refused) return refused;
            Outbox.Attach(connection, connection.Limits);
            Limits = connection.Limits;
            if (await IntroduceAsync(connection).ConfigureAwait(false) is { } unwelcome) return unwelcome;
            long since = Time.GetTimestamp();
            lock (_gate) _status = _status with { Connections = _status.Connections + 1, SessionPresent = connection.SessionPresent };
            Set(LinkState.Up, "");
            Outbox.Open();
            FlagLimits(connection.Limits);
            try
            {
                var failure = await connection.Lost.WaitAsync(_stop.Token).ConfigureAwait(false);
                _retry.Lost(Time.GetElapsedTime(since).TotalSeconds);
                return failure;
            }
            catch (OperationCanceledException)
            {
                graceful = _graceful;
                if (graceful) await FarewellAsync().ConfigureAwait(false);
            }
            return new LinkFailure("The link was stopped.");
        }
        finally
        {
            // The state first: what the outbox says about the loss must not find a link that is up.
            if (Status.State == LinkState.Up) Set(LinkState.Down, "The connection ends.");
            Subscriptions.Detach();
            Outbox.Detach(connection);
            await connection.CloseAsync(graceful).ConfigureAwait(false);
        }
    }

    /// <summary>Renews the subscriptions and sends the birth, and waits for the broker's word on both.</summary>
    private async Task<LinkFailure?> IntroduceAsync(LinkConnection connection)
    {
        var subscribed = Subscriptions.Renew(connection);
        var birth = Options.Birth is null ? null : Send(Options.Birth());
        var both = Task.WhenAll(subscribed, birth ?? Task.CompletedTask);
        try
        {
            await Task.WhenAny(both, connection.Lost).WaitAsync(AnswerLimit, Time, _stop.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new LinkFailure($"Broker {Options.Broker}: connected, and then no answer to the subscriptions within {AnswerLimit.TotalSeconds:0} s.");
        }
        catch (OperationCanceledException)
        {
            return new LinkFailure("The link was stopped.");
        }
        if (!both.IsCompleted) return await connection.Lost.ConfigureAwait(false);
        // A robot that cannot say that it is there is misconfigured, and better not half there.
        return birth is { Result: { Outcome: PublishOutcome.Refused } result } ? new LinkFailure($"Broker {Options.Broker} refuses the birth message: {result.Detail}", NeedsPerson: true) : null;
    }

    private async Task FarewellAsync()
    {
        try
        {
            await Outbox.DrainAsync().WaitAsync(FarewellLimit, Time).ConfigureAwait(false);
            if (Options.Farewell is not null) await Send(Options.Farewell()).WaitAsync(FarewellLimit, Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What could not be sent in time is dropped and counted; the end must not wait for it.
        }
    }

    private Task<PublishResult> Send((LinkTopic Topic, byte[] Payload, PublishOptions Options) message) => Outbox.SendFirst(message.Topic, message.Payload, message.Options);

    private void FlagLimits(in LinkLimits limits)
    {
        if (!limits.RetainAvailable && !_retainFlagged) Report($"Broker {Options.Broker} keeps no retained messages: who subscribes later does not see the last state.");
        if (limits.MaxQos == 0 && !_qosFlagged) Report($"Broker {Options.Broker} takes quality 0 only: commands are not acknowledged.");
        (_retainFlagged, _qosFlagged) = (_retainFlagged | !limits.RetainAvailable, _qosFlagged | (limits.MaxQos == 0));
    }

    private void Report(string sentence) => Reported?.Invoke(sentence);

    private void Set(LinkState state, string reason)
    {
        lock (_gate) _status = _status with { State = state, Reason = reason };
        if (state is LinkState.Up or LinkState.Refused) _first.TrySetResult(Status);
    }
}
