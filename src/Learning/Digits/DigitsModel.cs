using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>The digits network that ships, with the calibration of its early exit.</summary>
/// <remarks>A hundred of the training recordings are held out for the calibration, each taken twenty times, nineteen of them varied; the 100 of the test list are only tested on.</remarks>
public sealed class DigitsModel : ITraining
{
    // None of the two thousand. They are twenty views of a hundred recordings, so that is less than it looks.
    private const double MaxLost = 0;

    /// <inheritdoc/>
    public string Name => "digits";

    /// <inheritdoc/>
    public string Summary => "Tells handwritten digits apart from the events of a camera that jerks in front of them (N-MNIST, 34 x 34).";

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        var options = new DigitsOptions { CheckpointFolder = checkpoint };
        var run = new DigitsTraining(options).Run(context with { Seeds = 1 })[0];
        var graph = new NirGraph(run.Graph.Nodes, run.Graph.Edges, options.Data.Counts ? run.Graph.Metadata : run.Graph.Metadata.With("edge_input", new NirText("binary")), run.Graph.Version);
        var points = run.Epochs.Where(e => !double.IsNaN(e.ValidationAccuracy))
            .Select(e => ((double)(e.Epoch + 1), Interval.OfShare((long)Math.Round(e.ValidationAccuracy * options.HeldOut), options.HeldOut))).ToArray();
        return new TrainingOutcome(
            graph, FormattableString.Invariant($"N-MNIST subset: {1000 - options.HeldOut} recordings to train on, {options.HeldOut} to calibrate early exit with, 100 others to test on"), "test accuracy",
            Interval.OfShare((long)Math.Round(run.Test.Accuracy * run.TestTraces.Count), run.TestTraces.Count), [new ExperimentCurve("held out", "epoch", "accuracy, 0 to 1", points)])
        {
            Companions = new Dictionary<string, byte[]> { [".exit.json"] = ExitFile.ToBytes(ExitCalibrator.CautiousConfidence(Sums(run.Calibration), MaxLost)) },
        };
    }

    // The readout of the running program: sums over the steps so far.
    private static ExitTraces Sums(IReadOnlyList<OutputTrace> traces)
    {
        int steps = traces[0].Outputs.GetLength(0), classes = traces[0].Outputs.GetLength(1);
        float[] readouts = new float[traces.Count * steps * classes];
        for (int i = 0; i < traces.Count; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                float sum = 0;
                for (int t = 0; t < steps; t++) readouts[(i * steps + t) * classes + k] = sum += traces[i].Outputs[t, k];
            }
        }
        return new ExitTraces(readouts, steps, classes, [.. traces.Select(t => t.Class)]);
    }
}
