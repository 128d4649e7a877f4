namespace EdgeAutonomy.Agents;

/// <summary>Counts what became of messages and tells those who wait.</summary>
/// <remarks>Lives under the lock of its <see cref="LinkOutbox"/>.</remarks>
internal sealed class OutboxTally
{
    private long _acknowledged, _refused, _replaced, _unknown;

    public long Posted { get; set; }

    public long Sent { get; set; }

    public long Dropped { get; set; }

    public void Settle(OutgoingMessage message, in PublishResult result)
    {
        message.Waiter?.TrySetResult(result);
        message.Waiter = null;
        if (message.Counted) return;
        message.Counted = true;
        switch (result.Outcome)
        {
            case PublishOutcome.Acknowledged: _acknowledged++; break;
            case PublishOutcome.Refused: _refused++; break;
            default: _unknown++; break;
        }
    }

    public PublishOutcome Drop(TaskCompletionSource<PublishResult>? waiter, string detail)
    {
        Dropped++;
        waiter?.TrySetResult(new PublishResult(PublishOutcome.Dropped, 0, detail));
        return PublishOutcome.Dropped;
    }

    public void Replace(TaskCompletionSource<PublishResult>? waiter)
    {
        _replaced++;
        waiter?.TrySetResult(new PublishResult(PublishOutcome.Dropped, 0, "A newer message of the topic replaced it."));
    }

    public LinkCounters Count(long received, long receivedDropped, long malformed, long connections) =>
        new(Posted, Sent, _acknowledged, _refused, _replaced, Dropped, _unknown, received, receivedDropped, malformed, connections);
}
