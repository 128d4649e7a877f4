namespace EdgeAutonomy.Learning;

/// <summary>Learned delays against random delays and none, at equal numbers of weights, on temporal motifs.</summary>
/// <remarks>
/// A network of twice the hidden neurons stands beside those without trained delays: it has as many trained numbers as the one whose delays are trained. Learning
/// rates (without trained delays twice as large) and time constants were chosen on validation samples of seeds 1000 and 1001; the samples that are reported on were looked at by nobody.
/// </remarks>
public sealed class DelayExperiment : IExperiment
{
    private const string Accuracy = "test accuracy, %", Epoch = "epoch";
    private const string Slow = ", tau 10";
    private const double SlowTau = 10;
    private const string None = "no delays", Random = "random delays", Learned = "learned delays", Rounded = "learned delays, rounded", TrainedOn = "learned delays, rounded, trained on";
    private readonly DelayRecipe _recipe;

    /// <summary>Makes the experiment.</summary>
    public DelayExperiment()
        : this(new DelayRecipe())
    {
    }

    internal DelayExperiment(DelayRecipe recipe) => _recipe = recipe;

    /// <inheritdoc/>
    public string Name => "delays";

    /// <inheritdoc/>
    public string Summary => "Temporal motifs: learned delays against random delays and none, with equally many weights.";

    /// <inheritdoc/>
    public string Source => "Hammouamri, Khalfaoui-Hassani, Masquelier 2023, arXiv 2306.17670";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        int seeds = Math.Max(1, context.Seeds);
        var recipe = context.Quick ? _recipe with { Epochs = Math.Max(1, _recipe.Epochs / 3), RoundedEpochs = Math.Max(1, _recipe.RoundedEpochs / 3), Samples = Math.Max(_recipe.BatchSize, _recipe.Samples / 2), TestSamples = Math.Max(1, _recipe.TestSamples / 2) } : _recipe;
        DelayRecipe learned = recipe with { Kind = DelayKind.Learned }, random = recipe with { Kind = DelayKind.Random, LearningRate = 2 * recipe.LearningRate }, none = random with { Kind = DelayKind.None };
        (string Name, DelayRecipe Recipe)[] arms =
        [
            (None, none),
            ($"{None}, twice the neurons", none with { Hidden = 2 * none.Hidden }),
            (Random, random),
            ($"{Random}, twice the neurons", random with { Hidden = 2 * random.Hidden }),
            (Learned, learned),
            (None + Slow, none with { Tau = SlowTau }),
            (Random + Slow, random with { Tau = SlowTau }),
            (Learned + Slow, learned with { Tau = SlowTau }),
        ];
        var table = new SeedTable();
        for (int s = 0; s < seeds; s++)
        {
            ulong seed = context.Seed + (ulong)s;
            Controls(recipe, seed, table);
            for (int a = 0; a < arms.Length; a++)
            {
                context.Stop.ThrowIfCancellationRequested();
                double before = (double)(s * arms.Length + a) / (seeds * arms.Length), part = 1.0 / (seeds * arms.Length);
                string text = $"seed {s + 1} of {seeds}, {arms[a].Name}: ";
                RunArm(arms[a].Name, arms[a].Recipe, seed, table, (share, what) => context.Progress(before + share * part, text + what), context.Stop);
            }
        }
        table.AddDifference(Learned, Random, Accuracy);
        table.AddDifference(Random, None, Accuracy);
        table.AddDifference(Rounded, Learned, Accuracy);
        table.AddDifference(TrainedOn, Learned, Accuracy);
        table.AddDifference(TrainedOn, $"{Random}, twice the neurons", Accuracy);
        table.AddDifference(Learned + Slow, None + Slow, Accuracy);
        return new ExperimentResult(table.Rows(), table.Curves(), Notes(recipe, seeds, table));
    }

    private static void RunArm(string name, DelayRecipe recipe, ulong seed, SeedTable table, Action<double, string> progress, CancellationToken stop)
    {
        var run = new DelayRun(recipe, seed);
        double first = recipe.Kind == DelayKind.Learned ? recipe.Epochs / (double)(recipe.Epochs + recipe.RoundedEpochs) : 1;
        var curve = new MotifData(recipe.Task, seed, 2, Math.Min(500, recipe.TestSamples));
        var epochs = run.Train(curve, Math.Max(1, recipe.Epochs / 20), null, (share, text) => progress(first * share, text), stop);
        foreach (var e in epochs.Where(e => !double.IsNaN(e.ValidationAccuracy))) table.AddPoint(name, Epoch, "accuracy, %", e.Epoch + 1, 100 * e.ValidationAccuracy);
        var tested = run.Evaluate(run.Test, stop);
        string note = $"{run.Weights} weights" + recipe.Kind switch
        {
            DelayKind.None => "",
            DelayKind.Random => $", {run.Weights} delays that are not trained",
            _ => $", {run.TrainedDelays} trained delays",
        };
        table.Add(name, Accuracy, 100 * tested.Accuracy, note);
        if (recipe.Kind == DelayKind.Learned)
        {
            string suffix = name[Learned.Length..];
            run.Round();
            tested = run.Evaluate(run.Test, stop);
            table.Add(Rounded + suffix, Accuracy, 100 * tested.Accuracy, $"{run.Weights} weights, {run.TrainedDelays} delays of one byte");
            run.TrainRounded((share, text) => progress(first + (1 - first) * share, "delays rounded, " + text), stop);
            tested = run.Evaluate(run.Test, stop);
            table.Add(TrainedOn + suffix, Accuracy, 100 * tested.Accuracy, $"{recipe.RoundedEpochs} more epochs of the weights after rounding");
        }
        table.Add(name, "hidden spikes per sample", tested.SpikesPerSample, recipe.Kind == DelayKind.Learned ? "rounded" : "");
    }

    private static void Controls(DelayRecipe recipe, ulong seed, SeedTable table)
    {
        MotifData train = new(recipe.Task, seed, 0, Math.Max(1000, recipe.Samples)), test = new(recipe.Task, seed, 1, recipe.TestSamples);
        double chance = 100.0 / recipe.Task.Classes;
        table.Add("control: spike counts of the channels", Accuracy, 100 * MotifControls.Counts(train, test), $"nearest class mean; chance is {chance:0.#} %");
        table.Add("control: population rate over time", Accuracy, 100 * MotifControls.Rates(train, test), $"nearest class mean; chance is {chance:0.#} %");
        table.Add("ceiling: delays are known", Accuracy, 100 * MotifControls.KnownDelays(test, recipe.Task.Jitter), "matched filter, nothing is trained");
    }

    private static List<string> Notes(DelayRecipe recipe, int seeds, SeedTable table)
    {
        var task = recipe.Task;
        bool learned = table.IsAbove(Learned, Random, Accuracy), random = table.IsAbove(Random, None, Accuracy);
        return
        [
            FormattableString.Invariant($"Task: {task.Channels} channels in {task.Groups} groups that fire together, {task.Classes} classes that give the same delays of 0 to {task.Span - 1} steps to the groups in another order, {task.Steps} steps, jitter with a standard deviation of {task.Jitter} steps, {100 * task.NoiseFrom:0} to {100 * task.NoiseTo:0} % noise spikes; every seed has motifs of its own, shared by the arms."),
            FormattableString.Invariant($"Every arm has the same layers and neurons and {recipe.Epochs} epochs of {recipe.Samples} new samples; parameters are counted as weights, delays are named beside them. Twice the neurons have twice the weights: as many trained numbers as weights and delays together."),
            FormattableString.Invariant($"Membranes have tau = {recipe.Tau} steps, short as in the paper, so that only delays can bridge a motif; with tau = {SlowTau} the membranes themselves remember the order, and those rows show what is then left for delays to do."),
            seeds == 1 ? "One seed has no interval: nothing is said about which arm is better." :
                $"Learned above random: {(learned ? "yes" : "no")}; random above none: {(random ? "yes" : "no")} (95 % intervals over {seeds} seeds that do not overlap).",
            "Unlike the paper: a synthetic task instead of spoken digits, one hidden layer without normalisation and dropout, tau above 1 step, one cycle for delays too, and no choice of the best epoch.",
        ];
    }
}
