namespace EdgeAutonomy.Learning;

/// <summary>Trains the point network that ships: digits from 256 points of a window of 300 ms.</summary>
/// <remarks>The last epoch's network is taken as it is: nothing is chosen by the test recordings. Quick = 200 recordings, 4 epochs.</remarks>
public sealed class SpikePointTraining : ITraining
{
    private const int QuickRecordings = 200, QuickEpochs = 4;

    /// <inheritdoc/>
    public string Name => "spikepoint";

    /// <inheritdoc/>
    public string Summary => "Tells digits in windows of events with a spiking network over 256 points (N-MNIST).";

    /// <summary>Gets the network and its training.</summary>
    public SpikePointOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        var train = DigitEvents.Load(context.DataFolder, "train1K.txt", context.Stop);
        var test = DigitEvents.Load(context.DataFolder, "test100.txt", context.Stop);
        return Run(context, checkpoint, train, test);
    }

    internal TrainingOutcome Run(ExperimentContext context, string? checkpoint, IReadOnlyList<(Event[] Events, int Class)> train, IReadOnlyList<(Event[] Events, int Class)> test)
    {
        var options = context.Quick ? Options with { Epochs = Math.Min(QuickEpochs, Options.Epochs), Recordings = Math.Min(QuickRecordings, Options.Recordings) } : Options;
        train = train.Take(options.Recordings).ToArray();
        var result = SpikePointRun.Points(options, context.Seed, train, test, context, checkpoint);
        var curve = new ExperimentCurve("training", "epoch", "accuracy on varied samples, %", result.Epochs.Select(e => (e.Epoch + 1.0, new Interval(100 * e.Accuracy, double.NaN, double.NaN, train.Count))).ToArray());
        return new TrainingOutcome(
            SpikePointNetwork.Graph(result.Network, options.Points),
            $"N-MNIST: {train.Count} recordings to train on, {test.Count} others to test, which no choice rests on",
            "test accuracy",
            Interval.OfShare((long)Math.Round(result.Accuracy * test.Count), test.Count),
            [curve]);
    }
}
