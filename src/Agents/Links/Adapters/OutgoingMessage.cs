using System.Buffers;

namespace EdgeAutonomy.Agents;

/// <summary>A message on its way out: waiting in a queue with its payload, or sent and waiting for the broker's word.</summary>
/// <remarks>Pooled by the <see cref="LinkOutbox"/>, under whose lock it lives.</remarks>
internal sealed class OutgoingMessage
{
    // Larger payloads are rare; kept by every pooled message they would add up.
    private const int KeptBytes = 4096;

    private byte[] _payload = [];
    private int _length;

    public LinkTopic Topic { get; private set; } = null!;

    public PublishOptions Options { get; private set; }

    /// <summary>The timestamp after which nobody wants it; <see cref="long.MaxValue"/> = never.</summary>
    public long Deadline { get; set; }

    public TaskCompletionSource<PublishResult>? Waiter { get; set; }

    /// <summary>The topic's memory, where only the latest counts.</summary>
    public TopicSlot? Slot { get; set; }

    /// <summary>Its fate is in the counters already, or it never belonged there.</summary>
    public bool Counted { get; set; }

    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _length);

    public void Fill(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        if (_payload.Length < payload.Length)
        {
            Release();
            _payload = payload.Length <= KeptBytes ? new byte[Math.Max(256, payload.Length)] : ArrayPool<byte>.Shared.Rent(payload.Length);
        }
        payload.CopyTo(_payload);
        _length = payload.Length;
        (Topic, Options, Deadline, Waiter, Slot, Counted) = (topic, options, long.MaxValue, null, null, false);
    }

    public void Clear()
    {
        if (_payload.Length > KeptBytes) Release();
        (_length, Topic, Waiter, Slot) = (0, null!, null, null);
    }

    private void Release()
    {
        if (_payload.Length > KeptBytes) ArrayPool<byte>.Shared.Return(_payload);
        _payload = [];
    }
}
