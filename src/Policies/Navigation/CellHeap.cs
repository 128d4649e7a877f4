using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>An indexed binary heap of grid cells: the open set of a search.</summary>
/// <remarks>
/// Every cell is in it at most once, a second push only lowers its key, so its size is bounded. Equal keys: the smaller cell comes first, so
/// the order of a search never depends on the order of the pushes. One thread; allocates nothing after construction.
/// </remarks>
internal sealed class CellHeap
{
    private readonly ushort[] _place, _heap;
    private readonly int[] _key;

    /// <summary>Makes an empty heap.</summary>
    /// <param name="cells">How many cells the grid has; at most 65535.</param>
    public CellHeap(int cells)
    {
        _place = new ushort[cells];
        _heap = new ushort[cells + 1];
        _key = new int[cells];
    }

    /// <summary>Gets how many cells are in the heap.</summary>
    public int Count { get; private set; }

    /// <summary>Takes every cell out.</summary>
    public void Clear()
    {
        Array.Fill(_place, (ushort)0);
        Count = 0;
    }

    /// <summary>Puts a cell in, or gives a lower key to a cell that is in.</summary>
    public void Push(int cell, int key)
    {
        int at = _place[cell];
        if (at == 0) at = ++Count;
        _key[cell] = key;
        while (at > 1 && Before(cell, _heap[at >> 1]))
        {
            _heap[at] = _heap[at >> 1];
            _place[_heap[at]] = (ushort)at;
            at >>= 1;
        }
        _heap[at] = (ushort)cell;
        _place[cell] = (ushort)at;
    }

    /// <summary>Takes the cell with the lowest key out. The heap must not be empty.</summary>
    public int Pop()
    {
        int top = _heap[1], last = _heap[Count--], at = 1;
        _place[top] = 0;
        if (Count == 0) return top;
        while (true)
        {
            int child = at * 2;
            if (child > Count) break;
            if (child < Count && Before(_heap[child + 1], _heap[child])) child++;
            if (!Before(_heap[child], last)) break;
            _heap[at] = _heap[child];
            _place[_heap[at]] = (ushort)at;
            at = child;
        }
        _heap[at] = (ushort)last;
        _place[last] = (ushort)at;
        return top;
    }

    /// <summary>Writes the heap into a keyframe.</summary>
    public void Freeze(in StateWriter writer)
    {
        writer.Write(Count);
        writer.WriteSpan(_place);
        writer.WriteSpan(_heap);
        writer.WriteSpan(_key);
    }

    /// <summary>Reads the heap back.</summary>
    /// <exception cref="InvalidDataException">The state is short, or no heap can be in it.</exception>
    public void Thaw(ref StateReader reader)
    {
        Count = reader.ReadInt32(0, _place.Length);
        reader.ReadSpan(_place);
        reader.ReadSpan(_heap);
        reader.ReadSpan(_key);
        // Heap and places must mirror each other: then no later push can run over the end.
        int placed = 0;
        foreach (ushort place in _place) placed += place == 0 ? 0 : 1;
        bool sound = placed == Count;
        for (int i = 1; i <= Count && sound; i++) sound = _heap[i] < _place.Length && _place[_heap[i]] == i;
        reader.Require(sound, "an open set");
    }

    private bool Before(int a, int b) => _key[a] < _key[b] || (_key[a] == _key[b] && a < b);
}
