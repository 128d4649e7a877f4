namespace EdgeAutonomy.Agents;

/// <summary>The latest message of every topic of which only the latest counts.</summary>
/// <remarks>Lives under the lock of its <see cref="LinkOutbox"/>.</remarks>
/// <param name="capacity">The most topics.</param>
internal sealed class TopicMemory(int capacity)
{
    private readonly Dictionary<string, TopicSlot> _slots = new(StringComparer.Ordinal);
    private readonly List<string> _expired = [];

    public Dictionary<string, TopicSlot>.ValueCollection Slots => _slots.Values;

    /// <summary>Finds or makes a topic's slot; null where there are too many whose messages still count.</summary>
    public TopicSlot? Slot(LinkTopic topic, long now)
    {
        if (_slots.TryGetValue(topic.Text, out var slot)) return slot;
        if (_slots.Count >= capacity) Sweep(now);
        if (_slots.Count >= capacity) return null;
        slot = new TopicSlot { Topic = topic };
        _slots.Add(topic.Text, slot);
        return slot;
    }

    public void Clear() => _slots.Clear();

    private void Sweep(long now)
    {
        foreach (var (topic, slot) in _slots)
        {
            if (!slot.Waiting && (!slot.Filled || now >= slot.Deadline)) _expired.Add(topic);
        }
        foreach (string topic in _expired) _slots.Remove(topic);
        _expired.Clear();
    }
}
