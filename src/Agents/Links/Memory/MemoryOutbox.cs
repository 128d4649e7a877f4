namespace EdgeAutonomy.Agents;

/// <summary>The sending half of a link: what waits for the connection or for room in the window, and what awaits its acknowledgement.</summary>
/// <remarks>Under the hub's lock. Bounded: commands and bulk by <see cref="LinkOptions.CommandQueue"/> each, states by the number of topics.</remarks>
internal sealed class MemoryOutbox(MemoryHub hub, MemoryLink link)
{
    // The deadline of a command whose expiry says nothing (PublishOptions).
    private const long DefaultDeadlineNs = 5_000_000_000;

    private readonly HubQueue<OutboxEntry> _window = new(), _commands = new(), _bulk = new();
    private readonly Dictionary<string, OutboxState> _states = new(StringComparer.Ordinal);
    private readonly List<OutboxState> _stateOrder = [];
    private readonly HubQueue<OutboxState> _waitingStates = new();
    private long _deadlineArmed = long.MaxValue;

    public long Posted, Sent, Acknowledged, Refused, Replaced, Dropped, Unknown;

    /// <summary>Gets whether nothing awaits its acknowledgement.</summary>
    public bool IsIdle => _window.Count == 0;

    private bool HasRoom => link.IsUp && _window.Count < Math.Min(link.Options.Window, hub.Options.ReceiveMaximum);

    public PublishOutcome Post(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, TaskCompletionSource<PublishResult>? waiter)
    {
        Posted++;
        if (link.IsStopped) return Drop(waiter, "The link is stopped; start it first.");
        int size = topic.Utf8.Length + payload.Length + 32;
        if (payload.Length > link.Options.MaxPayloadBytes || size > hub.Options.MaxPacketBytes)
        {
            return Drop(waiter, $"Payload has {payload.Length} bytes; MaxPayloadBytes of the link's options allows {link.Options.MaxPayloadBytes}, and the broker packets of {hub.Options.MaxPacketBytes}.");
        }
        if (options.Class == PublishClass.Beacon && !link.IsUp) return Drop(waiter, "The link is down; beacons are not kept.");
        var message = hub.Rent(topic.Text, link.Client, payload);
        (message.Retain, message.Correlation, message.ExpiresIn) = (options.Retain, options.Correlation, options.ExpirySeconds * 1_000_000_000L);
        switch (options.Class)
        {
            case PublishClass.Beacon:
                Transmit(message);
                Sent++;
                waiter?.TrySetResult(new PublishResult(PublishOutcome.Sent, 0, ""));
                return PublishOutcome.Sent;
            case PublishClass.State:
                message.Qos = 1;
                Replace(topic.Text, message, waiter);
                break;
            default:
                message.Qos = 1;
                var queue = options.Class == PublishClass.Command ? _commands : _bulk;
                if (queue.Count >= link.Options.CommandQueue)
                {
                    message.Release();
                    return Drop(waiter, $"The queue is full with {queue.Count} messages; the broker is away or slower than the sender.");
                }
                long deadline = options.Class == PublishClass.Bulk ? long.MaxValue : hub.NowNs + (options.ExpirySeconds > 0 ? message.ExpiresIn : DefaultDeadlineNs);
                queue.Add(new OutboxEntry(message, waiter, deadline, Counted: true));
                break;
        }
        Flush();
        ArmDeadline();
        return PublishOutcome.Sent;
    }

    /// <summary>Sends a message of quality 1 ahead of all that wait: birth and farewell. The link's own words are not counted, as with the other adapters.</summary>
    public void PostFirst(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        var message = hub.Rent(topic.Text, link.Client, payload);
        (message.Retain, message.Correlation, message.ExpiresIn) = (options.Retain, options.Correlation, options.ExpirySeconds * 1_000_000_000L);
        message.Qos = 1;
        Launch(new OutboxEntry(message, null, long.MaxValue, Counted: false));
    }

    /// <summary>Sends what has waited for the connection; every state once more.</summary>
    public void OnUp()
    {
        foreach (var state in _stateOrder)
        {
            if (state.Waits) continue;
            state.Waits = true;
            _waitingStates.Add(state);
        }
        Flush();
    }

    /// <summary>Settles what awaited its acknowledgement when the connection was lost.</summary>
    public void OnDown()
    {
        while (_window.Count > 0)
        {
            var entry = _window.Take();
            if (entry.Counted) Unknown++;
            entry.Message.Release();
            entry.Waiter?.TrySetResult(new PublishResult(PublishOutcome.Unknown, 0, "The link went down before the broker's word."));
        }
    }

    /// <summary>Drops what still waits when the link is stopped.</summary>
    public void OnStopped()
    {
        OnDown();
        while (_commands.Count > 0) Drop(_commands.Take(), "The link was stopped.");
        while (_bulk.Count > 0) Drop(_bulk.Take(), "The link was stopped.");
        while (_waitingStates.Count > 0) _waitingStates.Take();
        foreach (var state in _stateOrder)
        {
            if (state.IsNew) Drop(state.Waiter, "The link was stopped.");
            state.Latest!.Release();
        }
        _stateOrder.Clear();
        _states.Clear();
    }

    public void OnAcknowledged(HubMessage message, int reason)
    {
        for (int i = 0; i < _window.Count; i++)
        {
            if (!ReferenceEquals(_window[i].Message, message)) continue;
            var entry = _window.RemoveAt(i);
            bool taken = reason < 128;
            if (entry.Counted && taken) Acknowledged++;
            else if (entry.Counted) Refused++;
            entry.Message.Release();
            Flush();
            entry.Waiter?.TrySetResult(taken
                ? new PublishResult(PublishOutcome.Acknowledged, reason, "")
                : new PublishResult(PublishOutcome.Refused, reason, $"The broker does not let '{link.ClientId}' publish to '{message.Topic.Text}' (reason {reason}); check its ACL."));
            break;
        }
        link.OnIdle();
    }

    public void OnDeadline()
    {
        _deadlineArmed = long.MaxValue;
        for (int i = 0; i < _commands.Count;)
        {
            if (_commands[i].Deadline > hub.NowNs) i++;
            else Drop(_commands.RemoveAt(i), "Its deadline passed before it could go out.");
        }
        for (int i = 0; i < _window.Count; i++)
        {
            var entry = _window[i];
            if (entry.Deadline > hub.NowNs) continue;
            // Its place in the window stays taken: the broker may still answer.
            _window[i] = entry with { Waiter = null, Deadline = long.MaxValue, Counted = false };
            if (entry.Counted) Unknown++;
            entry.Waiter?.TrySetResult(new PublishResult(PublishOutcome.Unknown, 0, "The broker did not answer before the deadline; the message may or may not arrive."));
        }
        ArmDeadline();
    }

    private void Replace(string topic, HubMessage message, TaskCompletionSource<PublishResult>? waiter)
    {
        if (!_states.TryGetValue(topic, out var state))
        {
            state = new OutboxState();
            _states.Add(topic, state);
            _stateOrder.Add(state);
        }
        if (state.IsNew)
        {
            Replaced++;
            state.Waiter?.TrySetResult(new PublishResult(PublishOutcome.Dropped, 0, "A newer state of the same topic replaced it before it went out."));
        }
        state.Latest?.Release();
        (state.Latest, state.Waiter, state.IsNew) = (message, waiter, true);
        if (state.Waits) return;
        state.Waits = true;
        _waitingStates.Add(state);
    }

    private void Flush()
    {
        while (HasRoom && _commands.Count > 0) Launch(_commands.Take());
        while (HasRoom && _waitingStates.Count > 0)
        {
            var state = _waitingStates.Take();
            state.Waits = false;
            // A repetition is a message of its own: the hub numbers what it accepts, and may still hold the first.
            var message = state.IsNew ? state.Latest!.Hold() : hub.Repeat(state.Latest!);
            Launch(new OutboxEntry(message, state.Waiter, long.MaxValue, state.IsNew));
            (state.Waiter, state.IsNew) = (null, false);
        }
        while (HasRoom && _bulk.Count > 0) Launch(_bulk.Take());
    }

    private void Launch(in OutboxEntry entry)
    {
        _window.Add(entry);
        Transmit(entry.Message.Hold());
    }

    private void Transmit(HubMessage message) =>
        hub.Network.Up(link.Client, new HubEvent { Kind = HubEventKind.Publish, Client = link.Client, Epoch = link.Epoch, Message = message });

    // Commands have few different deadlines and wait seldom, so one event for the earliest is enough.
    private void ArmDeadline()
    {
        long first = long.MaxValue;
        for (int i = 0; i < _commands.Count; i++) first = Math.Min(first, _commands[i].Deadline);
        for (int i = 0; i < _window.Count; i++) first = Math.Min(first, _window[i].Deadline);
        if (first >= _deadlineArmed) return;
        _deadlineArmed = first;
        hub.Schedule.Add(first, new HubEvent { Kind = HubEventKind.CommandDeadline, State = link });
    }

    private void Drop(in OutboxEntry entry, string why)
    {
        entry.Message.Release();
        Drop(entry.Waiter, why);
    }

    private PublishOutcome Drop(TaskCompletionSource<PublishResult>? waiter, string why)
    {
        Dropped++;
        waiter?.TrySetResult(new PublishResult(PublishOutcome.Dropped, 0, why));
        return PublishOutcome.Dropped;
    }
}
