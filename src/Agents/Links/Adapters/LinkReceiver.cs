namespace EdgeAutonomy.Agents;

/// <summary>Takes what a library received: checks it against the limits, finds its queue, copies it into the inbox, counts. For adapters.</summary>
/// <remarks>One thread, the library's. No exception leaves it, whatever comes and whatever the inbox's listeners do. 0 bytes allocated in steady state.</remarks>
/// <param name="options">The limits.</param>
/// <param name="subscriptions">Which queue a topic has.</param>
/// <param name="inbox">Where to put it.</param>
/// <param name="time">The clock of the time of arrival.</param>
public sealed class LinkReceiver(LinkOptions options, LinkSubscriptions subscriptions, LinkInbox inbox, TimeProvider time)
{
    private long _received, _malformed, _unwanted, _faults;

    /// <summary>Gets how many well-formed messages arrived.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Gets how many messages broke a limit.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Gets how many messages had no subscription any more, or did not fit into the inbox.</summary>
    public long Dropped => Volatile.Read(ref _unwanted) + inbox.Dropped;

    /// <summary>Gets how often a listener of the inbox threw.</summary>
    public long ListenerFaults => Volatile.Read(ref _faults);

    /// <summary>Takes one message.</summary>
    /// <param name="topic">The topic in UTF-8; copied.</param>
    /// <param name="payload">The payload; copied.</param>
    /// <param name="retained">Whether the broker had kept it.</param>
    /// <param name="correlation">What joins a reply to its request; 0 = none.</param>
    public void Receive(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, ulong correlation)
    {
        if (payload.Length > options.MaxPayloadBytes || topic.Length is 0 or > LinkTopic.MaxBytes || topic.ContainsAnyInRange((byte)0, (byte)31))
        {
            _malformed++;
            return;
        }
        _received++;
        if (!subscriptions.TryFind(topic, out var queue))
        {
            _unwanted++;
            return;
        }
        try
        {
            inbox.Put(queue, topic, payload, retained, correlation, time.GetTimestamp());
        }
#pragma warning disable CA1031 // A listener's fault must not pass through the library's frames, where it would end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            _faults++;
        }
    }

    /// <summary>Notes a message that the adapter could not even read.</summary>
    public void NoteMalformed() => _malformed++;
}
