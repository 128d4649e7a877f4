using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Motion direction and speed from events: accuracy over the number of synapses and over the depth of their delays.</summary>
public sealed class MotionExperiment : IExperiment
{
    private static readonly int[] Depths = [1, 2, 4, 8, 12];
    private readonly SortedDictionary<string, Arm> _arms = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "motion";

    /// <inheritdoc/>
    public string Summary => "Tells 12 directions times 3 speeds from events: one synapse in a hundred is enough, delays are what it lives on.";

    /// <inheritdoc/>
    public string Source => "Grimaldi and Perrinet, \"Learning heterogeneous delays in a layer of spiking neurons for fast motion detection\", Biological Cybernetics 117 (2023)";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _arms.Clear();
        int seeds = context.Quick ? Math.Min(2, Math.Max(1, context.Seeds)) : Math.Max(1, context.Seeds);
        var recipe = context.Quick ? MotionRecipe.Quick : new MotionRecipe();
        var task = new MotionTask();
        for (int s = 0; s < seeds; s++) RunSeed(task, recipe, unchecked(context.Seed + (ulong)s), context, (double)s / seeds, 1.0 / seeds);
        context.Progress(1, "done");
        return Report(task, seeds);
    }

    private void RunSeed(MotionTask task, MotionRecipe recipe, ulong seed, ExperimentContext context, double from, double share)
    {
        int done = 0, all = 3 + MotionTraining.PruningSteps.Count + Depths.Length;
        var data = MotionData.Create(task, recipe, seed, swap: false, _ => { }, context.Stop);
        Tell("movies");
        var random = RandomStream.For(seed, "motion.order");
        var full = new MotionRegression(task.Shape);
        full.Train(data.Training, recipe, recipe.Epochs, random, context.Stop);
        Judge("1", "all synapses", full, data);
        Judge($"5 {task.Shape.Depth:00}", $"delay depth {task.Shape.Depth}", full, data);
        Tell("full kernel");
        var model = full;
        for (int i = 0; i < MotionTraining.PruningSteps.Count; i++)
        {
            double keep = MotionTraining.PruningSteps[i];
            model = model.Copy();
            model.Prune((int)Math.Round(keep * task.Shape.Synapses));
            model.Train(data.Training, recipe, recipe.PrunedEpochs, random, context.Stop);
            Judge($"2 {i}", FormattableString.Invariant($"{keep * 100:0.##} % of synapses"), model, data, keep);
            Tell("pruning");
        }
        foreach (int depth in Depths.Where(d => d < task.Shape.Depth))
        {
            var shallow = new MotionRegression(task.Shape);
            shallow.LimitDepth(depth);
            shallow.Train(data.Training, recipe, recipe.DepthEpochs, random, context.Stop);
            Judge($"5 {depth:00}", $"delay depth {depth}", shallow, data);
            Tell("depth");
        }
        Absolute(task with { Shape = task.Shape with { Polarity = MotionPolarity.Absolute } }, recipe, seed, context);
        Tell("absolute polarity");

        void Tell(string what) => context.Progress(from + share * Math.Min(1, (double)++done / all), $"seed {seed}: {what}");
    }

    // The published kernel takes ON and OFF as they are, and the better of both readings.
    private void Absolute(MotionTask task, MotionRecipe recipe, ulong seed, ExperimentContext context)
    {
        var data = MotionData.Create(task, recipe, seed, swap: true, _ => { }, context.Stop);
        var model = new MotionRegression(task.Shape);
        model.Train(data.Training, recipe, recipe.Epochs, RandomStream.For(seed, "motion.order"), context.Stop);
        Judge("8", "all synapses, ON and OFF as they are", model, data);
        Find("9", "all synapses, ON and OFF as they are, better of both readings", model).Scores.Add(MotionJudge.Judge(model, data.Test, task.WindowEvents, data.Swapped));
    }

    private void Judge(string key, string name, MotionRegression model, MotionData data, double keep = 1) =>
        Find(key, name, model, keep).Scores.Add(MotionJudge.Judge(model, data.Test, data.Task.WindowEvents));

    private Arm Find(string key, string name, MotionRegression model, double keep = 1)
    {
        if (!_arms.TryGetValue(key, out var arm)) _arms[key] = arm = new Arm(name, model.Synapses, keep);
        return arm;
    }

    private ExperimentResult Report(MotionTask task, int seeds)
    {
        var rows = new List<ExperimentRow>();
        foreach (var arm in _arms.Values)
        {
            string note = FormattableString.Invariant($"{arm.Synapses} synapses");
            rows.Add(new ExperimentRow(arm.Name, "window accuracy, %", arm.Percent(s => s.Window), seeds, note));
            rows.Add(new ExperimentRow(arm.Name, "window accuracy once the motion has lasted, %", arm.Percent(s => s.Settled), seeds, note));
            rows.Add(new ExperimentRow(arm.Name, "accuracy per event, %", arm.Percent(s => s.Event), seeds, note));
            rows.Add(new ExperimentRow(arm.Name, "accuracy per tile of 16 pixels, %", arm.Percent(s => s.Tile), seeds, note));
        }
        double chance = 100.0 / task.Shape.Classes;
        rows.Add(new ExperimentRow("chance", "accuracy, %", new Interval(chance, chance, chance, 0), seeds, $"{task.Shape.Classes} classes"));
        var full = _arms["1"];
        var percent = _arms[$"2 {MotionTraining.PruningSteps.ToList().IndexOf(0.01)}"];
        double[] loss = [.. full.Scores.Zip(percent.Scores, (f, p) => 100 * (f.Window - p.Window))];
        rows.Add(new ExperimentRow("all synapses less 1 % of them", "window accuracy, points", Interval.OfMean(loss), seeds, "paired by seed"));
        return new ExperimentResult(
            rows,
            [
                new ExperimentCurve("pruned by magnitude, retrained", "synapses kept", "window accuracy, %", [.. Pruned().Select(a => ((double)a.Synapses, a.Percent(s => s.Window)))]),
                new ExperimentCurve("pruned by magnitude, retrained, per event", "synapses kept", "accuracy per event, %", [.. Pruned().Select(a => ((double)a.Synapses, a.Percent(s => s.Event)))]),
                new ExperimentCurve("depth of delays", "steps seen", "window accuracy, %", [.. Depths.Where(d => d <= task.Shape.Depth).Select(d => ((double)d, _arms[$"5 {d:00}"].Percent(s => s.Window)))]),
            ],
            [
                FormattableString.Invariant($"{task.Shape.Directions} directions times {task.Shape.Speeds.Count} speeds ({string.Join(", ", task.Shape.Speeds)} px/step), {task.Shape.Depth} steps, a field of {task.Shape.Side}x{task.Shape.Side}, two channels: {task.Shape.Synapses} synapses; a window is {task.WindowSteps} steps of a {task.Size}x{task.Size} movie."),
                "Windows of one motion count even where synapses still see the motion before; the rows 'once the motion has lasted' leave those out.",
                "Unlike the paper, the channels are 'same sign as the event' and 'other sign'; the rows 'ON and OFF as they are' are the paper's, with and without its maximum over both readings.",
                "The paper has 21 delays and 17x17 pixels (436,968 synapses), natural-like scenes, and reports about 91 %; movies, rates and sizes here differ, so the figures cannot be set side by side.",
            ]);

        IEnumerable<Arm> Pruned() => _arms.Where(a => a.Key == "1" || a.Key.StartsWith('2')).Select(a => a.Value).OrderBy(a => a.Synapses);
    }

    private sealed record Arm(string Name, int Synapses, double Keep)
    {
        public List<MotionScore> Scores { get; } = [];

        public Interval Percent(Func<MotionScore, double> what) => Interval.OfMean([.. Scores.Select(s => 100 * what(s))]);
    }
}
