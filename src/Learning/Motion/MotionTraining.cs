namespace EdgeAutonomy.Learning;

/// <summary>Trains the motion kernel that ships: moving textures, logistic regression, pruning step by step, a gain for the tiles of the runtime.</summary>
/// <remarks>The same seed gives the same kernel, bit for bit, on every machine. One core, well under a minute.</remarks>
/// <param name="task">The movies; null = <see cref="MotionTask.Shipped"/>.</param>
/// <param name="recipe">How much training; null = all of it, or a quarter when the context is quick.</param>
/// <param name="keep">The share of synapses that are left, in (0, 1].</param>
public sealed class MotionTraining(MotionTask? task = null, MotionRecipe? recipe = null, double keep = 0.01)
{
    private readonly MotionTask _task = task ?? MotionTask.Shipped;
    private readonly double _keep = keep is > 0 and <= 1 ? keep : throw new ArgumentOutOfRangeException(nameof(keep), keep, "must be in (0, 1]");

    /// <summary>Gets the shares of synapses after which training goes on with those that are left, from the full kernel downwards.</summary>
    public static IReadOnlyList<double> PruningSteps { get; } = [0.1, 0.03, 0.01, 0.003];

    /// <summary>Trains.</summary>
    /// <param name="context">The seed (one is used), whether to be quick, progress and stop.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public MotionTrainingResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var own = recipe ?? (context.Quick ? MotionRecipe.Quick : new MotionRecipe());
        var data = MotionData.Create(_task, own, context.Seed, swap: false, p => context.Progress(0.2 * p, "movies"), context.Stop);
        var random = RandomStream.For(context.Seed, "motion.order");
        context.Progress(0.2, "training");
        var model = new MotionRegression(_task.Shape, _task.Allows);
        model.Train(data.Training, own, own.Epochs, random, context.Stop);
        var full = MotionJudge.Judge(model, data.Test, _task.WindowEvents);
        foreach (double share in PruningSteps.Where(s => s > _keep).Append(_keep))
        {
            if (share >= 1) break;
            context.Progress(0.6, FormattableString.Invariant($"pruning to {share * 100:0.##} %"));
            model = model.Copy();
            model.Prune((int)Math.Round(share * _task.Shape.Synapses));
            // The last cut is what ships: it gets as much training as the full kernel.
            model.Train(data.Training, own, share == _keep ? own.Epochs : own.PrunedEpochs, random, context.Stop);
        }
        context.Progress(0.95, "judging");
        var kernel = model.ToKernel(MotionJudge.Gain(model, data.Gain, _task.WindowEvents));
        var pruned = MotionJudge.Judge(model, data.Test, _task.WindowEvents);
        var tiles = MotionTileCheck.Within(kernel, _task, own.TestMovies, context.Seed, 20);
        context.Progress(1, "done");
        return new MotionTrainingResult(kernel, full, pruned, tiles);
    }
}
