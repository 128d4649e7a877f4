namespace EdgeAutonomy.Learning;

/// <summary>Reproduces temporal pruning: is a network of one step better when its steps were taken away one by one than when it was trained with one from the start?</summary>
public sealed class OneStepExperiment : IExperiment
{
    private const int QuickRecordings = 300, QuickEpochs = 10, QuickSeeds = 2;

    /// <inheritdoc/>
    public string Name => "one-timestep";

    /// <inheritdoc/>
    public string Summary => "Convolutional network of one time step: chain of 5, 4, 3, 2, 1 steps against direct training and against 5 steps.";

    /// <inheritdoc/>
    public string Source => "Chowdhury, Rathi and Roy, Towards ultra low latency spiking neural networks for vision and sequential tasks using temporal pruning (IIR-SNN), ECCV 2022";

    /// <summary>Gets the network and its training.</summary>
    public OneStepOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context) =>
        Run(context, NmnistData.Load(context.DataFolder, "train1K.txt", new NmnistOptions()), NmnistData.Load(context.DataFolder, "test100.txt", new NmnistOptions()));

    internal ExperimentResult Run(ExperimentContext context, NmnistData train, NmnistData test)
    {
        var options = Options;
        int seeds = Math.Max(1, context.Seeds);
        if (context.Quick)
        {
            options = options with { Epochs = Math.Min(QuickEpochs, options.Epochs), Recordings = Math.Min(QuickRecordings, options.Recordings) };
            seeds = Math.Min(seeds, QuickSeeds);
        }
        train = First(train, options.Recordings);
        int steps = options.FirstSteps;
        string[] names = [$"chain {steps} to 1, run at 1", "direct, run at 1", $"direct at {steps}, run at {steps}", $"direct at {steps}, run at 1"];
        string[] notes = ["each network begins with the one before", "as many epochs in all", "as many epochs", "the same networks, steps taken away without training"];
        var results = names.Select(_ => new List<ArmResult>()).ToArray();
        for (int s = 0; s < seeds; s++)
        {
            ulong seed = context.Seed + (ulong)s;
            List<EpochMetrics> chain = [], direct = [], many = [];
            results[0].Add(Measure(OneStepRun.Chain(options, seed, train, Part(s, 0), chain), chain, 1));
            results[1].Add(Measure(OneStepRun.Direct(options, 1, seed, train, Part(s, 1), direct), direct, 1));
            var network = OneStepRun.Direct(options, steps, seed, train, Part(s, 2), many);
            results[2].Add(Measure(network, many, steps));
            results[3].Add(Measure(network, many, 1));
        }
        return new ExperimentResult(
            names.SelectMany((name, a) => ArmResult.Rows(name, results[a], notes[a])).ToArray(),
            names[..3].Select((name, a) => Curve(name, results[a])).ToArray(),
            Notes(options, train.Count, test.Count, context.Quick, results[0][0].Network));

        ExperimentContext Part(int seed, int arm) => context with
        {
            Progress = (share, text) => context.Progress((3 * seed + arm + share) / (3 * seeds), $"{names[arm]}, seed {seed + 1} of {seeds}: {text}"),
        };

        ArmResult Measure(Network<float> network, List<EpochMetrics> epochs, int at) =>
            ArmResult.Of(BatchNormFolding.Fold(network), epochs, new HistogramData(test, at, EventAugmentation.None), context.Stop);
    }

    internal static NmnistData First(NmnistData data, int count)
    {
        if (count >= data.Count) return data;
        return NmnistData.Of(DigitEvents.Of(data).Take(count).ToArray(), new NmnistOptions());
    }

    private static ExperimentCurve Curve(string arm, List<ArmResult> seeds) => new(
        arm, "epoch", "accuracy on the varied training samples, %",
        seeds[0].Epochs.Select((_, e) => (e + 1.0, Interval.OfMean(seeds.Select(r => 100 * r.Epochs[e].Accuracy).ToArray()))).ToArray());

    private static string[] Notes(OneStepOptions options, int train, int test, bool quick, Network<float> network) =>
    [
        FormattableString.Invariant($"N-MNIST: {train} training and {test} test recordings as images of event counts, 3 movements x 2 polarities; {options.Epochs} epochs in all per arm; nothing was chosen by the test recordings. Intervals are Student's over seeds and leave out the chance of the {test} test samples (at 95 %: about ±4.3 points for 100)."),
        FormattableString.Invariant($"{network.Parameters.Sum(p => p.Value.Length)} parameters after folding. The image is the current of every step, so the first layer multiplies at every step: products grow with the steps. Epochs of more steps cost more time: equal epochs are not equal work, and the chain does more of it than direct training at one step."),
        "Differs from the paper: no network without spikes in front of the chain, normalisation folded after training instead of before, digits instead of photographs.",
        "Non-spiking floor: a ridge regression on log event counts in 3 time bins gets 95 of the 100 test recordings right.",
        .. quick ? ["Quick: too little training to compare anything."] : (string[])[],
    ];
}
