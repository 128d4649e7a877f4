namespace EdgeAutonomy.Agents;

/// <summary>The mean of the last so many numbers, summed in the order of their slots, so that it is the same everywhere.</summary>
internal sealed class MeanWindow(int size)
{
    private readonly double[] _ring = new double[size];
    private int _next, _filled;

    public bool IsFull => _filled == size;

    public ReadOnlySpan<double> Values => _ring.AsSpan(0, _filled);

    public double Mean
    {
        get
        {
            double sum = 0;
            foreach (double value in Values) sum += value;
            return _filled == 0 ? 0 : sum / _filled;
        }
    }

    public void Add(double value)
    {
        _ring[_next] = value;
        _next = (_next + 1) % size;
        _filled = Math.Min(_filled + 1, size);
    }

    public void Clear() => (_next, _filled) = (0, 0);
}
