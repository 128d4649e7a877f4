namespace EdgeAutonomy.Agents;

/// <summary>A queue that grows at both ends and is read by index; single-threaded, allocation-free once grown.</summary>
internal sealed class HubQueue<T>
{
    private T[] _items = new T[8];
    private int _head;

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[(_head + index) & (_items.Length - 1)];

    public void Add(in T item)
    {
        Grow();
        this[Count++] = item;
    }

    public void AddFirst(in T item)
    {
        Grow();
        _head = (_head - 1) & (_items.Length - 1);
        Count++;
        this[0] = item;
    }

    public T Take()
    {
        var item = this[0];
        this[0] = default!;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return item;
    }

    public T TakeLast()
    {
        var item = this[--Count];
        this[Count] = default!;
        return item;
    }

    public T RemoveAt(int index)
    {
        var item = this[index];
        // What is removed is nearly always the first.
        for (int i = index; i > 0; i--) this[i] = this[i - 1];
        Take();
        return item;
    }

    private void Grow()
    {
        if (Count < _items.Length) return;
        var larger = new T[2 * Count];
        for (int i = 0; i < Count; i++) larger[i] = this[i];
        (_items, _head) = (larger, 0);
    }
}
