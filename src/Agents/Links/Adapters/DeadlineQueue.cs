namespace EdgeAutonomy.Agents;

/// <summary>Messages that wait in order, each until its deadline.</summary>
/// <remarks>Lives under the lock of its <see cref="LinkOutbox"/>.</remarks>
/// <param name="capacity">The most messages.</param>
internal sealed class DeadlineQueue(int capacity)
{
    private readonly Queue<OutgoingMessage> _queue = new();

    public int Count => _queue.Count;

    public bool IsFull => _queue.Count >= capacity;

    /// <summary>The earliest deadline of all; <see cref="long.MaxValue"/> where none waits.</summary>
    public long Earliest
    {
        get
        {
            long earliest = long.MaxValue;
            foreach (var message in _queue) earliest = Math.Min(earliest, message.Deadline);
            return earliest;
        }
    }

    public void Enqueue(OutgoingMessage message) => _queue.Enqueue(message);

    public void Dequeue() => _queue.Dequeue();

    public bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutgoingMessage? message) => _queue.TryPeek(out message);

    public bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutgoingMessage? message) => _queue.TryDequeue(out message);

    /// <summary>Takes one message out whose deadline has passed, the others keeping their order; null = there is none.</summary>
    public OutgoingMessage? TakeExpired(long now)
    {
        OutgoingMessage? expired = null;
        for (int i = _queue.Count; i > 0; i--)
        {
            var message = _queue.Dequeue();
            if (expired is null && now >= message.Deadline) expired = message;
            else _queue.Enqueue(message);
        }
        return expired;
    }
}
