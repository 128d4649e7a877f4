namespace EdgeAutonomy.Recording;

/// <summary>A bounded queue of data messages of one client that drops the oldest when it is full. The owner locks.</summary>
internal sealed class MessageQueue(int capacity)
{
    private readonly (uint Subscription, ulong Time, SharedPayload Payload)[] _ring = new (uint, ulong, SharedPayload)[Math.Max(1, capacity)];
    private int _first;

    public int Count { get; private set; }

    /// <summary>How many messages were dropped since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>Adds a message and takes over one reference to it. Returns false when another one was dropped for it.</summary>
    public bool Add(uint subscription, ulong time, SharedPayload payload)
    {
        bool fits = Count < _ring.Length;
        if (!fits)
        {
            Take(out _, out _).Release();
            Dropped++;
        }
        _ring[(_first + Count++) % _ring.Length] = (subscription, time, payload);
        return fits;
    }

    /// <summary>Takes the oldest message and hands over its reference. There must be one.</summary>
    public SharedPayload Take(out uint subscription, out ulong time)
    {
        (subscription, time, var payload) = _ring[_first];
        _ring[_first] = default;
        _first = (_first + 1) % _ring.Length;
        Count--;
        return payload;
    }

    /// <summary>Forgets the messages of a subscription that ended: a client must not get data of an id that it does not know any more.</summary>
    public void Remove(uint subscription)
    {
        for (int i = Count; i > 0; i--)
        {
            var payload = Take(out uint id, out ulong time);
            if (id == subscription) payload.Release();
            else _ring[(_first + Count++) % _ring.Length] = (id, time, payload);
        }
    }

    public void Clear()
    {
        while (Count > 0) Take(out _, out _).Release();
    }
}
