namespace EdgeAutonomy.Agents;

/// <summary>A message that arrived. The reader brings one and the inbox fills it, so that receiving allocates nothing once its buffers have grown.</summary>
/// <remarks>One thread at a time.</remarks>
public sealed class LinkMessage
{
    // A buffer that once held a large payload is given back to the collector here, so that an inbox of thousands does not keep them all.
    private const int KeepBytes = 131_072;

    private byte[] _bytes = new byte[256];
    private int _topicLength, _payloadLength;

    /// <summary>Gets the topic in UTF-8. Valid until the next message.</summary>
    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, _topicLength);

    /// <summary>Gets what was sent. Valid until the next message.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(_topicLength, _payloadLength);

    /// <summary>Gets whether it is an old one that the broker kept, of any age.</summary>
    public bool Retained { get; private set; }

    /// <summary>Gets the number that joins a reply to its request; 0 = none.</summary>
    public ulong Correlation { get; private set; }

    /// <summary>Gets when it arrived, on the monotonic clock of the link (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long Arrived { get; private set; }

    /// <summary>Gets the hash of the topic, for the inbox's table.</summary>
    internal ulong TopicHash { get; set; }

    /// <summary>Fills it. For adapters and inboxes.</summary>
    /// <param name="topic">The topic in UTF-8; copied.</param>
    /// <param name="payload">The payload; copied.</param>
    /// <param name="retained">Whether the broker had kept it.</param>
    /// <param name="correlation">What joins a reply to its request.</param>
    /// <param name="arrived">When it arrived.</param>
    public void Fill(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, ulong correlation, long arrived)
    {
        int need = topic.Length + payload.Length;
        if (_bytes.Length < need) _bytes = new byte[Math.Max(need, 2 * _bytes.Length)];
        topic.CopyTo(_bytes);
        payload.CopyTo(_bytes.AsSpan(topic.Length));
        (_topicLength, _payloadLength, Retained, Correlation, Arrived) = (topic.Length, payload.Length, retained, correlation, arrived);
    }

    /// <summary>Exchanges all content with another message: taking out of an inbox copies nothing.</summary>
    internal void Exchange(LinkMessage other)
    {
        (_bytes, other._bytes) = (other._bytes, _bytes);
        (_topicLength, other._topicLength) = (other._topicLength, _topicLength);
        (_payloadLength, other._payloadLength) = (other._payloadLength, _payloadLength);
        (Retained, other.Retained) = (other.Retained, Retained);
        (Correlation, other.Correlation) = (other.Correlation, Correlation);
        (Arrived, other.Arrived) = (other.Arrived, Arrived);
    }

    /// <summary>Gives a buffer of unusual size back.</summary>
    internal void Trim()
    {
        if (_bytes.Length <= KeepBytes) return;
        _bytes = new byte[256];
        (_topicLength, _payloadLength) = (0, 0);
    }
}
