using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Reproduces SpikePoint's question at our scale: does the coding by |Δ| and minimum help a spiking network over points, and what does it cost beside frames?</summary>
public sealed class SpikePointExperiment : IExperiment
{
    private const int QuickRecordings = 200, QuickTest = 50, QuickEpochs = 4, QuickSeeds = 2;

    /// <inheritdoc/>
    public string Name => "spikepoint";

    /// <inheritdoc/>
    public string Summary => "Spiking network over 256 points of an event window: |Δ| and minimum against signed Δ, against event frames with as many parameters.";

    /// <inheritdoc/>
    public string Source => "Ren et al., SpikePoint: An efficient point-based spiking neural network for event cameras action recognition, ICLR 2024";

    /// <summary>Gets the network and its training.</summary>
    public SpikePointOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        var train = DigitEvents.Load(context.DataFolder, "train1K.txt", context.Stop);
        var test = DigitEvents.Load(context.DataFolder, "test100.txt", context.Stop);
        return Run(context, train, test);
    }

    internal ExperimentResult Run(ExperimentContext context, IReadOnlyList<(Event[] Events, int Class)> train, IReadOnlyList<(Event[] Events, int Class)> test)
    {
        var options = Options;
        int seeds = Math.Max(1, context.Seeds);
        if (context.Quick)
        {
            options = options with { Epochs = Math.Min(QuickEpochs, options.Epochs), Recordings = Math.Min(QuickRecordings, options.Recordings) };
            test = test.Take(QuickTest).ToArray();
            seeds = Math.Min(seeds, QuickSeeds);
        }
        train = train.Take(options.Recordings).ToArray();
        (string Name, string Note, Func<ulong, ExperimentContext, ArmResult> Train)[] arms =
        [
            ("|Δ| + minimum, spikes", "the paper's coding", (seed, c) => SpikePointRun.Points(With(PointCoding.AbsoluteMinimum, PointInput.Spikes), seed, train, test, c)),
            ("signed Δ, spikes", "what is left of the centroid is silence", (seed, c) => SpikePointRun.Points(With(PointCoding.SignedCentroid, PointInput.Spikes), seed, train, test, c)),
            ("signed Δ, current", "nothing is lost, but the first weights are multiplied", (seed, c) => SpikePointRun.Points(With(PointCoding.SignedCentroid, PointInput.Current), seed, train, test, c)),
            ("event frames", "sees all events, not 256 of them", (seed, c) => SpikePointRun.Frames(options, seed, train, test, c)),
        ];
        var results = arms.Select(_ => new List<ArmResult>()).ToArray();
        for (int s = 0; s < seeds; s++)
        {
            for (int a = 0; a < arms.Length; a++)
            {
                int done = s * arms.Length + a;
                results[a].Add(arms[a].Train(context.Seed + (ulong)s, context with
                {
                    Progress = (share, text) => context.Progress((done + share) / (seeds * arms.Length), $"{arms[done % arms.Length].Name}, seed {done / arms.Length + 1} of {seeds}: {text}"),
                }));
            }
        }
        return new ExperimentResult(
            arms.SelectMany((arm, a) => ArmResult.Rows(arm.Name, results[a], arm.Note)).ToArray(),
            arms.Select((arm, a) => Curve(arm.Name, results[a])).ToArray(),
            Notes(options, results[0][0].Network, results[^1][0].Network, train.Count, test.Count, context.Quick));

        SpikePointOptions With(PointCoding coding, PointInput input) => options with { Points = options.Points with { Coding = coding, Input = input } };
    }

    private static ExperimentCurve Curve(string arm, List<ArmResult> seeds)
    {
        var points = new List<(double, Interval)>();
        for (int e = 0; e < seeds[0].Epochs.Count; e++) points.Add((e + 1, Interval.OfMean(seeds.Select(r => 100 * r.Epochs[e].Accuracy).ToArray())));
        return new ExperimentCurve(arm, "epoch", "accuracy on the varied training samples, %", points);
    }

    private static string[] Notes(SpikePointOptions options, Network<float> points, Network<float> frames, int train, int test, bool quick) =>
    [
        FormattableString.Invariant($"N-MNIST: {train} training and {test} test recordings; {options.Epochs} epochs; nothing was chosen by the test recordings. Intervals are Student's over seeds and leave out the chance of the {test} test samples (at 95 %: about ±4.3 points for 100)."),
        FormattableString.Invariant($"Point network: {options.Points.Points} points, {options.Points.Groups} groups of {options.Points.Neighbours}, {options.Points.Steps} steps, {SpikePointNetwork.ParameterCount(points)} parameters after folding; frame network: {SpikePointNetwork.ParameterCount(frames)}."),
        "Differs from the paper: digits instead of gestures, 256 points instead of 1,024, 4 steps instead of 16, one branch instead of two, cross-entropy of the mean output instead of squared error of rates.",
        "Non-spiking floor: a ridge regression on log event counts in 3 time bins gets 95 of the 100 test recordings right.",
        .. quick ? ["Quick: too little training to compare anything."] : (string[])[],
    ];
}
