namespace EdgeAutonomy.Agents;

/// <summary>A message that arrived. The reader brings one and the inbox fills it, so that receiving allocates nothing once its buffers have grown.</summary>
public sealed class LinkMessage
{
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

    /// <summary>Fills it. For adapters and inboxes.</summary>
    public void Fill(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, ulong correlation, long arrived)
    {
        int need = topic.Length + payload.Length;
        if (_bytes.Length < need) _bytes = new byte[Math.Max(need, 2 * _bytes.Length)];
        topic.CopyTo(_bytes);
        payload.CopyTo(_bytes.AsSpan(topic.Length));
        (_topicLength, _payloadLength, Retained, Correlation, Arrived) = (topic.Length, payload.Length, retained, correlation, arrived);
    }
}
