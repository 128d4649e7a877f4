namespace EdgeAutonomy.Learning;

/// <summary>Judges trained weights on patches: event by event, over windows, and over windows of one tile.</summary>
internal static class MotionJudge
{
    /// <summary>Judges.</summary>
    /// <param name="model">The weights.</param>
    /// <param name="patches">What to judge on.</param>
    /// <param name="least">How many events a window needs.</param>
    /// <param name="swapped">The same patches with ON and OFF taken for each other, whose scores are taken where they are clearer; null = not done.</param>
    internal static MotionScore Judge(MotionRegression model, PatchSet patches, int least, PatchSet? swapped = null)
    {
        int classes = patches.Shape.Classes, hits = 0;
        double[] windows = new double[patches.Windows * classes], tiles = new double[patches.Tiles * classes];
        double[] windowsSwapped = new double[swapped is null ? 0 : windows.Length], tilesSwapped = new double[swapped is null ? 0 : tiles.Length];
        int[] windowCount = new int[patches.Windows], tileCount = new int[patches.Tiles], windowLabel = new int[patches.Windows], tileLabel = new int[patches.Tiles];
        float[] scores = new float[model.Stride], other = new float[model.Stride];
        for (int p = 0; p < patches.Count; p++)
        {
            model.Score(patches.Inputs(p), scores);
            int label = patches.Label(p), window = patches.Window(p), tile = patches.Tile(p), best = Best(scores.AsSpan(0, classes));
            if (swapped is not null)
            {
                model.Score(swapped.Inputs(p), other);
                int second = Best(other.AsSpan(0, classes));
                if (other[second] > scores[best]) best = second;
            }
            if (best == label) hits++;
            if (window < 0) continue;
            windowCount[window]++;
            tileCount[tile]++;
            (windowLabel[window], tileLabel[tile]) = (label, label);
            Add(scores, windows, window * classes, classes);
            Add(scores, tiles, tile * classes, classes);
            if (swapped is null) continue;
            Add(other, windowsSwapped, window * classes, classes);
            Add(other, tilesSwapped, tile * classes, classes);
        }
        var (window1, direction, windowN) = Share(windows, windowsSwapped, windowCount, windowLabel, classes, patches.Shape.Directions, least);
        for (int w = 0; w < windowCount.Length; w++) windowCount[w] = patches.IsSettled(w) ? windowCount[w] : 0;
        var (settled, _, settledN) = Share(windows, windowsSwapped, windowCount, windowLabel, classes, patches.Shape.Directions, least);
        var (tile1, _, tileN) = Share(tiles, tilesSwapped, tileCount, tileLabel, classes, patches.Shape.Directions, least);
        return new MotionScore(patches.Count == 0 ? 0 : (double)hits / patches.Count, window1, tile1, direction, settled, patches.Count, windowN, tileN, settledN);
    }

    /// <summary>Finds by what mean scores of tile windows must be multiplied to be the best log probabilities.</summary>
    internal static float Gain(MotionRegression model, PatchSet patches, int least)
    {
        int classes = patches.Shape.Classes;
        var (tiles, count, label) = (new double[patches.Tiles * classes], new int[patches.Tiles], new int[patches.Tiles]);
        var scores = new float[model.Stride];
        for (int p = 0; p < patches.Count; p++)
        {
            int tile = patches.Tile(p);
            if (tile < 0) continue;
            model.Score(patches.Inputs(p), scores);
            count[tile]++;
            label[tile] = patches.Label(p);
            Add(scores, tiles, tile * classes, classes);
        }
        double best = double.PositiveInfinity, gain = 1;
        for (double g = 0.5; g < 200; g *= 1.1)
        {
            double loss = 0;
            for (int t = 0; t < count.Length; t++)
            {
                if (count[t] >= least) loss += Loss(tiles.AsSpan(t * classes, classes), label[t], g / count[t]);
            }
            if (loss < best) (best, gain) = (loss, g);
        }
        return (float)gain;
    }

    private static double Loss(ReadOnlySpan<double> sums, int label, double scale)
    {
        double top = double.NegativeInfinity, total = 0;
        foreach (double s in sums) top = Math.Max(top, s * scale);
        foreach (double s in sums) total += DeterministicMath.Exp(s * scale - top);
        return DeterministicMath.Log(total) + top - sums[label] * scale;
    }

    private static (double Class, double Direction, int Count) Share(double[] sums, double[] swapped, int[] count, int[] label, int classes, int directions, int least)
    {
        int n = 0, hits = 0, aligned = 0;
        for (int w = 0; w < count.Length; w++)
        {
            if (count[w] < least) continue;
            ReadOnlySpan<double> own = sums.AsSpan(w * classes, classes);
            int best = Best(own);
            if (swapped.Length > 0)
            {
                ReadOnlySpan<double> other = swapped.AsSpan(w * classes, classes);
                int second = Best(other);
                if (other[second] > own[best]) best = second;
            }
            n++;
            if (best == label[w]) hits++;
            if (best % directions == label[w] % directions) aligned++;
        }
        return n == 0 ? (0, 0, 0) : ((double)hits / n, (double)aligned / n, n);
    }

    private static void Add(float[] scores, double[] sums, int at, int classes)
    {
        for (int c = 0; c < classes; c++) sums[at + c] += scores[c];
    }

    private static int Best<T>(ReadOnlySpan<T> values) where T : IComparable<T>
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i].CompareTo(values[best]) > 0) best = i;
        }
        return best;
    }

    private static int Best<T>(Span<T> values) where T : IComparable<T> => Best((ReadOnlySpan<T>)values);
}
