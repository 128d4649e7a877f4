namespace EdgeAutonomy.Agents;

/// <summary>A message inside a hub: shared by all that wait for it, given back to the pool by the last.</summary>
/// <remarks>Every holder (an event, a queue entry, the retained store, a snapshot, a link's outbox) owns exactly one count.</remarks>
internal sealed class HubMessage(HubMessagePool pool)
{
    private byte[] _bytes = new byte[128];
    private int _length, _holders;

    public HubTopic Topic { get; private set; } = null!;

    public HubClient Publisher { get; private set; } = null!;

    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(0, _length);

    public int Qos { get; set; }

    public bool Retain { get; set; }

    public ulong Correlation { get; set; }

    /// <summary>Gets or sets how long the broker keeps it, in nanoseconds; 0 = for ever.</summary>
    public long ExpiresIn { get; set; }

    /// <summary>Gets or sets when the broker forgets it.</summary>
    public long Expires { get; set; }

    /// <summary>Gets or sets the number of its acceptance by the hub.</summary>
    public long Serial { get; set; }

    public void Set(HubTopic topic, HubClient publisher, ReadOnlySpan<byte> payload)
    {
        if (_bytes.Length < payload.Length) _bytes = new byte[Math.Max(payload.Length, 2 * _bytes.Length)];
        payload.CopyTo(_bytes);
        (Topic, Publisher, _length, _holders) = (topic, publisher, payload.Length, 1);
        topic.Users++;
        (Qos, Retain, Correlation, ExpiresIn, Expires, Serial) = (0, false, 0, 0, long.MaxValue, 0);
    }

    /// <summary>Gives the payload as writable, for the fault that damages it.</summary>
    public Span<byte> Writable(int length)
    {
        if (_bytes.Length < length) Array.Resize(ref _bytes, length);
        _length = length;
        return _bytes.AsSpan(0, length);
    }

    public HubMessage Hold()
    {
        _holders++;
        return this;
    }

    public void Release()
    {
        if (--_holders > 0) return;
        if (_holders < 0) throw new InvalidOperationException($"Bug in EdgeAutonomy.Agents: message on '{Topic.Text}' was given back {1 - _holders} times.");
        Topic.Users--;
        pool.Return(this);
    }
}
