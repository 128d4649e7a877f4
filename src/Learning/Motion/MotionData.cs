namespace EdgeAutonomy.Learning;

/// <summary>The patches of one seed: to learn from, to set the gain by, and to judge by.</summary>
internal sealed class MotionData
{
    private MotionData(MotionTask task)
    {
        Task = task;
        (Training, Gain, Test) = (new PatchSet(task.Shape), new PatchSet(task.Shape), new PatchSet(task.Shape));
    }

    internal MotionTask Task { get; }

    internal PatchSet Training { get; }

    internal PatchSet Gain { get; }

    internal PatchSet Test { get; }

    /// <summary>Gets the test patches with ON and OFF taken for each other; null when not asked for.</summary>
    internal PatchSet? Swapped { get; private init; }

    /// <summary>Gets the share of pixels with an event per step in the test movies.</summary>
    internal double Activity { get; private set; }

    internal static MotionData Create(MotionTask task, MotionRecipe recipe, ulong seed, bool swap, Action<double> progress, CancellationToken stop)
    {
        task.Validate();
        var data = new MotionData(task) { Swapped = swap ? new PatchSet(task.Shape) : null };
        var texture = new MovingTexture();
        int gainMovies = Math.Max(1, recipe.TestMovies / 3), all = recipe.TrainingMovies + gainMovies + recipe.TestMovies, done = 0;
        data.Fill(data.Training, null, recipe.TrainingMovies, recipe.PatchesPerMovie, RandomStream.For(seed, "motion.training"), texture, Report);
        data.Fill(data.Gain, null, gainMovies, recipe.TestPatchesPerMovie, RandomStream.For(seed, "motion.gain"), texture, Report);
        data.Activity = data.Fill(data.Test, data.Swapped, recipe.TestMovies, recipe.TestPatchesPerMovie, RandomStream.For(seed, "motion.test"), texture, Report);
        return data;

        void Report()
        {
            stop.ThrowIfCancellationRequested();
            progress((double)++done / all);
        }
    }

    private double Fill(PatchSet patches, PatchSet? swapped, int movies, int most, RandomStream random, MovingTexture texture, Action report)
    {
        double activity = 0;
        for (int m = 0; m < movies; m++)
        {
            // A stream of its own per movie: how many numbers one takes does not change the next.
            ulong own = random.NextUInt64();
            var movie = MotionMovie.Create(Task, RandomStream.For(own, "movie"), texture);
            activity += movie.Activity();
            patches.Add(movie, most, RandomStream.For(own, "patches"));
            swapped?.Add(movie, most, RandomStream.For(own, "patches"), swap: true);
            report();
        }
        return movies == 0 ? 0 : activity / movies;
    }
}
