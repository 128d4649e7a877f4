namespace EdgeAutonomy.Agents;

/// <summary>What arrived on a link, in bounded queues: the adapter's thread puts in, one reader takes out.</summary>
public sealed class LinkInbox
{
    private readonly Lock _gate = new();
    private readonly Queue<LinkMessage> _waiting = new(), _free = new();
    private readonly int _capacity;

    /// <summary>Makes an inbox.</summary>
    /// <param name="capacity">The most messages that wait.</param>
    public LinkInbox(int capacity = 1024) => _capacity = capacity;

    /// <summary>Called after a message was put in, by the thread that did; must return at once. For a reader that sleeps.</summary>
    public event Action? Arrived;

    /// <summary>Gets how many messages were lost here because the reader was too slow.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes the next message.</summary>
    /// <param name="into">Filled.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(LinkMessage into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out var message)) return false;
            into.Fill(message.Topic, message.Payload, message.Retained, message.Correlation, message.Arrived);
            _free.Enqueue(message);
            return true;
        }
    }

    /// <summary>Puts a message in. For adapters.</summary>
    public void Put(InboxQueue queue, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, ulong correlation, long arrived)
    {
        lock (_gate)
        {
            if (_waiting.Count >= _capacity)
            {
                Dropped++;
                return;
            }
            if (!_free.TryDequeue(out var message)) message = new LinkMessage();
            message.Fill(topic, payload, retained, correlation, arrived);
            _waiting.Enqueue(message);
        }
        Arrived?.Invoke();
    }
}
