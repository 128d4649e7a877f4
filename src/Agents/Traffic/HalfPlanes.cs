namespace EdgeAutonomy.Agents;

/// <summary>The velocities that half-planes and a greatest speed leave, and the one among them nearest to a wanted velocity: a linear programme in two dimensions, solved line by line (de Berg et al., Computational
/// Geometry, ch. 4; the disc and the relaxed third stage as in van den Berg et al. 2011).</summary>
/// <remarks>A velocity q is allowed by a line iff det(direction, point − q) ≤ 0: it lies to the left. Hard lines come first. Buffers grow and stay.</remarks>
internal sealed class HalfPlanes
{
    // Directions are unit vectors: below this sine two lines count as parallel.
    private const double Parallel = 1e-5;

    private Line[] _lines = new Line[64], _projected = new Line[64];
    private int _count, _hard;

    /// <summary>Gets whether the last solution is rest because hard lines left nothing.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Removes all lines.</summary>
    public void Clear() => (_count, _hard) = (0, 0);

    /// <summary>Adds a line.</summary>
    public void Add(Vector2D point, Vector2D direction)
    {
        if (_count == _lines.Length)
        {
            Array.Resize(ref _lines, 2 * _count);
            Array.Resize(ref _projected, 2 * _count);
        }
        _lines[_count++] = new Line(point, direction);
    }

    /// <summary>Ends the hard lines: what follows may be broken if need be.</summary>
    public void EndHard() => _hard = _count;

    /// <summary>Returns whether no line forbids a velocity.</summary>
    public bool Allows(Vector2D velocity)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_lines[i].Excess(velocity) > 0) return false;
        }
        return true;
    }

    /// <summary>Returns whether another robot's line forbids a velocity.</summary>
    public bool IsBent(Vector2D velocity) => WorstViolation(velocity) > 0;

    /// <summary>Returns by how much the worst line that may be broken is.</summary>
    public double WorstViolation(Vector2D velocity)
    {
        double worst = 0;
        for (int i = _hard; i < _count; i++) worst = Math.Max(worst, _lines[i].Excess(velocity));
        return worst;
    }

    /// <summary>Returns the best velocity.</summary>
    /// <param name="wanted">The wanted velocity.</param>
    /// <param name="speed">The greatest speed.</param>
    /// <param name="feasible">Whether it keeps to all lines.</param>
    public Vector2D Solve(Vector2D wanted, double speed, out bool feasible)
    {
        IsBlocked = false;
        int failed = Nearest(_lines.AsSpan(0, _count), wanted, speed, alongOnly: false, out Vector2D best);
        feasible = failed == _count;
        if (feasible) return best;
        if (failed < _hard)
        {
            // Rest keeps to every hard line, so only rounding leads here.
            IsBlocked = true;
            return Vector2D.Zero;
        }
        return LeastViolation(failed, speed, best);
    }

    private Vector2D LeastViolation(int from, double speed, Vector2D best)
    {
        double worst = 0;
        for (int i = from; i < _count; i++)
        {
            Line line = _lines[i];
            if (line.Excess(best) <= worst) continue;
            Array.Copy(_lines, _projected, _hard);
            int count = _hard;
            for (int j = _hard; j < i; j++)
            {
                // The border where lines i and j are broken equally.
                Line other = _lines[j];
                double sine = Vector2D.Det(line.Direction, other.Direction);
                Vector2D point;
                if (Math.Abs(sine) <= Parallel)
                {
                    if (Vector2D.Dot(line.Direction, other.Direction) > 0) continue;
                    point = 0.5 * (line.Point + other.Point);
                }
                else
                {
                    point = line.Point + line.Direction * (Vector2D.Det(other.Direction, line.Point - other.Point) / sine);
                }
                Vector2D along = other.Direction - line.Direction;
                _projected[count++] = new Line(point, along / along.Length);
            }
            var inward = new Vector2D(-line.Direction.Y, line.Direction.X);
            if (Nearest(_projected.AsSpan(0, count), inward, speed, alongOnly: true, out Vector2D better) == count) best = better;
            // Where that fails it is by rounding: the last good velocity lies on the border already.
            worst = line.Excess(best);
        }
        return best;
    }

    /// <summary>Takes one line after the other; returns the first that leaves nothing, or the count.</summary>
    private static int Nearest(ReadOnlySpan<Line> lines, Vector2D wanted, double speed, bool alongOnly, out Vector2D best)
    {
        double length = wanted.Length;
        best = alongOnly ? wanted * speed : length > speed ? wanted * (speed / length) : wanted;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Excess(best) <= 0) continue;
            if (!OnLine(lines, i, wanted, speed, alongOnly, out Vector2D on)) return i;
            best = on;
        }
        return lines.Length;
    }

    private static bool OnLine(ReadOnlySpan<Line> lines, int index, Vector2D wanted, double speed, bool alongOnly, out Vector2D best)
    {
        Line line = lines[index];
        best = default;
        double dot = Vector2D.Dot(line.Point, line.Direction), disc = dot * dot + speed * speed - line.Point.LengthSquared;
        if (disc < 0) return false;
        double root = Math.Sqrt(disc), low = -dot - root, high = -dot + root;
        for (int i = 0; i < index; i++)
        {
            double sine = Vector2D.Det(line.Direction, lines[i].Direction), offset = Vector2D.Det(lines[i].Direction, line.Point - lines[i].Point);
            if (Math.Abs(sine) <= Parallel)
            {
                if (offset < 0) return false;
                continue;
            }
            double t = offset / sine;
            if (sine >= 0) high = Math.Min(high, t);
            else low = Math.Max(low, t);
            if (low > high) return false;
        }
        double at = alongOnly ? (Vector2D.Dot(wanted, line.Direction) > 0 ? high : low) : Math.Clamp(Vector2D.Dot(line.Direction, wanted - line.Point), low, high);
        best = line.Point + line.Direction * at;
        return true;
    }

    private readonly record struct Line(Vector2D Point, Vector2D Direction)
    {
        public double Excess(Vector2D velocity) => Vector2D.Det(Direction, Point - velocity);
    }
}
