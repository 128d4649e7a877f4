namespace EdgeAutonomy.Agents;

/// <summary>What arrived on a link, in bounded queues: the adapter's thread puts in, one reader takes out.</summary>
/// <remarks>
/// Half of the capacity belongs to <see cref="InboxQueue.Commands"/>, a quarter each to <see cref="InboxQueue.Latest"/> and
/// <see cref="InboxQueue.Bulk"/>, so that no kind of traffic can crowd out another. Commands are taken first, then the latest, then bulk; each in
/// the order of arrival, where a replaced latest keeps its place. Whatever is lost is counted in its queue. Any thread may put and take; 0 bytes
/// allocated once the buffers have grown.
/// </remarks>
public sealed class LinkInbox
{
    /// <summary>How long a full command queue holds the adapter's thread up unless told otherwise, in milliseconds.</summary>
    public const int CommandWaitMs = 50;

    private readonly object _gate = new();
    private readonly InboxRing _commands, _bulk;
    private readonly LatestTable _latest;
    private readonly Stack<LinkMessage> _free = new();
    private readonly int _commandWaitMs;
    private readonly long[] _dropped = new long[3];
    private long _replaced, _received;

    /// <summary>Makes an inbox.</summary>
    /// <param name="capacity">The most messages that wait in all queues together; at least 4.</param>
    /// <param name="commandWaitMs">How long a full command queue holds the adapter's thread up before the newest is lost, in milliseconds; 0 = never, as
    /// an adapter in virtual time needs it.</param>
    public LinkInbox(int capacity = 1024, int commandWaitMs = CommandWaitMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 4);
        ArgumentOutOfRangeException.ThrowIfNegative(commandWaitMs);
        _commandWaitMs = commandWaitMs;
        _commands = new InboxRing(capacity - 2 * (capacity / 4));
        _bulk = new InboxRing(capacity / 4);
        _latest = new LatestTable(capacity / 4);
    }

    /// <summary>Called after a message was put in, by the thread that did; must return at once and not throw. For a reader that sleeps.</summary>
    public event Action? Arrived;

    /// <summary>Gets how many messages wait. Any thread.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _commands.Count + _latest.Count + _bulk.Count;
        }
    }

    /// <summary>Gets how many messages were put in, lost ones included.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Gets how many messages were lost here because the reader was too slow, in all queues together. Replaced ones do not count.</summary>
    public long Dropped => DroppedIn(InboxQueue.Latest) + DroppedIn(InboxQueue.Commands) + DroppedIn(InboxQueue.Bulk);

    /// <summary>Gets how many messages of <see cref="InboxQueue.Latest"/> were replaced by a newer one of their topic before they were read.</summary>
    public long Replaced => Interlocked.Read(ref _replaced);

    /// <summary>Returns how many messages one queue lost.</summary>
    /// <param name="queue">Which.</param>
    public long DroppedIn(InboxQueue queue) => Interlocked.Read(ref _dropped[(int)queue]);

    /// <summary>Takes the next message.</summary>
    /// <param name="into">Filled; exchanges its buffer with that of the inbox.</param>
    /// <returns>False when there is none; <paramref name="into"/> is unchanged then.</returns>
    public bool TryTake(LinkMessage into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_gate)
        {
            bool wasFull = _commands.IsFull;
            var message = _commands.TakeOldest() ?? _latest.TakeOldest() ?? _bulk.TakeOldest();
            if (message is null) return false;
            into.Exchange(message);
            Recycle(message);
            if (wasFull) Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Waits until there is a message. For a reader with a thread of its own.</summary>
    /// <param name="longest">The longest wait; zero only asks, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <returns>Whether there is one.</returns>
    public bool Wait(TimeSpan longest)
    {
        lock (_gate)
        {
            if (Any) return true;
            // One wait: whoever wakes early for another reason asks again in its loop.
            if (longest != TimeSpan.Zero) Monitor.Wait(_gate, longest);
            return Any;
        }
    }

    /// <summary>Puts a message in. For adapters.</summary>
    /// <param name="queue">Which queue.</param>
    /// <param name="topic">The topic in UTF-8; copied.</param>
    /// <param name="payload">The payload; copied.</param>
    /// <param name="retained">Whether the broker had kept it.</param>
    /// <param name="correlation">What joins a reply to its request.</param>
    /// <param name="arrived">When it arrived, on the link's clock.</param>
    /// <returns>False when the queue was full and a message was lost: this one, or with <see cref="InboxQueue.Bulk"/> and
    /// <see cref="InboxQueue.Latest"/> the oldest.</returns>
    public bool Put(InboxQueue queue, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, ulong correlation, long arrived)
    {
        bool kept = true;
        lock (_gate)
        {
            _received++;
            switch (queue)
            {
                case InboxQueue.Commands:
                    if (_commands.IsFull) WaitForRoom();
                    if (_commands.IsFull)
                    {
                        _dropped[(int)queue]++;
                        return false;
                    }
                    _commands.Add(Fresh(topic, payload, retained, correlation, arrived));
                    break;
                case InboxQueue.Bulk:
                    if (_bulk.IsFull) kept = Lose(queue, _bulk.TakeOldest()!);
                    _bulk.Add(Fresh(topic, payload, retained, correlation, arrived));
                    break;
                case InboxQueue.Latest:
                    if (_latest.Find(topic, out ulong hash) is { } waiting)
                    {
                        waiting.Fill(topic, payload, retained, correlation, arrived);
                        _replaced++;
                        break;
                    }
                    if (_latest.IsFull) kept = Lose(queue, _latest.TakeOldest()!);
                    var message = Fresh(topic, payload, retained, correlation, arrived);
                    message.TopicHash = hash;
                    _latest.Add(message);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(queue), queue, "Inbox queue is none of Latest, Commands, Bulk.");
            }
            Monitor.PulseAll(_gate);
        }
        Arrived?.Invoke();
        return kept;
    }

    private bool Any => _commands.Count + _latest.Count + _bulk.Count > 0;

    private LinkMessage Fresh(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, ulong correlation, long arrived)
    {
        if (!_free.TryPop(out var message)) message = new LinkMessage();
        message.Fill(topic, payload, retained, correlation, arrived);
        return message;
    }

    private void WaitForRoom()
    {
        if (_commandWaitMs == 0) return;
        // The gate is also pulsed for other reasons; only the time that is left counts.
        long end = Environment.TickCount64 + _commandWaitMs;
        while (_commands.IsFull && end - Environment.TickCount64 is > 0 and var left) Monitor.Wait(_gate, (int)left);
    }

    private bool Lose(InboxQueue queue, LinkMessage message)
    {
        _dropped[(int)queue]++;
        Recycle(message);
        return false;
    }

    private void Recycle(LinkMessage message)
    {
        message.Trim();
        _free.Push(message);
    }
}
