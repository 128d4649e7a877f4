namespace EdgeAutonomy.Agents;

/// <summary>What waits to be sent on a link and what waits for the broker's word: bounded queues per class, a window, deadlines, counters. For adapters.</summary>
/// <remarks>
/// <para>Libraries queue without bound, over reconnections, and report neither; so the link never hands over more than the window holds, and nothing
/// while it is down. Beacons wait as the latest of their topic and only while the kernel is busy; states are kept and sent again after every connection;
/// commands and bulk wait in order until their deadline. States go first, then commands, then bulk, of which only a quarter of the window is used.</para>
/// <para>Any thread. One short lock, held while a message is handed to the connection, so that an acknowledgement cannot overtake the note of what was
/// sent. 0 bytes allocated in steady state.</para>
/// </remarks>
public sealed class LinkOutbox : IDisposable
{
    /// <summary>The most topics of which the latest message is kept.</summary>
    public const int MaxTopics = 1024;

    /// <summary>The most bulk messages that wait.</summary>
    public const int BulkQueue = 64;

    /// <summary>The most messages of quality 0 that the connection holds and the kernel has not taken yet.</summary>
    public const int MaxHandOvers = 256;

    private const int DefaultDeadlineSeconds = 5;
    private const string CannotSend = "The connection cannot send this message.", TooLate = "It waited past its deadline.", NoBeacons = "The link is down, and beacons do not wait.", Stopped = "The link is stopped.";
    // Fixed header, lengths, identifier and the properties that we send.
    private const int PacketOverhead = 64;

    private readonly Lock _gate = new();
    private readonly LinkOptions _options;
    private readonly DeadlineTimer _timer;
    private readonly OutboxTally _tally = new();
    private readonly TopicMemory _memory = new(MaxTopics);
    private readonly Queue<TopicSlot> _states = new(), _beacons = new();
    private readonly DeadlineQueue _commands, _bulk = new(BulkQueue);
    private readonly Dictionary<int, OutgoingMessage> _inFlight = [];
    private readonly Stack<OutgoingMessage> _free = new();
    private ILinkSender? _sender;
    private LinkLimits _limits = new(65_535, int.MaxValue, 2, true, true, true, 0);
    private bool _open, _ended;
    private int _handOvers, _bulkInFlight;
    private TaskCompletionSource? _drained;

    /// <summary>Makes an outbox without a connection.</summary>
    /// <param name="options">Its limits.</param>
    /// <param name="time">Whose time deadlines are told in.</param>
    public LinkOutbox(LinkOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _commands) = (options, new DeadlineQueue(options.CommandQueue));
        _timer = new DeadlineTimer(time, Expire);
        _inFlight.EnsureCapacity(options.Window + 4);
    }

    private int Window => Math.Min(_options.Window, _limits.ReceiveMaximum);

    // Where the broker takes quality 0 only, the kernel is all that holds us back.
    private bool HasRoom => _limits.MaxQos == 0 ? _handOvers < MaxHandOvers : _inFlight.Count < Window;

    private bool HasBulkRoom => HasRoom && _bulkInFlight < Math.Max(1, Window / 4);

    /// <summary>Takes a connection that is not to be used for posted messages yet.</summary>
    /// <param name="sender">The connection.</param>
    /// <param name="limits">What its broker allows.</param>
    public void Attach(ILinkSender sender, in LinkLimits limits)
    {
        lock (_gate) (_sender, _limits, _open) = (sender, limits, false);
    }

    /// <summary>Starts sending: the latest of every state first, then what waited.</summary>
    public void Open()
    {
        lock (_gate)
        {
            if (_sender is null) return;
            _open = true;
            foreach (var slot in _memory.Slots)
            {
                if (slot is { Filled: true, Waiting: false, Options.Class: PublishClass.State }) Enqueue(slot, _states);
            }
            Pump();
        }
    }

    /// <summary>Gives a connection up: what it had not acknowledged is unknown, beacons are dropped, the rest waits for the next one.</summary>
    /// <param name="sender">The connection; nothing happens when it is not the present one.</param>
    public void Detach(ILinkSender sender)
    {
        lock (_gate)
        {
            if (_sender != sender) return;
            (_sender, _open) = (null, false);
            foreach (var message in _inFlight.Values)
            {
                Forget(message, new PublishResult(PublishOutcome.Unknown, 0, "The link went down before the broker's word; the message may or may not arrive."));
            }
            _inFlight.Clear();
            _tally.Dropped += _handOvers;
            _handOvers = 0;
            while (_beacons.TryDequeue(out var slot)) Drop(slot, NoBeacons);
            Drained();
        }
    }

    /// <summary>Sends a message before all others, whether open or not, outside the counters: births and farewells.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What.</param>
    /// <param name="options">How; sent with quality 1.</param>
    public Task<PublishResult> SendFirst(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        var waiter = new TaskCompletionSource<PublishResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_sender is null) waiter.SetResult(new PublishResult(PublishOutcome.Dropped, 0, "The link is down."));
            else if (Hand(topic, payload, Granted(options), 1, null, waiter, long.MaxValue, counted: true) != SendOutcome.Taken) waiter.TrySetResult(new PublishResult(PublishOutcome.Dropped, 0, "The connection took no message."));
        }
        return waiter.Task;
    }

    /// <summary>Hands a message over; the contract of <see cref="IMqttLink.Post"/>.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What; copied.</param>
    /// <param name="options">How.</param>
    /// <param name="waiter">Told what became of it; null = nobody waits.</param>
    public PublishOutcome Post(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, TaskCompletionSource<PublishResult>? waiter = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        lock (_gate)
        {
            _tally.Posted++;
            if (_ended) return Drop(waiter, Stopped);
            if (payload.Length > _options.MaxPayloadBytes) return Drop(waiter, "The payload is larger than MaxPayloadBytes of the link's options.");
            if (payload.Length + topic.Utf8.Length + PacketOverhead > _limits.MaxPacketBytes) return Drop(waiter, "The message is larger than the largest packet that the broker takes.");
            return options.Class switch
            {
                PublishClass.Beacon => PostBeacon(topic, payload, options, waiter),
                PublishClass.State => PostState(topic, payload, options, waiter),
                PublishClass.Command => PostInOrder(topic, payload, options, waiter, _commands, HasRoom),
                PublishClass.Bulk => PostInOrder(topic, payload, options, waiter, _bulk, HasBulkRoom),
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.Class, "Publish class is none of Beacon, State, Command, Bulk."),
            };
        }
    }

    /// <summary>Notes the broker's word for one message, or that the kernel took one of quality 0, and sends what waited for that.</summary>
    /// <param name="sender">The connection that says so; nothing happens when it is not the present one.</param>
    /// <param name="id">As <see cref="ILinkSender.Send"/> gave it.</param>
    /// <param name="reason">The MQTT 5 reason code; 128 and above = refused.</param>
    public void Settle(ILinkSender sender, int id, int reason)
    {
        lock (_gate)
        {
            if (_sender != sender) return;
            if (_inFlight.Remove(id, out var message)) Forget(message, new PublishResult(reason < 128 ? PublishOutcome.Acknowledged : PublishOutcome.Refused, reason, reason < 128 ? "" : MqttReasons.Describe(reason)));
            else if (_handOvers > 0)
            {
                _handOvers--;
                _tally.Sent++;
            }
            Pump();
            Drained();
        }
    }

    /// <summary>Returns a task that ends when nothing waits any more; it does not prevent new messages.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var task = _drained.Task;
            Drained();
            return task;
        }
    }

    /// <summary>Drops all that waits, and takes nothing more.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_sender is { } sender) Detach(sender);
            _ended = true;
            foreach (var slot in _memory.Slots) Drop(slot, Stopped);
            _memory.Clear();
            _states.Clear();
            foreach (var queue in (DeadlineQueue[])[_commands, _bulk])
            {
                while (queue.TryDequeue(out var message)) Drop(message, Stopped);
            }
            Drained();
        }
    }

    /// <summary>Reads the counters, with what the other half of the link counted.</summary>
    /// <param name="receiver">What arrived.</param>
    /// <param name="connections">Times the link was up.</param>
    public LinkCounters Count(LinkReceiver receiver, long connections)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        lock (_gate) return _tally.Count(receiver.Received, receiver.Dropped, receiver.Malformed, connections);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _timer.Dispose();
    }

    private PublishOutcome PostBeacon(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, TaskCompletionSource<PublishResult>? waiter)
    {
        if (!_open) return Drop(waiter, NoBeacons);
        if (_beacons.Count == 0 && _handOvers < MaxHandOvers)
        {
            return Hand(topic, payload, Granted(options), 0, null, waiter, long.MaxValue, counted: false) == SendOutcome.Taken ? PublishOutcome.Sent : Drop(waiter, NoBeacons);
        }
        return Keep(topic, payload, options, waiter, long.MaxValue, _beacons);
    }

    private PublishOutcome PostState(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, TaskCompletionSource<PublishResult>? waiter)
    {
        var outcome = Keep(topic, payload, options, waiter, options.ExpirySeconds > 0 ? _timer.After(options.ExpirySeconds) : long.MaxValue, _states);
        Pump();
        return outcome;
    }

    private PublishOutcome Keep(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, TaskCompletionSource<PublishResult>? waiter, long deadline, Queue<TopicSlot> queue)
    {
        if (_memory.Slot(topic, _timer.Now) is not { } slot) return Drop(waiter, "The link keeps the latest message of 1024 topics already; give states an expiry or use fewer topics.");
        // One that was sent has a record of its own; one that was not never goes out.
        if (slot is { Filled: true, Counted: false }) _tally.Replace(slot.Waiter);
        slot.Fill(payload, options, deadline);
        slot.Waiter = waiter;
        if (!slot.Waiting) Enqueue(slot, queue);
        return PublishOutcome.Sent;
    }

    private PublishOutcome PostInOrder(
        LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, TaskCompletionSource<PublishResult>? waiter, DeadlineQueue queue, bool room)
    {
        long deadline = _timer.After(options.ExpirySeconds > 0 ? options.ExpirySeconds : DefaultDeadlineSeconds);
        var outcome = _open && room && queue.Count == 0 ? Hand(topic, payload, Granted(options), 1, null, waiter, deadline, counted: false) : SendOutcome.Gone;
        if (outcome == SendOutcome.Taken) return PublishOutcome.Sent;
        if (outcome == SendOutcome.Impossible) return Drop(waiter, CannotSend);
        if (queue.IsFull) return Drop(waiter, "The queue of its class is full.");
        var message = Rent(topic, payload, options);
        (message.Waiter, message.Deadline) = (waiter, deadline);
        queue.Enqueue(message);
        _timer.Arm(deadline);
        return PublishOutcome.Sent;
    }

    private void Pump()
    {
        while (_open && HasRoom && _states.TryDequeue(out var state)) Send(state, 1);
        while (_open && _handOvers < MaxHandOvers && _beacons.TryDequeue(out var beacon)) Send(beacon, 0);
        while (_open && HasRoom && _commands.TryPeek(out var command) && SendNext(_commands, command)) { }
        while (_open && HasBulkRoom && _bulk.TryPeek(out var bulk) && SendNext(_bulk, bulk)) { }
    }

    private void Send(TopicSlot slot, int qos)
    {
        slot.Waiting = false;
        if (!slot.Filled) return;
        long now = _timer.Now;
        if (now >= slot.Deadline)
        {
            Drop(slot, "It waited past its expiry.");
            return;
        }
        var options = Granted(slot.Options) with { ExpirySeconds = _timer.Left(slot.Options.ExpirySeconds, slot.Deadline, now) };
        switch (Hand(slot.Topic, slot.Payload, options, qos, slot, slot.Waiter, long.MaxValue, slot.Counted))
        {
            case SendOutcome.Taken:
                slot.Waiter = null;
                slot.Counted = true;
                // A beacon is not sent again.
                if (qos == 0 && slot.Options.Class == PublishClass.Beacon) slot.Empty();
                break;
            case SendOutcome.Gone when slot.Options.Class == PublishClass.State: Enqueue(slot, _states); break;
            default: Drop(slot, CannotSend); break;
        }
    }

    private bool SendNext(DeadlineQueue queue, OutgoingMessage message)
    {
        long now = _timer.Now;
        var outcome = SendOutcome.Impossible;
        if (now < message.Deadline)
        {
            var options = Granted(message.Options) with { ExpirySeconds = _timer.Left(message.Options.ExpirySeconds, message.Deadline, now) };
            outcome = Hand(message.Topic, message.Payload, options, 1, null, message.Waiter, message.Deadline, counted: false);
            if (outcome == SendOutcome.Gone) return false;
        }
        queue.Dequeue();
        if (outcome == SendOutcome.Taken) Recycle(message);
        else Drop(message, now < message.Deadline ? CannotSend : TooLate);
        return true;
    }

    /// <summary>Hands a message to the connection and notes it as on its way.</summary>
    private SendOutcome Hand(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, int qos, TopicSlot? slot, TaskCompletionSource<PublishResult>? waiter, long deadline, bool counted)
    {
        qos = Math.Min(qos, _limits.MaxQos);
        var outcome = _sender!.Send(topic, payload, options, qos, out int id);
        if (outcome == SendOutcome.Gone) _open = false;
        if (outcome != SendOutcome.Taken) return outcome;
        if (qos == 0)
        {
            // Counted as sent when the kernel takes it; a repetition counts as a message of its own.
            _handOvers++;
            if (counted) _tally.Posted++;
            waiter?.TrySetResult(new PublishResult(PublishOutcome.Sent, 0, ""));
            return outcome;
        }
        var message = Rent(topic, [], options);
        (message.Slot, message.Waiter, message.Deadline, message.Counted) = (slot, waiter, deadline, counted);
        if (options.Class == PublishClass.Bulk && slot is null) _bulkInFlight++;
        _timer.Arm(deadline);
        // Identifiers wrap; an entry that is still there is of a message whose word never came.
        if (_inFlight.Remove(id, out var old)) Forget(old, new PublishResult(PublishOutcome.Unknown, 0, "The broker never answered."));
        _inFlight.Add(id, message);
        return outcome;
    }

    private PublishOptions Granted(in PublishOptions options) => options.Retain && !_limits.RetainAvailable ? options with { Retain = false } : options;

    private void Forget(OutgoingMessage message, in PublishResult result)
    {
        _tally.Settle(message, result);
        if (message is { Options.Class: PublishClass.Bulk, Slot: null }) _bulkInFlight--;
        Recycle(message);
    }

    private PublishOutcome Drop(TaskCompletionSource<PublishResult>? waiter, string detail) => _tally.Drop(waiter, detail);

    private void Drop(OutgoingMessage message, string detail)
    {
        Drop(message.Waiter, detail);
        Recycle(message);
    }

    private void Drop(TopicSlot slot, string detail)
    {
        slot.Waiting = false;
        if (slot is { Filled: true, Counted: false }) Drop(slot.Waiter, detail);
        slot.Empty();
    }

    private static void Enqueue(TopicSlot slot, Queue<TopicSlot> queue)
    {
        slot.Waiting = true;
        queue.Enqueue(slot);
    }

    private void Expire()
    {
        lock (_gate)
        {
            if (_ended) return;
            _timer.Fired();
            long now = _timer.Now, next = long.MaxValue;
            foreach (var queue in (ReadOnlySpan<DeadlineQueue>)[_commands, _bulk])
            {
                while (queue.TakeExpired(now) is { } message) Drop(message, TooLate);
                next = Math.Min(next, queue.Earliest);
            }
            // What is on its way keeps its place in the window until the broker's word or the end of the connection.
            foreach (var message in _inFlight.Values)
            {
                if (message.Counted) continue;
                if (now >= message.Deadline) _tally.Settle(message, new PublishResult(PublishOutcome.Unknown, 0, "The broker did not answer before the deadline; the message may or may not arrive."));
                else next = Math.Min(next, message.Deadline);
            }
            _timer.Arm(next);
            Drained();
        }
    }

    private void Drained()
    {
        if (_drained is null || _states.Count + _beacons.Count + _commands.Count + _bulk.Count + _inFlight.Count + _handOvers > 0) return;
        _drained.TrySetResult();
        _drained = null;
    }

    private OutgoingMessage Rent(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        if (!_free.TryPop(out var message)) message = new OutgoingMessage();
        message.Fill(topic, payload, options);
        return message;
    }

    private void Recycle(OutgoingMessage message)
    {
        message.Clear();
        _free.Push(message);
    }
}
