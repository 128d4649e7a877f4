namespace EdgeAutonomy.Learning;

/// <summary>How well contributions agree with a truth that the learner never saw (notes H.3).</summary>
public static class AttributionQuality
{
    /// <summary>Returns Spearman's rank correlation, ties by mean ranks; NaN where one side does not vary or there are fewer than two values.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other, as long.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double RankCorrelation(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"A rank correlation of {a.Length} and {b.Length} values; must be as many.", nameof(b));
        return Correlation(Ranks(a), Ranks(b));
    }

    /// <summary>Returns the share of the positive contributions that lies on marked steps; NaN where none is positive.</summary>
    /// <param name="contribution">c_t.</param>
    /// <param name="marked">Which steps count.</param>
    public static double PositiveMass(ReadOnlySpan<float> contribution, ReadOnlySpan<bool> marked)
    {
        if (contribution.Length != marked.Length) throw new ArgumentException($"Positive mass of {contribution.Length} contributions with {marked.Length} marks; must be as many.", nameof(marked));
        double on = 0, all = 0;
        for (int t = 0; t < contribution.Length; t++)
        {
            double c = Math.Max(0, contribution[t]);
            all += c;
            on += marked[t] ? c : 0;
        }
        return on / all;
    }

    /// <summary>Fits R = intercept + slope·Σc by least squares.</summary>
    /// <param name="sums">Σ c of each episode, at least one.</param>
    /// <param name="returns">R of each.</param>
    /// <returns>Slope (NaN where all sums are equal), intercept, and the mean of (Σc − R)².</returns>
    public static (double Slope, double Intercept, double Error) Calibration(ReadOnlySpan<double> sums, ReadOnlySpan<double> returns)
    {
        int n = sums.Length;
        if (n == 0 || returns.Length != n) throw new ArgumentException($"Calibration of {n} sums with {returns.Length} returns; must be as many, at least one.", nameof(returns));
        double x = 0, y = 0, xx = 0, xy = 0, error = 0;
        bool varies = sums.ContainsAnyExcept(sums[0]);
        for (int i = 0; i < n; i++)
        {
            x += sums[i] / n;
            y += returns[i] / n;
            error += (sums[i] - returns[i]) * (sums[i] - returns[i]) / n;
        }
        for (int i = 0; i < n; i++)
        {
            xx += (sums[i] - x) * (sums[i] - x);
            xy += (sums[i] - x) * (returns[i] - y);
        }
        double slope = varies ? xy / xx : double.NaN;
        return (slope, y - slope * x, error);
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        int n = values.Length;
        var keys = values.ToArray();
        var order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        Array.Sort(keys, order);
        var ranks = new double[n];
        for (int from = 0, to; from < n; from = to)
        {
            for (to = from + 1; to < n && keys[to] == keys[from];) to++;
            for (int i = from; i < to; i++) ranks[order[i]] = 0.5 * (from + to - 1);
        }
        return ranks;
    }

    // The mean of ranks 0 … n − 1 is known: computed as a sum it would be off by a rounding, and values that are all equal would seem to vary.
    private static double Correlation(double[] a, double[] b)
    {
        double mean = 0.5 * (a.Length - 1), aa = 0, bb = 0, ab = 0;
        for (int i = 0; i < a.Length; i++)
        {
            aa += (a[i] - mean) * (a[i] - mean);
            bb += (b[i] - mean) * (b[i] - mean);
            ab += (a[i] - mean) * (b[i] - mean);
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : double.NaN;
    }
}
