namespace EdgeAutonomy.Agents;

/// <summary>Counts how many of the last so many things were so.</summary>
internal sealed class ShareWindow(int size)
{
    private readonly bool[] _ring = new bool[size];
    private int _next, _filled;

    public int Count { get; private set; }

    public bool IsFull => _filled == size;

    public double Share => _filled == 0 ? 0 : (double)Count / _filled;

    public void Add(bool isSo)
    {
        if (IsFull && _ring[_next]) Count--;
        if (isSo) Count++;
        _ring[_next] = isSo;
        _next = (_next + 1) % size;
        _filled = Math.Min(_filled + 1, size);
    }

    public void Clear()
    {
        Array.Clear(_ring);
        (_next, _filled, Count) = (0, 0, 0);
    }
}
