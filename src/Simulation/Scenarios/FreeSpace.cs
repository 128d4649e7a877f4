namespace EdgeAutonomy.Simulation;

/// <summary>A grid of 10 cm over a scenario's standing geometry: where a robot fits, and what it can reach.</summary>
internal sealed class FreeSpace
{
    private const double Cell = 0.1;
    private readonly double[] _clearance;
    private readonly double _minX, _minY;
    private readonly int _columns, _rows;

    /// <summary>Makes the grid from walls and obstacles that stand still.</summary>
    public FreeSpace(double minX, double minY, double maxX, double maxY, IReadOnlyList<WallSpec> walls, IReadOnlyList<ObstacleSpec> obstacles)
    {
        (_minX, _minY) = (minX, minY);
        _columns = (int)Math.Ceiling((maxX - minX) / Cell);
        _rows = (int)Math.Ceiling((maxY - minY) / Cell);
        _clearance = new double[_columns * _rows];
        var still = new Scenario { Name = "", Walls = walls, Obstacles = [.. obstacles.Where(o => o.Motion == MotionKind.Still)] };
        var bodies = WorldBuilder.Bodies(still, new TextureSet(0));
        for (int c = 0; c < _clearance.Length; c++)
        {
            var (x, y) = Middle(c);
            double best = double.PositiveInfinity;
            foreach (var w in walls)
            {
                var (px, py) = new WallSegment(w.X1, w.Y1, w.X2, w.Y2, 0, 0, null!).Nearest(x, y);
                best = Math.Min(best, Math.Sqrt((px - x) * (px - x) + (py - y) * (py - y)));
            }
            foreach (ref readonly var body in bodies.AsSpan()) best = Math.Min(best, body.Nearest(x, y, out _, out _));
            _clearance[c] = best;
        }
    }

    /// <summary>Returns the distance from a place to the nearest standing thing, within 7 cm; −1 outside the grid.</summary>
    public double Clearance(double x, double y)
    {
        int c = CellOf(x, y);
        return c < 0 ? -1 : _clearance[c];
    }

    /// <summary>Returns the least clearance along a straight line.</summary>
    public double Clearance(double x1, double y1, double x2, double y2)
    {
        double length = Math.Sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)), best = double.PositiveInfinity;
        int steps = (int)(length / (0.5 * Cell)) + 1;
        for (int i = 0; i <= steps; i++) best = Math.Min(best, Clearance(x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps));
        return best;
    }

    /// <summary>Returns which cells a body that needs <paramref name="clearance"/> can reach from a place.</summary>
    public bool[] Reach(double x, double y, double clearance)
    {
        var reached = new bool[_clearance.Length];
        int start = CellOf(x, y);
        if (start < 0 || _clearance[start] < clearance) return reached;
        var queue = new Queue<int>();
        reached[start] = true;
        queue.Enqueue(start);
        while (queue.TryDequeue(out int c))
        {
            int cx = c % _columns, cy = c / _columns;
            Visit(cx - 1, cy);
            Visit(cx + 1, cy);
            Visit(cx, cy - 1);
            Visit(cx, cy + 1);
        }
        return reached;

        void Visit(int cx, int cy)
        {
            if ((uint)cx >= (uint)_columns || (uint)cy >= (uint)_rows) return;
            int c = cy * _columns + cx;
            if (reached[c] || _clearance[c] < clearance) return;
            reached[c] = true;
            queue.Enqueue(c);
        }
    }

    /// <summary>Tells whether a place is among reached cells.</summary>
    public bool Holds(bool[] reached, double x, double y)
    {
        int c = CellOf(x, y);
        return c >= 0 && reached[c];
    }

    private (double X, double Y) Middle(int c) => (_minX + (c % _columns + 0.5) * Cell, _minY + (c / _columns + 0.5) * Cell);

    private int CellOf(double x, double y)
    {
        int cx = (int)Math.Floor((x - _minX) / Cell), cy = (int)Math.Floor((y - _minY) / Cell);
        return (uint)cx < (uint)_columns && (uint)cy < (uint)_rows ? cy * _columns + cx : -1;
    }
}
