namespace EdgeAutonomy.Agents;

/// <summary>The waiting messages of an inbox of which only the latest per topic counts: a ring in the order of arrival and a table by topic.</summary>
internal sealed class LatestTable
{
    private readonly InboxRing _order;
    private readonly LinkMessage?[] _table;

    public LatestTable(int capacity)
    {
        _order = new InboxRing(capacity);
        // At most half full, so that probing stays short.
        _table = new LinkMessage?[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * capacity))];
    }

    public int Count => _order.Count;

    public bool IsFull => _order.IsFull;

    /// <summary>Returns the waiting message of a topic, or null and the hash to keep with a new one.</summary>
    public LinkMessage? Find(ReadOnlySpan<byte> topic, out ulong hash)
    {
        var hasher = new StateHasher(0);
        hasher.AddBytes(topic);
        hash = hasher.Value;
        for (int i = Slot(hash); _table[i] is { } message; i = (i + 1) & (_table.Length - 1))
        {
            if (message.TopicHash == hash && message.Topic.SequenceEqual(topic)) return message;
        }
        return null;
    }

    public void Add(LinkMessage message)
    {
        _order.Add(message);
        int i = Slot(message.TopicHash);
        while (_table[i] is not null) i = (i + 1) & (_table.Length - 1);
        _table[i] = message;
    }

    public LinkMessage? TakeOldest()
    {
        if (_order.TakeOldest() is not { } message) return null;
        int gap = Slot(message.TopicHash);
        while (!ReferenceEquals(_table[gap], message)) gap = (gap + 1) & (_table.Length - 1);
        // Linear probing without tombstones (Knuth 6.4 R): whatever sits behind the gap and may move into it does.
        for (int i = (gap + 1) & (_table.Length - 1); _table[i] is { } other; i = (i + 1) & (_table.Length - 1))
        {
            int home = Slot(other.TopicHash);
            if (((i - home) & (_table.Length - 1)) < ((i - gap) & (_table.Length - 1))) continue;
            _table[gap] = other;
            gap = i;
        }
        _table[gap] = null;
        return message;
    }

    private int Slot(ulong hash) => (int)hash & (_table.Length - 1);
}
