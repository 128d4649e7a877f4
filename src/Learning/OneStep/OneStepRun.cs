namespace EdgeAutonomy.Learning;

/// <summary>Trains networks of few steps: directly, or down a chain of networks with one step less each.</summary>
internal static class OneStepRun
{
    /// <summary>Trains a network at a number of steps from its initial values.</summary>
    public static Network<float> Direct(OneStepOptions options, int steps, ulong seed, NmnistData train, ExperimentContext context, List<EpochMetrics> epochs)
    {
        var network = Start(options, seed, train);
        Train(network, options, steps, options.Epochs, options.LearningRate, seed, train, context, null, epochs);
        return network;
    }

    /// <summary>Trains a network at the first number of steps and goes on with it at one step less, down to one.</summary>
    public static Network<float> Chain(OneStepOptions options, ulong seed, NmnistData train, ExperimentContext context, List<EpochMetrics> epochs, string? checkpoint = null)
    {
        var network = Start(options, seed, train);
        int done = 0;
        for (int steps = options.FirstSteps; steps >= 1; steps--)
        {
            int count = EpochsAt(options, steps), before = done, at = steps;
            double rate = options.LearningRate * (steps == options.FirstSteps ? 1 : options.ChainRate);
            Train(network, options, steps, count, rate, new CounterRandom(seed).For((ulong)steps).Key, train, context with
            {
                Progress = (share, text) => context.Progress((before + share * count) / options.Epochs, $"{at} steps: {text}"),
            }, checkpoint is null ? null : StageFile(checkpoint, steps), epochs);
            done += count;
        }
        return network;
    }

    /// <summary>The file of one network of the chain: each has a checkpoint of its own, the finished ones are had back from theirs.</summary>
    public static string StageFile(string checkpoint, int steps) => FormattableString.Invariant($"{checkpoint}.{steps}");

    /// <summary>Shares the epochs out: the first network gets its share, the last takes what division leaves over.</summary>
    public static int EpochsAt(OneStepOptions options, int steps)
    {
        int first = options.FirstSteps == 1 ? options.Epochs : Math.Max(1, (int)(options.FirstShare * options.Epochs));
        if (steps == options.FirstSteps) return first;
        int rest = options.Epochs - first, stages = options.FirstSteps - 1, each = Math.Max(1, rest / stages);
        return steps > 1 ? each : Math.Max(1, rest - each * (stages - 1));
    }

    private static Network<float> Start(OneStepOptions options, ulong seed, NmnistData train)
    {
        var network = OneStepNetwork.Build(options);
        network.Initialize(seed);
        var data = new HistogramData(train, 1, EventAugmentation.None);
        int samples = Math.Min(100, data.Count);
        var batch = new float[samples * data.Size.Count];
        for (int i = 0; i < samples; i++) data.Fill(i, null, i, samples, batch);
        OneStepNetwork.SetThresholds(network, batch, samples, options.Percentile);
        return network;
    }

    private static void Train(Network<float> network, OneStepOptions options, int steps, int epochs, double rate, ulong seed, NmnistData train, ExperimentContext context, string? checkpoint, List<EpochMetrics> all)
    {
        var trainer = new Trainer(network, new CrossEntropyLoss<float>(), new Adam<float>(network.Parameters, weightDecay: options.WeightDecay, decoupled: true), new TrainerOptions
        {
            Epochs = epochs,
            BatchSize = options.BatchSize,
            LearningRate = new OneCycleRate(rate),
            ClipNorm = 5,
            Seed = seed,
            CheckpointPath = checkpoint,
            CheckpointEvery = 2,
            Configuration = options.ToString(),
            Progress = context.Progress,
        });
        all.AddRange(trainer.Run(new HistogramData(train, steps, options.Augmentation), null, context.Stop));
    }
}
