namespace EdgeAutonomy.Agents;

/// <summary>A bounded first-in first-out queue of an inbox. Grows to its bound as needed, so that a large bound costs nothing while traffic is light.</summary>
internal sealed class InboxRing(int capacity)
{
    private LinkMessage?[] _items = new LinkMessage?[Math.Min(capacity, 16)];
    private int _head;

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    public void Add(LinkMessage message)
    {
        if (Count == _items.Length)
        {
            var larger = new LinkMessage?[Math.Min(capacity, 2 * Count)];
            for (int i = 0; i < Count; i++) larger[i] = _items[(_head + i) % Count];
            (_items, _head) = (larger, 0);
        }
        _items[(_head + Count++) % _items.Length] = message;
    }

    public LinkMessage? TakeOldest()
    {
        if (Count == 0) return null;
        var message = _items[_head];
        _items[_head] = null;
        _head = (_head + 1) % _items.Length;
        Count--;
        return message;
    }
}
