namespace EdgeAutonomy.Learning;

/// <summary>Classifiers without a network that show what the temporal-motif task does and does not give away.</summary>
internal static class MotifControls
{
    /// <summary>Returns the share of right answers of the nearest class mean over the spike counts of the channels: chance, if the task is sound.</summary>
    public static double Counts(ITrainingData train, ITrainingData test) => NearestMean(train, test, train.Size.Count, (_, c) => c);

    /// <summary>Returns the same over the population's spikes per step from the first spike on: chance, if the task is sound.</summary>
    public static double Rates(ITrainingData train, ITrainingData test) => NearestMean(train, test, train.Steps, (t, _) => t);

    /// <summary>Returns the share of right answers of one who knows the delays: the class whose delays line most spikes up. About the best that can be had.</summary>
    public static double KnownDelays(MotifData data, double jitter)
    {
        int n = data.Size.Count, steps = data.Steps, hits = 0, reach = (int)Math.Ceiling(4 * jitter);
        var weight = new double[2 * reach + 1];
        for (int k = -reach; k <= reach; k++) weight[k + reach] = jitter == 0 ? 1 : DeterministicMath.Exp(-k * k / (2 * jitter * jitter));
        var sample = new float[steps * n];
        var line = new double[2 * steps];
        for (int i = 0; i < data.Count; i++)
        {
            data.Fill(i, null, 0, 1, sample);
            int best = 0;
            double top = -1;
            for (int label = 0; label < data.Classes; label++)
            {
                Array.Clear(line);
                for (int at = 0; at < sample.Length; at++)
                {
                    // A delay line per channel: shifted back by the class's delay, the spikes of a motif stand at its onset.
                    if (sample[at] != 0) line[at / n - data.DelayOf(label, at % n) + steps / 2]++;
                }
                for (int t = reach; t < line.Length - reach; t++)
                {
                    double score = 0;
                    for (int k = -reach; k <= reach; k++) score += weight[k + reach] * line[t + k];
                    if (score > top) (top, best) = (score, label);
                }
            }
            if (best == data.ClassOf(i)) hits++;
        }
        return (double)hits / data.Count;
    }

    private static double NearestMean(ITrainingData train, ITrainingData test, int features, Func<int, int, int> feature)
    {
        var means = new double[train.Classes * features];
        var count = new int[train.Classes];
        var own = new double[features];
        for (int i = 0; i < train.Count; i++)
        {
            Features(train, i);
            int label = train.ClassOf(i);
            count[label]++;
            for (int k = 0; k < features; k++) means[label * features + k] += own[k];
        }
        for (int k = 0; k < means.Length; k++) means[k] /= Math.Max(1, count[k / features]);
        int hits = 0;
        for (int i = 0; i < test.Count; i++)
        {
            Features(test, i);
            int best = 0;
            double least = double.PositiveInfinity;
            for (int label = 0; label < train.Classes; label++)
            {
                double distance = 0;
                for (int k = 0; k < features; k++) distance += (own[k] - means[label * features + k]) * (own[k] - means[label * features + k]);
                if (distance < least) (least, best) = (distance, label);
            }
            if (best == test.ClassOf(i)) hits++;
        }
        return (double)hits / test.Count;

        void Features(ITrainingData data, int i)
        {
            int n = data.Size.Count, first = -1;
            var sample = new float[data.Steps * n];
            data.Fill(i, null, 0, 1, sample);
            Array.Clear(own);
            for (int at = 0; at < sample.Length; at++)
            {
                if (sample[at] == 0) continue;
                if (first < 0) first = at / n;
                own[feature(at / n - first, at % n)]++;
            }
        }
    }
}
