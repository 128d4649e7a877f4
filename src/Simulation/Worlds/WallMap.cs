namespace EdgeAutonomy.Simulation;

/// <summary>The standing walls with a uniform grid over them, for rays and for nearest walls.</summary>
/// <remarks>Immutable after construction except for the ray stamps, so one thread. Allocation-free queries.</remarks>
internal sealed class WallMap
{
    private const double Cell = 0.5;
    private readonly WallSegment[] _walls;
    private readonly int[] _start, _items, _stamp;
    private readonly int _columns, _rows;
    private int _ray;

    public WallMap(WallSegment[] walls)
    {
        _walls = walls;
        _stamp = new int[walls.Length];
        (MinX, MinY, MaxX, MaxY) = walls.Length == 0 ? (0, 0, 0, 0) : (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var w in walls)
        {
            MinX = Math.Min(MinX, Math.Min(w.Ax, w.Bx));
            MinY = Math.Min(MinY, Math.Min(w.Ay, w.By));
            MaxX = Math.Max(MaxX, Math.Max(w.Ax, w.Bx));
            MaxY = Math.Max(MaxY, Math.Max(w.Ay, w.By));
        }
        _columns = (int)((MaxX - MinX) / Cell) + 1;
        _rows = (int)((MaxY - MinY) / Cell) + 1;
        _start = new int[_columns * _rows + 1];
        var lists = new List<int>[_columns * _rows];
        for (int i = 0; i < walls.Length; i++) Insert(lists, i);
        for (int c = 0; c < lists.Length; c++) _start[c + 1] = _start[c] + (lists[c]?.Count ?? 0);
        _items = new int[_start[^1]];
        for (int c = 0; c < lists.Length; c++) lists[c]?.CopyTo(_items, _start[c]);
    }

    public double MinX { get; }

    public double MinY { get; }

    public double MaxX { get; }

    public double MaxY { get; }

    public ReadOnlySpan<WallSegment> Walls => _walls;

    /// <summary>Returns the distance to the first wall along a ray, or <paramref name="limit"/>, and which wall (−1 = none).</summary>
    public double Cast(double x, double y, double dx, double dy, double limit, out int wall)
    {
        wall = -1;
        double best = limit, enter = 0;
        if (!Clip(x, dx, MinX, MaxX, ref enter, ref limit) || !Clip(y, dy, MinY, MaxY, ref enter, ref limit)) return best;
        _ray++;
        int cx = Column(x + enter * dx), cy = Row(y + enter * dy), sx = dx < 0 ? -1 : 1, sy = dy < 0 ? -1 : 1;
        double tx = dx == 0 ? double.PositiveInfinity : (MinX + (cx + (sx > 0 ? 1 : 0)) * Cell - x) / dx;
        double ty = dy == 0 ? double.PositiveInfinity : (MinY + (cy + (sy > 0 ? 1 : 0)) * Cell - y) / dy;
        double stepX = dx == 0 ? 0 : Cell / Math.Abs(dx), stepY = dy == 0 ? 0 : Cell / Math.Abs(dy);
        while (true)
        {
            int c = cy * _columns + cx;
            for (int k = _start[c]; k < _start[c + 1]; k++)
            {
                int i = _items[k];
                if (_stamp[i] == _ray) continue;
                _stamp[i] = _ray;
                double t = Meet(_walls[i], x, y, dx, dy);
                if (t >= best) continue;
                (best, wall) = (t, i);
            }
            if (Math.Min(tx, ty) > Math.Min(best, limit)) return best;
            if (tx < ty)
            {
                cx += sx;
                tx += stepX;
                if ((uint)cx >= (uint)_columns) return best;
            }
            else
            {
                cy += sy;
                ty += stepY;
                if ((uint)cy >= (uint)_rows) return best;
            }
        }
    }

    /// <summary>Returns the distance along a ray (unit direction) to a wall, or +∞. Equation: the deployment notes, 9.1.</summary>
    public static double Meet(in WallSegment wall, double x, double y, double dx, double dy)
    {
        double ex = wall.Ex, ey = wall.Ey, den = dx * ey - dy * ex;
        if (den == 0) return double.PositiveInfinity;
        double ax = wall.Ax - x, ay = wall.Ay - y, t = (ax * ey - ay * ex) / den, s = (ax * dy - ay * dx) / den;
        return t >= 0 && s >= 0 && s <= 1 ? t : double.PositiveInfinity;
    }

    /// <summary>Writes the indices of the walls within <paramref name="reach"/> of a point and returns how many; at most as many as fit.</summary>
    public int Near(double x, double y, double reach, Span<int> found)
    {
        int count = 0;
        _ray++;
        for (int cy = Row(y - reach); cy <= Row(y + reach); cy++)
        {
            for (int cx = Column(x - reach); cx <= Column(x + reach); cx++)
            {
                int c = cy * _columns + cx;
                for (int k = _start[c]; k < _start[c + 1] && count < found.Length; k++)
                {
                    int i = _items[k];
                    if (_stamp[i] == _ray) continue;
                    _stamp[i] = _ray;
                    var (px, py) = _walls[i].Nearest(x, y);
                    if ((px - x) * (px - x) + (py - y) * (py - y) <= reach * reach) found[count++] = i;
                }
            }
        }
        return count;
    }

    /// <summary>Returns the distance from a point to the nearest wall, or +∞.</summary>
    public double Clearance(double x, double y)
    {
        double best = double.PositiveInfinity;
        foreach (ref readonly var wall in _walls.AsSpan())
        {
            var (px, py) = wall.Nearest(x, y);
            best = Math.Min(best, (px - x) * (px - x) + (py - y) * (py - y));
        }
        return Math.Sqrt(best);
    }

    private static bool Clip(double o, double d, double low, double high, ref double enter, ref double limit)
    {
        if (d == 0) return o >= low && o <= high;
        double t0 = (low - o) / d, t1 = (high - o) / d;
        if (t0 > t1) (t0, t1) = (t1, t0);
        // A hair of slack: walls lie on the border of the box itself.
        enter = Math.Max(enter, t0 - 1e-9);
        limit = Math.Min(limit, t1 + 1e-9);
        return enter <= limit;
    }

    private int Column(double x) => Math.Clamp((int)((x - MinX) / Cell), 0, _columns - 1);

    private int Row(double y) => Math.Clamp((int)((y - MinY) / Cell), 0, _rows - 1);

    // Into every cell of the bounding box whose (slightly grown) square the wall touches.
    private void Insert(List<int>[] lists, int index)
    {
        ref readonly var w = ref _walls[index];
        const double Slack = 1e-6;
        for (int cy = Row(Math.Min(w.Ay, w.By) - Slack); cy <= Row(Math.Max(w.Ay, w.By) + Slack); cy++)
        {
            for (int cx = Column(Math.Min(w.Ax, w.Bx) - Slack); cx <= Column(Math.Max(w.Ax, w.Bx) + Slack); cx++)
            {
                double x = MinX + (cx + 0.5) * Cell, y = MinY + (cy + 0.5) * Cell, half = 0.5 * Cell + Slack;
                double distance = Math.Abs((x - w.Ax) * w.Ey - (y - w.Ay) * w.Ex);
                if (distance <= half * (Math.Abs(w.Ex) + Math.Abs(w.Ey))) (lists[cy * _columns + cx] ??= []).Add(index);
            }
        }
    }
}
