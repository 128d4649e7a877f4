using System.Globalization;
using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>How much earlier a network can answer, and at what price: real recordings, published weights, thresholds chosen on other recordings than those reported.</summary>
/// <remarks>
/// The network is the published N-MNIST CNN of the NIR paper (others' weights, so nothing here is tuned to it). Policies are calibrated on one half of the 1,000 recordings of the training
/// list and reported on the other half, one random split per seed, and once on the 100 of the test list, calibrated on all 1,000. The network's makers trained on the 1,000: its accuracy there
/// flatters, the 100 are clean.
/// </remarks>
public sealed class EarlyExitExperiment : IExperiment
{
    private const int StepUs = 1000;

    // Every tenth of a point is worth more than a step, so Dynamic Confidence may lose this much at most when its threshold is chosen.
    private const double MaxLoss = 0.0025;

    private static readonly int[] Checkpoints = [20, 30, 40, 50, 75, 100, 150, 200, 300];

    /// <inheritdoc/>
    public string Name => "early-exit";

    /// <inheritdoc/>
    public string Summary => "How much earlier a network can answer, and at what price in accuracy.";

    /// <inheritdoc/>
    public string Source => "Dynamic Confidence (Li et al., ICCV 2023, arXiv 2303.10276); SpikeCP (Chen, Park & Simeone, arXiv 2305.11322)";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int steps = Checkpoints[^1];
        string file = Path.Combine(context.DataFolder ?? "", "nir", "cnn_sinabs.nir");
        if (context.DataFolder is null || !File.Exists(file)) throw new InvalidDataException("early-exit needs nir/cnn_sinabs.nir and events/nmnist-small in the data folder; give it with --data.");
        var network = SpikingNetwork.Compile(NirFile.Read(file), new SpikingOptions { Dt = 1 });
        var train = NmnistData.Load(context.DataFolder, "train1K.txt", new NmnistOptions());
        var test = NmnistData.Load(context.DataFolder, "test100.txt", new NmnistOptions());
        var tested = RecordingEvaluation.Run(network, test, StepUs, steps, binary: false, p => context.Progress(0.08 * p, "100 test recordings"), context.Stop).Traces;
        var seen = RecordingEvaluation.Run(network, train, StepUs, steps, binary: false, p => context.Progress(0.08 + 0.82 * p, "1,000 recordings to calibrate with"), context.Stop).Traces;

        var rows = new List<ExperimentRow>();
        var curve = new List<(double, Interval)>();
        foreach (int cut in Checkpoints)
        {
            var at = Share(ExitReport.Of(new FixedExit(cut), tested).Accuracy, tested);
            curve.Add((cut, at));
            if (cut is 30 or 50 or 75 or 100 or 200 or 300) rows.Add(new($"cut at {cut} ms", "test accuracy", at, 1, "n = test recordings"));
        }
        foreach (var (arm, make) in Policies()) Report(rows, arm, make, seen, tested, context);
        context.Progress(1, "done");
        return new ExperimentResult(rows, [new("cut after a fixed time", "time (ms)", "share of right answers", curve), Frontier(seen, tested)],
        [
            "Splits: calibrated on 500 of the 1,000, reported on the other 500, another split per seed. Test: calibrated on the 1,000, reported on the 100 (Wilson interval).",
            "The network's makers trained it on the 1,000, so only the test rows say how it does on new recordings. Steps are of 1 ms, 300 to a recording.",
        ]);
    }

    private static IEnumerable<(string Arm, Func<ExitTraces, IExitPolicy> Make)> Policies()
    {
        yield return ("margin 8", _ => new MarginExit(8));
        yield return ("margin 10", _ => new MarginExit(10));
        yield return ("margin, calibrated", t => ExitCalibrator.Margin(t, MaxLoss));
        yield return ("dynamic confidence", t => ExitCalibrator.Confidence(t, MaxLoss));
        yield return ("conformal, 95 %", t => ExitCalibrator.Conformal(t, 0.95, Checkpoints));
        yield return ("conformal, 90 %", t => ExitCalibrator.Conformal(t, 0.90, Checkpoints));
    }

    private static void Report(List<ExperimentRow> rows, string arm, Func<ExitTraces, IExitPolicy> make, ExitTraces seen, ExitTraces tested, ExperimentContext context)
    {
        int seeds = Math.Max(1, context.Seeds);
        double[] saved = new double[seeds], loss = new double[seeds], coverage = new double[seeds], size = new double[seeds];
        for (int s = 0; s < seeds; s++)
        {
            context.Stop.ThrowIfCancellationRequested();
            var (half, other) = Split(seen, context.Seed + (ulong)s);
            var report = ExitReport.Of(make(half), other);
            saved[s] = 100 * (1 - report.MeanSteps / other.Steps);
            loss[s] = 100 * (ExitReport.Of(new FixedExit(other.Steps), other).Accuracy - report.Accuracy);
            (coverage[s], size[s]) = (100 * report.Coverage, report.MeanSetSize);
        }
        bool isSet = arm.StartsWith("conformal", StringComparison.Ordinal);
        rows.Add(new(arm, "time saved, % (splits)", Interval.OfMean(saved), seeds));
        if (isSet)
        {
            rows.Add(new(arm, "set holds the truth, % (splits)", Interval.OfMean(coverage), seeds));
            rows.Add(new(arm, "classes in the set (splits)", Interval.OfMean(size), seeds));
        }
        else
        {
            rows.Add(new(arm, "accuracy lost, points (splits)", Interval.OfMean(loss), seeds));
        }
        var clean = ExitReport.Of(make(seen), tested);
        rows.Add(new(arm, "mean time, ms (test)", new Interval(clean.MeanSteps, double.NaN, double.NaN, tested.Samples), 1));
        rows.Add(new(arm, isSet ? "set holds the truth (test)" : "test accuracy", Share(isSet ? clean.Coverage : clean.Accuracy, tested), 1, make(seen) is ConfidenceExit c ? string.Create(CultureInfo.InvariantCulture, $"temperature {c.Temperature:0.##}, threshold {c.Threshold:0.###}") : ""));
    }

    private static ExperimentCurve Frontier(ExitTraces seen, ExitTraces tested)
    {
        double temperature = ExitCalibrator.Temperature(seen);
        return new("stopped by confidence", "time (ms)", "share of right answers", [.. ExitCalibrator.ConfidenceCurve(tested, temperature).DistinctBy(p => p.MeanSteps).OrderBy(p => p.MeanSteps).Select(p => (p.MeanSteps, Share(p.Accuracy, tested)))]);
    }

    private static Interval Share(double share, ExitTraces traces) => Interval.OfShare((long)Math.Round(share * traces.Samples), traces.Samples);

    private static (ExitTraces Half, ExitTraces Other) Split(ExitTraces all, ulong seed)
    {
        int[] order = new int[all.Samples];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        var random = RandomStream.For(seed, "early-exit.split");
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return (Take(all, order.AsSpan(0, order.Length / 2)), Take(all, order.AsSpan(order.Length / 2)));
    }

    private static ExitTraces Take(ExitTraces all, ReadOnlySpan<int> samples)
    {
        int block = all.Steps * all.Classes;
        float[] readouts = new float[samples.Length * block];
        int[] labels = new int[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            labels[i] = all.Labels[samples[i]];
            for (int t = 1; t <= all.Steps; t++) all.After(samples[i], t).CopyTo(readouts.AsSpan(i * block + (t - 1) * all.Classes));
        }
        return new ExitTraces(readouts, all.Steps, all.Classes, labels);
    }
}
