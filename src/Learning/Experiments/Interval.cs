namespace EdgeAutonomy.Learning;

/// <summary>A value with the bounds of its 95 % confidence interval.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
/// <param name="N">How many observations it rests on.</param>
public readonly record struct Interval(double Value, double Low, double High, long N)
{
    // Two-sided 95 % quantiles of Student's t for 1 … 30 degrees of freedom.
    private static ReadOnlySpan<double> Student =>
    [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314,
        2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
    ];

    /// <summary>The mean of independent values, one per seed, with Student's interval.</summary>
    /// <param name="values">The values; of one value the bounds are NaN.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Interval OfMean(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("A mean needs at least one value.", nameof(values));
        double sum = 0, squares = 0;
        foreach (double v in values) sum += v;
        double mean = sum / values.Length;
        foreach (double v in values) squares += (v - mean) * (v - mean);
        if (values.Length == 1) return new Interval(mean, double.NaN, double.NaN, 1);
        int freedom = values.Length - 1;
        double t = freedom <= Student.Length ? Student[freedom - 1] : 1.96, half = t * Math.Sqrt(squares / freedom / values.Length);
        return new Interval(mean, mean - half, mean + half, values.Length);
    }

    /// <summary>A share of successes with Wilson's score interval (Wilson 1927), which stays inside [0, 1] and does not shrink to nothing at 0 or n hits.</summary>
    /// <param name="hits">Successes, 0 … n.</param>
    /// <param name="n">Trials, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The counts do not fit.</exception>
    public static Interval OfShare(long hits, long n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1L);
        if (hits < 0 || hits > n) throw new ArgumentOutOfRangeException(nameof(hits), $"hits is {hits}; must be in [0, {n}].");
        const double z = 1.959963984540054; // the normal distribution's 97.5 % quantile
        double p = (double)hits / n, middle = p + z * z / (2 * n), half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)), scale = 1 + z * z / n;
        return new Interval(p, hits == 0 ? 0 : (middle - half) / scale, hits == n ? 1 : (middle + half) / scale, n);
    }
}
