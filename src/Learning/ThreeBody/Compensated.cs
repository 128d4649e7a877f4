namespace EdgeAutonomy.Learning;

/// <summary>Sums that remember what rounding took away (Kahan, CACM 8, 1965).</summary>
internal static class Compensated
{
    /// <summary>Returns sum + part + lost, rounded, and leaves in <paramref name="lost"/> what the rounding took.</summary>
    public static double Add(double sum, double part, ref double lost)
    {
        double owed = part + lost;
        double to = sum + owed;
        lost = owed - (to - sum);
        return to;
    }

    /// <summary>The same for a lane of one system.</summary>
    public static OrbitScalar Add(OrbitScalar sum, OrbitScalar part, ref OrbitScalar lost)
    {
        double rest = lost.Value;
        double to = Add(sum.Value, part.Value, ref rest);
        lost = new OrbitScalar(rest);
        return new OrbitScalar(to);
    }
}
