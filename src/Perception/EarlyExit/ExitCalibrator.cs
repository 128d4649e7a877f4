namespace EdgeAutonomy.Perception;

/// <summary>Makes policies from recorded readouts. Deterministic: equal traces give equal policies, bit for bit.</summary>
public static class ExitCalibrator
{
    private const int Bins = 15; // of the calibration error; the usual number (Guo et al. 2017)
    private const int CalibrationSteps = 32, Thresholds = 200;

    /// <summary>Calibrates Dynamic Confidence: α by the least expected calibration error, θ at the knee of accuracy against steps.</summary>
    /// <param name="traces">Samples that the network was not trained with.</param>
    /// <param name="maxAccuracyLoss">If given, θ is the fastest one whose accuracy lies at most so far below that of all steps, in place of the knee; in [0, 1].</param>
    public static ConfidenceExit Confidence(ExitTraces traces, double? maxAccuracyLoss = null)
    {
        double temperature = Temperature(traces);
        return new ConfidenceExit(temperature, Choose(ConfidenceCurve(traces, temperature), traces, maxAccuracyLoss));
    }

    /// <summary>Chooses the margin at the knee of accuracy against steps.</summary>
    /// <inheritdoc cref="Confidence"/>
    public static MarginExit Margin(ExitTraces traces, double? maxAccuracyLoss = null) => new(Choose(MarginCurve(traces), traces, maxAccuracyLoss));

    /// <summary>Calibrates SpikeCP: one quantile a checkpoint, the ⌈(n+1)(1 − (1 − coverage)/C)⌉-th smallest score of n samples at each of C checkpoints; 1, which excludes nothing, where n is too small.</summary>
    /// <param name="traces">Samples that the network was not trained with, exchangeable with those to come.</param>
    /// <param name="coverage">The probability, in (0, 1), that the set at the stop shall hold the true class.</param>
    /// <param name="checkpoints">Steps, ascending, within those of the traces.</param>
    /// <param name="temperature">α of the softmax, above 0; null = that of the least expected calibration error. The guarantee holds for any; it must not be chosen from these same traces by looking at the sets.</param>
    /// <param name="maxSetSize">The largest set to stop with, 1 or more.</param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public static ConformalExit Conformal(ExitTraces traces, double coverage, ReadOnlySpan<int> checkpoints, double? temperature = null, int maxSetSize = 1)
    {
        OptionRange.Check(coverage is > 0 and < 1, nameof(ExitCalibrator), nameof(coverage), coverage, "must be in (0, 1)");
        double alpha = temperature ?? Temperature(traces);
        double[] quantiles = new double[checkpoints.Length], scores = new double[traces.Samples];
        for (int c = 0; c < checkpoints.Length; c++)
        {
            if (checkpoints[c] < 1 || checkpoints[c] > traces.Steps) throw new ArgumentException($"ExitCalibrator: checkpoint {c} is {checkpoints[c]}; must be in [1, {traces.Steps}], the steps of the traces.", nameof(checkpoints));
            for (int i = 0; i < scores.Length; i++)
            {
                var readout = traces.After(i, checkpoints[c]);
                scores[i] = Readout.Score(readout, traces.Labels[i], Readout.Top(readout), alpha);
            }
            Array.Sort(scores);
            int rank = Rank(scores.Length, coverage, checkpoints.Length);
            quantiles[c] = rank <= scores.Length ? scores[rank - 1] : 1;
        }
        return new ConformalExit(coverage, alpha, traces.Classes, checkpoints, quantiles, maxSetSize);
    }

    /// <summary>Returns the temperature α with the least expected calibration error, pooled over up to 32 evenly spaced steps of every sample.</summary>
    /// <remarks>Confidence is compared with accuracy in 15 equal bins. The error has no derivative, so a grid is searched: 2^−10 … 2^14 by quarters, then by sixteenths. The paper does not fix the steps; pooling makes the confidence honest at every step it may stop at.</remarks>
    /// <param name="traces">The samples.</param>
    public static double Temperature(ExitTraces traces)
    {
        double best = double.PositiveInfinity, at = 0;
        for (int i = -40; i <= 56; i++) Try(i / 4.0);
        double middle = at;
        for (int i = -3; i <= 3; i++)
        {
            if (i != 0) Try(middle + i / 16.0);
        }
        return PowerOfTwo(at);

        void Try(double exponent)
        {
            double error = CalibrationError(traces, PowerOfTwo(exponent));
            if (error >= best) return;
            best = error;
            at = exponent;
        }
    }

    /// <summary>Returns the expected calibration error: the mean distance between confidence and accuracy, over 15 equal bins weighted by their samples.</summary>
    /// <param name="traces">The samples; up to 32 evenly spaced steps of each count.</param>
    /// <param name="temperature">α, above 0.</param>
    public static double CalibrationError(ExitTraces traces, double temperature)
    {
        Span<double> confidence = stackalloc double[Bins];
        Span<int> right = stackalloc int[Bins], count = stackalloc int[Bins];
        confidence.Clear();
        right.Clear();
        count.Clear();
        int points = Math.Min(traces.Steps, CalibrationSteps), total = 0;
        for (int sample = 0; sample < traces.Samples; sample++)
        {
            for (int p = 1; p <= points; p++)
            {
                var readout = traces.After(sample, (int)((long)p * traces.Steps / points));
                int top = Readout.Top(readout);
                double c = Readout.Confidence(readout, top, temperature);
                int bin = Math.Min((int)(c * Bins), Bins - 1);
                confidence[bin] += c;
                count[bin]++;
                total++;
                if (top == traces.Labels[sample]) right[bin]++;
            }
        }
        double error = 0;
        for (int b = 0; b < Bins; b++) error += Math.Abs(confidence[b] - right[b]);
        return error / total;
    }

    /// <summary>Returns accuracy and steps for 200 thresholds of confidence, ascending, evenly spaced in log-odds, and for 1.</summary>
    /// <param name="traces">The samples.</param>
    /// <param name="temperature">α, above 0.</param>
    public static ExitPoint[] ConfidenceCurve(ExitTraces traces, double temperature)
    {
        double[] thresholds = new double[Thresholds];
        double low = -DeterministicMath.Log(Math.Max(traces.Classes - 1, 1)); // the confidence of knowing nothing, 1/classes
        for (int i = 0; i < Thresholds - 1; i++) thresholds[i] = DeterministicMath.Sigmoid(low + (14 - low) * (i + 1) / Thresholds);
        thresholds[^1] = 1;
        return ExitCurve.Of(traces, thresholds, (readout, top) => Readout.Confidence(readout, top, temperature));
    }

    /// <summary>Returns accuracy and steps for up to 200 margins, ascending: whole ones where all readouts are whole.</summary>
    /// <param name="traces">The samples.</param>
    public static ExitPoint[] MarginCurve(ExitTraces traces)
    {
        double greatest = 0;
        bool whole = true;
        for (int sample = 0; sample < traces.Samples; sample++)
        {
            for (int step = 1; step <= traces.Steps; step++)
            {
                var readout = traces.After(sample, step);
                greatest = Math.Max(greatest, Readout.Margin(readout, Readout.Top(readout)));
                foreach (float v in readout) whole &= v == MathF.Floor(v);
            }
        }
        if (greatest <= 0) greatest = 1; // all readouts equal: any margin will do
        double spacing = whole ? Math.Max(1, Math.Ceiling(greatest / Thresholds)) : greatest / Thresholds;
        double[] thresholds = new double[Math.Max(1, (int)Math.Floor(greatest / spacing))];
        for (int i = 0; i < thresholds.Length; i++) thresholds[i] = spacing * (i + 1);
        return ExitCurve.Of(traces, thresholds, (readout, top) => Readout.Margin(readout, top));
    }

    // (n+1)(1 − a/C) rounded up for an error rate a, by way of the complement: (n+1)·a/C is small, and its rounding error with it.
    internal static int Rank(int samples, double coverage, int checkpoints) => samples + 1 - (int)Math.Floor((samples + 1) * (1 - coverage) / checkpoints + 1e-9);

    private static double Choose(ExitPoint[] curve, ExitTraces traces, double? maxAccuracyLoss)
    {
        if (maxAccuracyLoss is not { } loss) return ExitCurve.Knee(curve).Threshold;
        OptionRange.Check(loss is >= 0 and <= 1, nameof(ExitCalibrator), nameof(maxAccuracyLoss), loss, "must be in [0, 1]");
        double least = ExitReport.Of(new FixedExit(traces.Steps), traces).Accuracy - loss;
        foreach (var point in curve)
        {
            if (point.Accuracy >= least - 1e-12) return point.Threshold; // a share of samples, rounded once
        }
        return curve[^1].Threshold;
    }

    private static double PowerOfTwo(double exponent) => DeterministicMath.Exp(exponent * 0.6931471805599453);
}
