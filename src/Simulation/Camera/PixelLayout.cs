namespace EdgeAutonomy.Simulation;

/// <summary>Where pixels lie in a frame's memory.</summary>
internal readonly struct PixelLayout
{
    private readonly ulong _perLine; // 2^40 / length of a line, rounded up: exact quotients for the at most 2^24 pixels, without a division
    private readonly int _line;
    private readonly bool _rows;

    public PixelLayout(int width, int height, PixelOrder order)
    {
        (Count, _rows, _line) = (width * height, order == PixelOrder.Rows, order == PixelOrder.Rows ? width : height);
        _perLine = ((1UL << 40) + (ulong)_line - 1) / (ulong)_line;
    }

    public int Count { get; }

    /// <summary>Gets the distance in memory from one line to the next.</summary>
    public int Stride => _line;

    public (int X, int Y) Place(int i)
    {
        int line = (int)(((ulong)i * _perLine) >> 40), along = i - line * _line;
        return _rows ? (along, line) : (line, along);
    }

    /// <summary>Gets the lines of a region: index of the first pixel, how many lines, and how long they are.</summary>
    public (int Start, int Lines, int Length) LinesOf(Runtime.PixelRegion r)
    {
        if (r.IsAll) return (0, 1, Count);
        return _rows ? (r.Y * _line + r.X, r.Height, r.Width) : (r.X * _line + r.Y, r.Width, r.Height);
    }
}
