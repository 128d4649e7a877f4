namespace EdgeAutonomy.Agents;

/// <summary>What is to happen, by time: a binary heap over slots that are used again. Events due together come in an order drawn from the seed.</summary>
/// <remarks>Allocation-free once grown.</remarks>
internal sealed class HubSchedule(RandomStream ties)
{
    private Entry[] _heap = new Entry[256];
    private HubEvent[] _slots = new HubEvent[256];
    private int[] _free = new int[256];
    private int _freeCount, _used;

    public int Count { get; private set; }

    public long NextDue => Count == 0 ? long.MaxValue : _heap[0].Due;

    public void Add(long due, in HubEvent what)
    {
        int slot = _freeCount > 0 ? _free[--_freeCount] : _used++;
        if (slot == _slots.Length)
        {
            Array.Resize(ref _slots, 2 * slot);
            Array.Resize(ref _free, 2 * slot);
        }
        if (Count == _heap.Length) Array.Resize(ref _heap, 2 * Count);
        _slots[slot] = what;
        // The slot in the low bits makes every key different, so the order never depends on the shape of the heap.
        var entry = new Entry(due, (ties.NextUInt64() & 0xFFFF_FFFF_0000_0000) | (uint)slot);
        int i = Count++;
        while (i > 0)
        {
            int parent = (i - 1) >> 1;
            if (!entry.Before(_heap[parent])) break;
            _heap[i] = _heap[parent];
            i = parent;
        }
        _heap[i] = entry;
    }

    public HubEvent Take()
    {
        int slot = (int)(uint)_heap[0].Key;
        var last = _heap[--Count];
        int i = 0;
        while (true)
        {
            int child = 2 * i + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _heap[child + 1].Before(_heap[child])) child++;
            if (!_heap[child].Before(last)) break;
            _heap[i] = _heap[child];
            i = child;
        }
        _heap[i] = last;
        var what = _slots[slot];
        _slots[slot] = default;
        _free[_freeCount++] = slot;
        return what;
    }

    private readonly record struct Entry(long Due, ulong Key)
    {
        public bool Before(in Entry other) => Due != other.Due ? Due < other.Due : Key < other.Key;
    }
}
