namespace EdgeAutonomy.Learning;

/// <summary>Trains one point network, or the event-frame network that it is compared with.</summary>
internal static class SpikePointRun
{
    /// <summary>The channels of the event-frame network whose parameters are as many as those of the default point network.</summary>
    public static IReadOnlyList<int> FrameChannels { get; } = [16, 32, 50];

    /// <summary>Trains a point network and measures it.</summary>
    public static ArmResult Points(SpikePointOptions options, ulong seed, IReadOnlyList<(Event[] Events, int Class)> train, IReadOnlyList<(Event[] Events, int Class)> test, ExperimentContext context, string? checkpoint = null)
    {
        var network = SpikePointNetwork.Build(options);
        network.Initialize(seed);
        var data = new PointData(train, options.Points, options.Augmentation);
        SpikePointNetwork.SetThresholds(network, data, options.Percentile);
        var epochs = Train(network, options, seed, data, context, checkpoint);
        return ArmResult.Of(SpikePointNetwork.Folded(network), epochs, new PointData(test, options.Points, EventAugmentation.None), context.Stop);
    }

    /// <summary>Trains a network on frames of the same number of steps and measures it.</summary>
    public static ArmResult Frames(SpikePointOptions options, ulong seed, IReadOnlyList<(Event[] Events, int Class)> train, IReadOnlyList<(Event[] Events, int Class)> test, ExperimentContext context)
    {
        var frames = new NmnistOptions { Steps = options.Points.Steps, StepUs = options.Points.WindowUs / options.Points.Steps, Augmentation = options.Augmentation };
        var network = DigitsNetwork.Build(new DigitsOptions { Data = frames, Channels = FrameChannels, Tau = options.Tau, Dropout = options.Dropout });
        network.Initialize(seed);
        var epochs = Train(network, options, seed, NmnistData.Of(train, frames), context, null);
        return ArmResult.Of(BatchNormFolding.Fold(network), epochs, NmnistData.Of(test, frames), context.Stop);
    }

    private static IReadOnlyList<EpochMetrics> Train(Network<float> network, SpikePointOptions options, ulong seed, ITrainingData data, ExperimentContext context, string? checkpoint)
    {
        var trainer = new Trainer(network, new CrossEntropyLoss<float>(), new Adam<float>(network.Parameters, weightDecay: options.WeightDecay, decoupled: true), new TrainerOptions
        {
            Epochs = options.Epochs,
            BatchSize = options.BatchSize,
            LearningRate = new OneCycleRate(options.LearningRate),
            ClipNorm = 5,
            Seed = seed,
            CheckpointPath = checkpoint,
            CheckpointEvery = 2,
            Configuration = options.ToString(),
            Progress = context.Progress,
        });
        return trainer.Run(data, null, context.Stop);
    }
}
