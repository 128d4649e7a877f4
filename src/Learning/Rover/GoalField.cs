using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Learning;

/// <summary>The way to the goal from everywhere, round all that stands: the potential whose decrease is progress.</summary>
/// <remarks>
/// A potential of the place alone. Progress towards whatever point the robot happens to head for is none: a policy that was paid for it learned to circle, gaining on each new point and losing nothing.
/// Dijkstra's algorithm on cells of 0.1 m with eight neighbours, read between the middles of cells. What moves does not count.
/// </remarks>
internal sealed class GoalField
{
    private const double Cell = 0.1, Body = 0.2;
    private readonly int _columns, _rows;
    private readonly double[] _way;

    public GoalField(Scenario scenario, double goalX, double goalY)
    {
        double width = scenario.Walls.Max(w => Math.Max(w.X1, w.X2)), height = scenario.Walls.Max(w => Math.Max(w.Y1, w.Y2));
        (_columns, _rows) = ((int)Math.Ceiling(width / Cell), (int)Math.Ceiling(height / Cell));
        _way = new double[_columns * _rows];
        Array.Fill(_way, double.PositiveInfinity);
        bool[] blocked = Blocked(scenario);
        var queue = new PriorityQueue<int, double>();
        int start = IndexAt(goalX, goalY);
        // The goal's own cell may be too near to a wall for the body; the way there still ends in it.
        _way[start] = 0;
        queue.Enqueue(start, 0);
        while (queue.TryDequeue(out int cell, out double way))
        {
            if (way > _way[cell]) continue;
            int column = cell % _columns, row = cell / _columns;
            for (int dy = -1; dy <= 1; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    int x = column + dx, y = row + dy;
                    if (x < 0 || y < 0 || x >= _columns || y >= _rows) continue;
                    int next = y * _columns + x;
                    // What is blocked can be left, so that a robot pressed against a wall still knows where out is.
                    double longer = way + Cell * (dx != 0 && dy != 0 ? Math.Sqrt(2) : 1) * (blocked[next] ? 4 : 1);
                    if (longer >= _way[next] || blocked[cell] && !blocked[next]) continue;
                    _way[next] = longer;
                    queue.Enqueue(next, longer);
                }
            }
        }
    }

    /// <summary>Returns the length of the way from a place, in metres.</summary>
    public double At(double x, double y)
    {
        double u = x / Cell - 0.5, v = y / Cell - 0.5, sum = 0, weight = 0;
        int column = (int)Math.Floor(u), row = (int)Math.Floor(v);
        for (int k = 0; k < 4; k++)
        {
            int cx = column + (k & 1), cy = row + (k >> 1);
            if (cx < 0 || cy < 0 || cx >= _columns || cy >= _rows) continue;
            double part = Math.Max(0, 1 - Math.Abs(u - cx)) * Math.Max(0, 1 - Math.Abs(v - cy)), way = _way[cy * _columns + cx];
            if (part <= 0 || double.IsInfinity(way)) continue;
            sum += part * way;
            weight += part;
        }
        return weight > 0 ? sum / weight : 0;
    }

    private int IndexAt(double x, double y) => Math.Clamp((int)(y / Cell), 0, _rows - 1) * _columns + Math.Clamp((int)(x / Cell), 0, _columns - 1);

    private bool[] Blocked(Scenario scenario)
    {
        bool[] blocked = new bool[_way.Length];
        foreach (var w in scenario.Walls) Block(blocked, w.X1, w.Y1, w.X2, w.Y2, Body);
        foreach (var o in scenario.Obstacles)
        {
            if (o.Motion != MotionKind.Still) continue;
            double c = 0.5 * Math.Max(0, o.Length - o.Width), dx = c * DeterministicMath.Cos(o.Heading), dy = c * DeterministicMath.Sin(o.Heading);
            // A box is taken for a stadium of its width; what is missing at its corners is less than a cell.
            Block(blocked, o.X - dx, o.Y - dy, o.X + dx, o.Y + dy, Body + (o.IsRound ? o.Radius : 0.5 * o.Width));
        }
        return blocked;
    }

    private void Block(bool[] blocked, double x1, double y1, double x2, double y2, double reach)
    {
        int left = Math.Max(0, (int)((Math.Min(x1, x2) - reach) / Cell)), right = Math.Min(_columns - 1, (int)((Math.Max(x1, x2) + reach) / Cell));
        int bottom = Math.Max(0, (int)((Math.Min(y1, y2) - reach) / Cell)), top = Math.Min(_rows - 1, (int)((Math.Max(y1, y2) + reach) / Cell));
        double dx = x2 - x1, dy = y2 - y1, length2 = dx * dx + dy * dy;
        for (int row = bottom; row <= top; row++)
        {
            for (int column = left; column <= right; column++)
            {
                double px = (column + 0.5) * Cell - x1, py = (row + 0.5) * Cell - y1, t = length2 > 0 ? Math.Clamp((px * dx + py * dy) / length2, 0, 1) : 0;
                double ex = px - t * dx, ey = py - t * dy;
                if (ex * ex + ey * ey < reach * reach) blocked[row * _columns + column] = true;
            }
        }
    }
}
