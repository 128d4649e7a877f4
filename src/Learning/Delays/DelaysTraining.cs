namespace EdgeAutonomy.Learning;

/// <summary>Trains the delay network that ships: temporal motifs, delays in whole steps of one millisecond.</summary>
/// <remarks>The delays are trained, rounded, and the weights trained on. The last epoch's network is taken: nothing is chosen by the test samples.</remarks>
public sealed class DelaysTraining : ITraining
{
    private const double StepSeconds = 1e-3;
    private readonly DelayRecipe _recipe;

    /// <summary>Makes the training.</summary>
    public DelaysTraining()
        : this(new DelayRecipe { Hidden = 32, Epochs = 60, RoundedEpochs = 20, TestSamples = 4000 })
    {
    }

    internal DelaysTraining(DelayRecipe recipe) => _recipe = recipe;

    /// <inheritdoc/>
    public string Name => "delays";

    /// <inheritdoc/>
    public string Summary => "Tells ten temporal motifs on 40 channels apart, which differ in nothing but the delays between the channels.";

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        var recipe = context.Quick ? _recipe with { Epochs = Math.Max(1, _recipe.Epochs / 4), RoundedEpochs = Math.Max(1, _recipe.RoundedEpochs / 4) } : _recipe;
        int more = recipe.RoundedEpochs;
        double first = recipe.Epochs / (double)(recipe.Epochs + more);
        var run = new DelayRun(recipe, context.Seed);
        var validation = new MotifData(recipe.Task, context.Seed, 2, Math.Min(500, recipe.TestSamples));
        var epochs = run.Train(validation, Math.Max(1, recipe.Epochs / 20), checkpoint, (share, text) => context.Progress(first * share, text), context.Stop);
        run.TrainRounded((share, text) => context.Progress(first + (1 - first) * share, "delays rounded, " + text), context.Stop);
        var tested = run.Evaluate(run.Test, context.Stop);
        var task = recipe.Task;
        string data = FormattableString.Invariant($"synthetic motifs of seed {context.Seed}: {recipe.Samples} new samples in each of {recipe.Epochs + more} epochs, {task.Channels} channels, {task.Steps} steps of 1 ms, jitter {task.Jitter} ms, noise {100 * task.NoiseFrom:0} to {100 * task.NoiseTo:0} %; tested on {recipe.TestSamples} others");
        var points = epochs.Where(e => !double.IsNaN(e.ValidationAccuracy))
            .Select(e => ((double)(e.Epoch + 1), Interval.OfShare((long)Math.Round(e.ValidationAccuracy * validation.Count), validation.Count))).ToArray();
        return new TrainingOutcome(
            NirExport.Graph(run.Network, StepSeconds), data, "test accuracy", Interval.OfShare(tested.Hits, tested.Count), [new ExperimentCurve("validation samples", "epoch", "accuracy, 0 to 1", points)]);
    }
}
