namespace EdgeAutonomy.Learning;

/// <summary>Percentile intervals of 95 % for differences between two arms that were run on the same episodes.</summary>
/// <remarks>
/// Two levels: training seeds are drawn with replacement first, then episodes; an arm that was not learned has one row. What is resampled is the pair, so that what makes an episode hard for both arms does not widen the
/// interval. A pure function of values and seed.
/// </remarks>
public static class PairedBootstrap
{
    /// <summary>How many resamples reports use.</summary>
    public const int Resamples = 10_000;

    /// <summary>Returns the mean difference a − b.</summary>
    /// <param name="a">The first arm's values, [training seed, episode].</param>
    /// <param name="b">The second arm's; one row, or as many as the first.</param>
    /// <param name="seed">The seed of the resampling.</param>
    /// <param name="resamples">How many, at least 40.</param>
    /// <exception cref="ArgumentException">The tables do not fit.</exception>
    public static Interval MeanDifference(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b, ulong seed = 1, int resamples = Resamples)
    {
        double[][] d = Differences(a, b);
        var draw = new Draw(d.Length, d[0].Length, seed);
        double n = (double)d.Length * d[0].Length;
        return Run(draw, resamples, d[0].Length, () =>
        {
            double sum = 0;
            for (int s = 0; s < d.Length; s++)
            {
                if (draw.Seeds[s] == 0) continue;
                double row = 0;
                for (int e = 0; e < d[s].Length; e++) row += draw.Episodes[e] * d[s][e];
                sum += draw.Seeds[s] * row;
            }
            return sum / n;
        });
    }

    /// <summary>Returns the median difference a − b.</summary>
    /// <inheritdoc cref="MeanDifference"/>
    public static Interval MedianDifference(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b, ulong seed = 1, int resamples = Resamples)
    {
        double[][] d = Differences(a, b);
        var draw = new Draw(d.Length, d[0].Length, seed);
        // Sorted once; a resample only weighs the values anew.
        (double Value, int Seed, int Episode)[] sorted = [.. d.SelectMany((row, s) => row.Select((v, e) => (v, s, e))).OrderBy(x => x.v)];
        long half = (long)d.Length * d[0].Length;
        return Run(draw, resamples, d[0].Length, () =>
        {
            long below = 0;
            double lower = double.NaN;
            foreach ((double value, int s, int e) in sorted)
            {
                long weight = (long)draw.Seeds[s] * draw.Episodes[e];
                if (weight == 0) continue;
                if (!double.IsNaN(lower)) return 0.5 * (lower + value);
                below += weight;
                if (2 * below > half) return value;
                if (2 * below == half) lower = value;
            }
            return lower;
        });
    }

    /// <summary>Runs a statistic on the sample as it is and on resamples of it.</summary>
    internal static Interval Run(Draw draw, int resamples, long n, Func<double> statistic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 40);
        draw.All();
        double value = statistic();
        var values = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            draw.Next();
            values[i] = statistic();
        }
        Array.Sort(values);
        // The 2.5 % and 97.5 % order statistics.
        int cut = (int)(0.025 * resamples);
        return new Interval(value, values[cut], values[resamples - 1 - cut], n);
    }

    private static double[][] Differences(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b)
    {
        if (a.Count == 0 || b.Count == 0 || (b.Count != 1 && a.Count != 1 && b.Count != a.Count)) throw new ArgumentException($"Tables of {a.Count} and {b.Count} training seeds cannot be paired; one must have a single row, or both as many.", nameof(b));
        int episodes = a[0].Length;
        if (episodes == 0 || a.Concat(b).Any(r => r.Length != episodes)) throw new ArgumentException("Rows of a paired table must have the same episodes, at least one.", nameof(b));
        return [.. Enumerable.Range(0, Math.Max(a.Count, b.Count)).Select(s => a[Math.Min(s, a.Count - 1)].Zip(b[Math.Min(s, b.Count - 1)], (x, y) => x - y).ToArray())];
    }

    /// <summary>How often each training seed and each episode is in a resample.</summary>
    internal sealed class Draw(int seeds, int episodes, ulong seed)
    {
        private readonly RandomStream _random = RandomStream.For(seed, "paired-bootstrap");

        public int[] Seeds { get; } = new int[seeds];

        public int[] Episodes { get; } = new int[episodes];

        public void All()
        {
            Array.Fill(Seeds, 1);
            Array.Fill(Episodes, 1);
        }

        public void Next()
        {
            Fill(Seeds);
            Fill(Episodes);
        }

        private void Fill(int[] counts)
        {
            Array.Clear(counts);
            for (int i = 0; i < counts.Length; i++) counts[_random.NextInt32(counts.Length)]++;
        }
    }
}
