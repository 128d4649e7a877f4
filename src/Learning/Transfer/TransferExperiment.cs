namespace EdgeAutonomy.Learning;

/// <summary>From pictures to events: a curriculum that replaces drawn digits by few labelled recordings, against recordings alone and a constant mixture.</summary>
public sealed class TransferExperiment : IExperiment
{
    private const string Accuracy = "test accuracy, %", Alignment = "linear CKA of recordings and pictures", Control = "linear CKA, pictures moved on by one";
    private static readonly (string Name, TransferCurriculum Curriculum)[] Arms =
    [
        ("events only", TransferCurriculum.EventsOnly), ("rising share of events", TransferCurriculum.Rising),
        ("constant share of events", TransferCurriculum.Constant), ("pictures only", TransferCurriculum.PicturesOnly),
    ];

    private readonly TransferRecipe _recipe;

    /// <summary>Makes the experiment.</summary>
    public TransferExperiment()
        : this(new TransferRecipe())
    {
    }

    internal TransferExperiment(TransferRecipe recipe) => _recipe = recipe;

    /// <inheritdoc/>
    public string Name => "transfer";

    /// <inheritdoc/>
    public string Summary => "From drawn pictures to few event recordings: rising against constant share of events, and events only.";

    /// <inheritdoc/>
    public string Source => "He et al. 2024, An Efficient Knowledge Transfer Strategy for Spiking Neural Networks from Static to Event Domain, arXiv 2303.13077";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        int seeds = Math.Max(1, context.Seeds);
        var recipe = context.Quick ? _recipe with { Epochs = Math.Max(1, _recipe.Epochs / 4), Recordings = [.. _recipe.Recordings.Take(1)] } : _recipe;
        bool real = context.DataFolder is { } folder && Directory.Exists(Path.Combine(folder, "events", "nmnist-small"));
        var table = new SeedTable();
        int total = seeds * recipe.Recordings.Count * Arms.Length, done = 0;
        NmnistData? all = null, test = null;
        for (int s = 0; s < seeds; s++)
        {
            ulong seed = context.Seed + (ulong)s;
            var pictures = new CounterRandom(seed).For(0x50494354);
            if (!real || all is null || test is null)
            {
                all = real ? NmnistData.Load(context.DataFolder, "train1K.txt", recipe.Data) : Drawn(recipe.Data, recipe.Recordings.Max(), pictures.For(0), context.Stop);
                test = real ? NmnistData.Load(context.DataFolder, "test100.txt", recipe.Data) : Drawn(recipe.Data, recipe.DrawnTests, pictures.For(1), context.Stop);
            }
            foreach (int count in recipe.Recordings)
            {
                // The first of one shuffle: smaller sets lie in larger ones.
                var (_, few) = DataSubset.Split(all, Math.Min(count, all.Count), seed);
                foreach (var (name, curriculum) in Arms)
                {
                    string arm = ArmOf(name, count), text = $"seed {s + 1} of {seeds}, {arm}: ";
                    double before = (double)done++ / total;
                    var run = new TransferRun(recipe, curriculum, few, seed);
                    var epochs = run.Train((share, what) => context.Progress(before + share / total, text + what), context.Stop);
                    for (int e = 0; e < epochs.Count; e++) table.AddPoint(arm, "epoch", "training accuracy, %", e + 1, 100 * epochs[e]);
                    var tested = run.Evaluate(test, context.Stop);
                    var (pairs, moved) = run.Alignment(test, pictures.For(1), context.Stop);
                    table.Add(arm, Accuracy, 100 * tested.Accuracy, curriculum == TransferCurriculum.PicturesOnly ? "no labels of recordings, only their statistics" : $"{test.Count} test recordings");
                    table.Add(arm, Alignment, pairs);
                    table.Add(arm, Control, moved);
                }
            }
        }
        foreach (int count in recipe.Recordings)
        {
            table.AddDifference(ArmOf(Arms[1].Name, count), ArmOf(Arms[0].Name, count), Accuracy);
            table.AddDifference(ArmOf(Arms[1].Name, count), ArmOf(Arms[2].Name, count), Accuracy);
        }
        return new ExperimentResult(table.Rows(), table.Curves(), Notes(recipe, real));
    }

    internal static NmnistData Drawn(NmnistOptions options, int count, CounterRandom random, CancellationToken stop)
    {
        var samples = new List<(Event[], int)>();
        for (int i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var own = random.For((ulong)i);
            samples.Add((new DrawnDigit(i % 10, own).Record(own.For(2)), i % 10));
        }
        return NmnistData.Of(samples, options);
    }

    private static string ArmOf(string name, int count) => $"{name}, {count} recordings";

    private static List<string> Notes(TransferRecipe recipe, bool real) =>
    [
        real ? "Recordings: N-MNIST, subsets of 1,000 for training drawn by the seed, 100 for testing (one is one point; a ridge regression on counts of all 1,000 gets 95)." :
            "The data folder has no events/nmnist-small: recordings are made of drawings, so both sides come from one pen and transfer is easier than it is.",
        FormattableString.Invariant($"Every arm makes {recipe.Epochs * recipe.Batches} steps of {recipe.BatchSize} samples; recordings and drawings are varied anew each time. The constant share is {100 / (recipe.Power + 1):0} %, so that as many recordings are seen as with the rising one; events only sees more of them."),
        "Pictures are drawn by strokes, not taken from MNIST; brightness on both channels in every step. Unlike the paper: only the curriculum, without its loss on feature alignment; CKA is measured, not trained.",
        "Pairs for CKA have the class in common" + (real ? ", not the digit." : " and the digit.") + " Moved on by one, pairs have nothing in common: what is left there is chance.",
    ];
}
