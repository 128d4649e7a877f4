namespace EdgeAutonomy.Learning;

/// <summary>Tests for differences between two arms that were run on the same missions (notes H.3).</summary>
public static class PairedTests
{
    /// <summary>Returns the exact two-sided p-value of McNemar's test: how likely so uneven a split of the missions on which the two differ is if both are as good.</summary>
    /// <param name="onlyFirst">Missions that only the first arm solved.</param>
    /// <param name="onlySecond">Missions that only the second arm solved.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static double McNemar(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int n = onlyFirst + onlySecond, less = Math.Min(onlyFirst, onlySecond);
        // ln of n-choose-k by recurrence: 2^−n itself is below the smallest double from n = 1075 on.
        double log = -n * DeterministicMath.Log(2), tail = 0;
        for (int k = 0; k <= less; k++)
        {
            if (k > 0) log += DeterministicMath.Log(n - k + 1) - DeterministicMath.Log(k);
            tail += DeterministicMath.Exp(log);
        }
        return Math.Min(1, 2 * tail);
    }

    /// <summary>Returns p-values corrected for being several, by Holm's step-down method (Holm 1979), in the order given.</summary>
    /// <param name="p">The p-values.</param>
    public static double[] Holm(ReadOnlySpan<double> p)
    {
        var sorted = p.ToArray();
        var order = new int[p.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(sorted, order);
        var corrected = new double[p.Length];
        double most = 0;
        for (int i = 0; i < order.Length; i++) corrected[order[i]] = most = Math.Max(most, Math.Min(1, (order.Length - i) * sorted[i]));
        return corrected;
    }

    /// <summary>Returns the two-sided p-value of a mean difference by a bootstrap over training seeds and missions: twice the share of resamples on the other side of zero.</summary>
    /// <param name="a">The first arm's values, [training seed, mission].</param>
    /// <param name="b">The second arm's, of the same shape.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <param name="resamples">How many, at least 40.</param>
    /// <exception cref="ArgumentException">The tables do not fit.</exception>
    public static double Bootstrap(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b, ulong seed = 1, int resamples = PairedBootstrap.Resamples)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Count == 0 || a.Count != b.Count || a.Concat(b).Any(r => r.Length != a[0].Length || r.Length == 0)) throw new ArgumentException($"Tables of {a.Count} and {b.Count} rows cannot be paired; must have the same seeds and missions, at least one of each.", nameof(b));
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        var draw = new PairedBootstrap.Draw(a.Count, a[0].Length, seed);
        int above = 0, below = 0;
        for (int i = 0; i < resamples; i++)
        {
            draw.Next();
            double sum = 0;
            for (int s = 0; s < a.Count; s++)
            {
                if (draw.Seeds[s] == 0) continue;
                double row = 0;
                for (int e = 0; e < a[s].Length; e++) row += draw.Episodes[e] * (a[s][e] - b[s][e]);
                sum += draw.Seeds[s] * row;
            }
            above += sum >= 0 ? 1 : 0;
            below += sum <= 0 ? 1 : 0;
        }
        return Math.Min(1, 2.0 * (Math.Min(above, below) + 1) / (resamples + 1));
    }
}
