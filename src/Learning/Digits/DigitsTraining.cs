namespace EdgeAutonomy.Learning;

/// <summary>Trains the digits network on 1,000 N-MNIST recordings and tests it on 100 others.</summary>
/// <remarks>
/// The last epoch's network is taken as it is: nothing is chosen by the test recordings. Network and settings were chosen on held-out parts of the training list.
/// A ridge regression on event counts gets 95 of the 100 test recordings right; report any result with its interval (<see cref="Interval.OfShare"/>).
/// </remarks>
/// <param name="options">The network and its training.</param>
public sealed class DigitsTraining(DigitsOptions options)
{
    private const int QuickEpochs = 12, CalibrationTimes = 20;
    private const ulong CalibrationKey = 0x43414C4942; // a stream of its own: "CALIB"

    /// <summary>Trains one network per seed.</summary>
    /// <param name="context">Seeds, data folder, progress and stop. Quick = one seed and 12 epochs.</param>
    /// <returns>One per seed, in order; take the first, not the best.</returns>
    /// <exception cref="InvalidDataException">The recordings or a checkpoint are absent or damaged; the message says what to do.</exception>
    /// <exception cref="TrainingDivergedException">The training has left the numbers.</exception>
    /// <exception cref="OperationCanceledException">It was ended early; checkpoints stay.</exception>
    public IReadOnlyList<DigitsRun> Run(ExperimentContext context)
    {
        var all = NmnistData.Load(context.DataFolder, "train1K.txt", options.Data);
        var test = NmnistData.Load(context.DataFolder, "test100.txt", options.Data);
        int seeds = context.Quick ? 1 : Math.Max(1, context.Seeds);
        var runs = new List<DigitsRun>();
        for (int i = 0; i < seeds; i++)
        {
            int done = i;
            runs.Add(RunSeed(context.Seed + (ulong)i, all, test, context with
            {
                Progress = (share, text) => context.Progress((done + share) / seeds, seeds == 1 ? text : $"seed {done + 1} of {seeds}, {text}"),
            }));
        }
        return runs;
    }

    private DigitsRun RunSeed(ulong seed, NmnistData all, NmnistData test, ExperimentContext context)
    {
        var (train, heldOut) = DataSubset.Split(all, options.HeldOut, seed);
        var network = DigitsNetwork.Build(options);
        network.Initialize(seed);
        var loss = new CrossEntropyLoss<float>(Decision.Mean, options.Smoothing);
        var trainer = new Trainer(network, loss, new Adam<float>(network.Parameters, weightDecay: options.WeightDecay, decoupled: true), new TrainerOptions
        {
            Epochs = context.Quick ? Math.Min(QuickEpochs, options.Epochs) : options.Epochs,
            BatchSize = options.BatchSize,
            LearningRate = new OneCycleRate(options.LearningRate),
            ClipNorm = options.ClipNorm,
            Seed = seed,
            ValidateEvery = 10,
            CheckpointPath = Checkpoint(seed),
            CheckpointEvery = 5,
            Configuration = $"{options with { CheckpointFolder = null, Channels = [] }} {string.Join(' ', options.Channels)}",
            Progress = context.Progress,
        });
        var epochs = trainer.Run(train, heldOut.Count > 0 ? heldOut : null, context.Stop);
        var folded = BatchNormFolding.Fold(network);
        List<OutputTrace> calibration = [], traces = [];
        var held = Evaluation.Of(folded, loss, heldOut, stop: context.Stop);
        Evaluation.Of(folded, loss, new VariedData(heldOut, CalibrationTimes, new CounterRandom(seed).For(CalibrationKey)), traces: calibration, stop: context.Stop);
        var tested = Evaluation.Of(folded, loss, test, traces: traces, stop: context.Stop);
        return new DigitsRun(seed, NirExport.Graph(folded, options.Data.StepUs * 1e-6), folded, epochs, held, tested, calibration, traces);
    }

    private string? Checkpoint(ulong seed)
    {
        if (options.CheckpointFolder is not { } folder) return null;
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, FormattableString.Invariant($"digits-{seed}.train"));
    }
}
