namespace EdgeAutonomy.Learning;

/// <summary>The least mean cost at which a random mixture of some arms keeps a mean error.</summary>
/// <remarks>
/// Drawing one of two arms at random per episode realises every point of the segment between their means, so a policy is only new where it lies below the lower convex hull. Medians do not mix so: they may only be compared
/// with real points.
/// </remarks>
public static class LowerHull
{
    /// <summary>Returns the least cost of a mixture whose error is at most a bound; infinite where even the most accurate arm is above it.</summary>
    /// <param name="points">Cost and error of each arm.</param>
    /// <param name="error">The bound.</param>
    public static double LeastCost(ReadOnlySpan<(double Cost, double Error)> points, double error)
    {
        Span<(double Cost, double Error)> hull = points.Length <= 256 ? stackalloc (double, double)[points.Length] : new (double, double)[points.Length];
        points.CopyTo(hull);
        hull.Sort(static (x, y) => x.Cost != y.Cost ? x.Cost.CompareTo(y.Cost) : x.Error.CompareTo(y.Error));
        // Andrew's monotone chain, kept only as long as the error falls.
        int count = 0;
        for (int i = 0; i < hull.Length; i++)
        {
            if (count > 0 && hull[i].Error >= hull[count - 1].Error) continue;
            while (count >= 2 && Turns(hull[count - 2], hull[count - 1], hull[i]) <= 0) count--;
            hull[count++] = hull[i];
        }
        if (count == 0 || hull[count - 1].Error > error) return double.PositiveInfinity;
        if (hull[0].Error <= error) return hull[0].Cost;
        int after = 1;
        while (hull[after].Error > error) after++;
        var (from, to) = (hull[after - 1], hull[after]);
        return from.Cost + ((from.Error - error) / (from.Error - to.Error) * (to.Cost - from.Cost));
    }

    // Above 0 where b lies below the segment from a to c.
    private static double Turns((double Cost, double Error) a, (double Cost, double Error) b, (double Cost, double Error) c) =>
        ((b.Cost - a.Cost) * (c.Error - a.Error)) - ((b.Error - a.Error) * (c.Cost - a.Cost));
}
