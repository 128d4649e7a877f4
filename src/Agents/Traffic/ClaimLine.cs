namespace EdgeAutonomy.Agents;

/// <summary>How near the lines come that robots claim.</summary>
internal static class ClaimLine
{
    // Lines lie on grids: robots at exactly the least distance do not conflict.
    private const double Slack = 1e-9;

    /// <summary>Returns whether two lines come nearer than a distance; a line of one point is that point, one of none is nowhere.</summary>
    public static bool Near(ReadOnlySpan<Vector2D> a, ReadOnlySpan<Vector2D> b, double distance)
    {
        for (int i = 0; i < Math.Max(1, a.Length - 1) && a.Length > 0; i++)
        {
            if (Near(a[i], a[Math.Min(i + 1, a.Length - 1)], b, distance)) return true;
        }
        return false;
    }

    /// <summary>Returns whether a segment comes nearer to a line than a distance.</summary>
    public static bool Near(Vector2D from, Vector2D to, ReadOnlySpan<Vector2D> line, double distance)
    {
        for (int i = 0; i < Math.Max(1, line.Length - 1) && line.Length > 0; i++)
        {
            if (Near(from, to, line[i], line[Math.Min(i + 1, line.Length - 1)], distance)) return true;
        }
        return false;
    }

    /// <summary>Returns whether two segments come nearer than a distance.</summary>
    public static bool Near(Vector2D a0, Vector2D a1, Vector2D b0, Vector2D b1, double distance)
    {
        double limit = Math.Max(0, distance - Slack), squared = limit * limit;
        return Crosses(a0, a1, b0, b1)
            || Square(a0, b0, b1) < squared || Square(a1, b0, b1) < squared || Square(b0, a0, a1) < squared || Square(b1, a0, a1) < squared;
    }

    private static double Square(Vector2D point, Vector2D a, Vector2D b) => (point - Vector2D.Nearest(a, b, point)).LengthSquared;

    private static bool Crosses(Vector2D a0, Vector2D a1, Vector2D b0, Vector2D b1)
    {
        Vector2D a = a1 - a0, b = b1 - b0;
        return Vector2D.Det(a, b0 - a0) * Vector2D.Det(a, b1 - a0) < 0 && Vector2D.Det(b, a0 - b0) * Vector2D.Det(b, a1 - b0) < 0;
    }
}
