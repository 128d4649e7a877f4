namespace EdgeAutonomy.Agents;

/// <summary>The latest message of one topic of which only the latest counts.</summary>
/// <remarks>Lives under the lock of its <see cref="LinkOutbox"/>.</remarks>
internal sealed class TopicSlot
{
    private byte[] _payload = [];
    private int _length;

    public required LinkTopic Topic { get; init; }

    public PublishOptions Options { get; private set; }

    /// <summary>The timestamp after which it is not sent again; <see cref="long.MaxValue"/> = never.</summary>
    public long Deadline { get; private set; }

    public TaskCompletionSource<PublishResult>? Waiter { get; set; }

    /// <summary>Stands in a queue to be sent.</summary>
    public bool Waiting { get; set; }

    /// <summary>The fate of this payload is in the counters already: what is sent now is a repetition.</summary>
    public bool Counted { get; set; }

    /// <summary>Holds a payload; false once it has expired or was withdrawn.</summary>
    public bool Filled { get; private set; }

    /// <summary>How often it was filled: an acknowledgement of an earlier payload says nothing about this one.</summary>
    public uint Version { get; private set; }

    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _length);

    public void Fill(ReadOnlySpan<byte> payload, in PublishOptions options, long deadline)
    {
        if (_payload.Length < payload.Length) _payload = new byte[Math.Max(payload.Length, Math.Min(2 * _payload.Length, 65_536))];
        payload.CopyTo(_payload);
        (_length, Options, Deadline, Waiter, Counted, Filled) = (payload.Length, options, deadline, null, false, true);
        Version++;
    }

    public void Empty() => (_length, Filled, Waiter) = (0, false, null);
}
