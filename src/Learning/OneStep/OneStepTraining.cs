namespace EdgeAutonomy.Learning;

/// <summary>Trains the one-step network that ships: digits from one image of event counts, without any state.</summary>
/// <remarks>
/// The network at the end of the chain is taken as it is: nothing is chosen by the test recordings. Each network of the chain keeps a checkpoint of its own beside the
/// path given (path.5 … path.1); they are deleted when all is done. Quick = 300 recordings, 10 epochs.
/// </remarks>
public sealed class OneStepTraining : ITraining
{
    private const int QuickRecordings = 300, QuickEpochs = 10, MovementUs = 105_000;

    /// <inheritdoc/>
    public string Name => "one-step";

    /// <inheritdoc/>
    public string Summary => "Tells digits in one image of event counts with binary activations and no state (N-MNIST).";

    /// <summary>Gets the network and its training.</summary>
    public OneStepOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint) =>
        Run(context, checkpoint, NmnistData.Load(context.DataFolder, "train1K.txt", new NmnistOptions()), NmnistData.Load(context.DataFolder, "test100.txt", new NmnistOptions()));

    internal TrainingOutcome Run(ExperimentContext context, string? checkpoint, NmnistData train, NmnistData test)
    {
        var options = context.Quick ? Options with { Epochs = Math.Min(QuickEpochs, Options.Epochs), Recordings = Math.Min(QuickRecordings, Options.Recordings) } : Options;
        train = OneStepExperiment.First(train, options.Recordings);
        List<EpochMetrics> epochs = [];
        var network = BatchNormFolding.Fold(OneStepRun.Chain(options, context.Seed, train, context, epochs, checkpoint));
        var result = Evaluation.Of(network, new CrossEntropyLoss<float>(), new HistogramData(test, 1, EventAugmentation.None), 25, stop: context.Stop);
        var outcome = new TrainingOutcome(
            OneStepNetwork.Graph(network, MovementUs),
            $"N-MNIST: {train.Count} recordings to train on, {test.Count} others to test, which no choice rests on",
            "test accuracy",
            Interval.OfShare(result.Hits, result.Count),
            [new ExperimentCurve("chain", "epoch", "accuracy on varied samples, %", epochs.Select((e, i) => (i + 1.0, new Interval(100 * e.Accuracy, double.NaN, double.NaN, train.Count))).ToArray())]);
        if (checkpoint is not null)
        {
            for (int steps = options.FirstSteps; steps >= 1; steps--) File.Delete(OneStepRun.StageFile(checkpoint, steps));
        }
        return outcome;
    }
}
