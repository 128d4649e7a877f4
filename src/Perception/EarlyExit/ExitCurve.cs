namespace EdgeAutonomy.Perception;

/// <summary>How accuracy and steps change with the threshold of a policy that stops at the first score to reach it.</summary>
public static class ExitCurve
{
    /// <summary>Gives the score of a readout.</summary>
    /// <param name="readout">One number a class.</param>
    /// <param name="top">The greatest.</param>
    public delegate double Score(ReadOnlySpan<float> readout, int top);

    /// <summary>Returns one point for each threshold.</summary>
    /// <param name="traces">The samples.</param>
    /// <param name="thresholds">Ascending.</param>
    /// <param name="score">The score.</param>
    public static ExitPoint[] Of(ExitTraces traces, ReadOnlySpan<double> thresholds, Score score)
    {
        long[] steps = new long[thresholds.Length], right = new long[thresholds.Length];
        for (int sample = 0; sample < traces.Samples; sample++)
        {
            int next = 0, last = -1; // thresholds below `next` have stopped
            for (int step = 1; step <= traces.Steps; step++)
            {
                var readout = traces.After(sample, step);
                last = Readout.Top(readout);
                double s = score(readout, last);
                for (; next < thresholds.Length && s >= thresholds[next]; next++) Stop(next, step);
            }
            for (; next < thresholds.Length; next++) Stop(next, traces.Steps);

            void Stop(int threshold, int step)
            {
                steps[threshold] += step;
                if (last == traces.Labels[sample]) right[threshold]++;
            }
        }
        var points = new ExitPoint[thresholds.Length];
        for (int i = 0; i < points.Length; i++) points[i] = new ExitPoint(thresholds[i], steps[i] / (double)traces.Samples, right[i] / (double)traces.Samples);
        return points;
    }

    /// <summary>Returns the knee: the point that lies highest above the line from the fastest to the most accurate point.</summary>
    /// <remarks>Steps and accuracy are scaled to [0, 1] first; among equals the fastest wins (Satopää et al., "Finding a Kneedle in a Haystack", 2011). Points slower than the most accurate one do not count.</remarks>
    /// <param name="curve">At least one point, the steps ascending.</param>
    /// <exception cref="ArgumentException">The curve has no points.</exception>
    public static ExitPoint Knee(ReadOnlySpan<ExitPoint> curve)
    {
        if (curve.Length == 0) throw new ArgumentException("The curve has no points, at least one is needed.", nameof(curve));
        int end = 0;
        for (int i = 1; i < curve.Length; i++)
        {
            if (curve[i].Accuracy > curve[end].Accuracy) end = i;
        }
        ExitPoint first = curve[0], best = first;
        double steps = curve[end].MeanSteps - first.MeanSteps, accuracy = curve[end].Accuracy - first.Accuracy, highest = 0;
        if (!(steps > 0) || !(accuracy > 0)) return curve[end].Accuracy > first.Accuracy ? curve[end] : first;
        for (int i = 1; i <= end; i++)
        {
            double height = (curve[i].Accuracy - first.Accuracy) / accuracy - (curve[i].MeanSteps - first.MeanSteps) / steps;
            if (height <= highest) continue;
            highest = height;
            best = curve[i];
        }
        // Without a bend there is no reason to give accuracy away.
        return highest > 0 ? best : curve[end];
    }
}
