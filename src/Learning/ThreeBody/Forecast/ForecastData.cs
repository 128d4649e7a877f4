namespace EdgeAutonomy.Learning;

/// <summary>States of three bodies, each with the errors that rungs made from there: the labels are what the trials of a careful retry show anyway.</summary>
/// <remarks>
/// Every state is left by the first rung that keeps a tolerance drawn for it, and rungs are tried until the error is below the floor; in the finer half some are skipped at random. What was not tried has no
/// label. A pure function of options and seed.
/// </remarks>
internal sealed class ForecastData
{
    private readonly List<float> _features = [], _labels = [];

    /// <summary>Plays the episodes.</summary>
    /// <param name="options">What is played.</param>
    /// <param name="seeds">The seeds of the initial conditions.</param>
    /// <param name="random">Draws tolerances and skips.</param>
    /// <param name="progress">Is told the share done.</param>
    /// <param name="stop">Ends it.</param>
    public ForecastData(ForecastOptions options, IReadOnlyList<uint> seeds, RandomStream random, Action<double>? progress = null, CancellationToken stop = default)
    {
        var environment = new ThreeBodyEnvironment(options.Environment with { Checks = options.Checks, ErrorStop = double.MaxValue, Observation = ThreeBodyObservation.Distance, Reward = ThreeBodyRewardKind.Ours });
        Rungs = environment.ActionCount;
        var seen = new float[environment.ObservationLength];
        for (int i = 0; i < seeds.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            progress?.Invoke((double)i / seeds.Count);
            Play(environment, seeds[i], options, random, seen);
        }
        (Features, Labels) = ([.. _features], [.. _labels]);
    }

    /// <summary>Gets the rungs per state.</summary>
    public int Rungs { get; }

    /// <summary>Gets how many states there are.</summary>
    public int Count => Features.Length / OrbitFeatures.Count;

    /// <summary>Gets the states, [state, feature].</summary>
    public float[] Features { get; }

    /// <summary>Gets log10 of the errors, [state, rung]; NaN where a rung was not tried.</summary>
    public float[] Labels { get; }

    private void Play(ThreeBodyEnvironment environment, uint seed, ForecastOptions options, RandomStream random, float[] seen)
    {
        Span<float> features = stackalloc float[OrbitFeatures.Count];
        Span<float> labels = new float[Rungs];
        environment.Reset(seed, seen);
        double lastLog = -16, lastShare = 1;
        while (environment.IsRunning)
        {
            OrbitFeatures.Write(environment.State, lastLog, lastShare, features);
            double path = random.NextDouble(options.PathTolerance.Coarse, options.PathTolerance.Fine), floor = ArmEpisode.SizeOf(options.LabelFloor);
            labels.Fill(float.NaN);
            ThreeBodyCheckpoint before = environment.Save(), best = before;
            double least = double.PositiveInfinity, log = least;
            bool kept = false;
            for (int rung = Rungs - 1; rung >= 0 && log > floor; rung -= rung > Rungs / 2 ? 1 : 1 + random.NextInt32(3))
            {
                environment.Restore(before);
                ThreeBodyTransition made = environment.Step(rung, seen);
                log = made.Info.Integration.Outcome == IntegrationOutcome.Reached ? Math.Clamp(ArmEpisode.SizeOf(made.Info.IntervalError), -16, 4) : 4;
                labels[rung] = (float)log;
                if (kept || (!(log < least) && rung != Rungs - 1)) continue;
                (best, least, lastLog, lastShare) = (environment.Save(), log, log, rung / (Rungs - 1.0));
                kept = log <= path;
            }
            environment.Restore(best);
            _features.AddRange(features);
            _labels.AddRange(labels);
        }
    }
}
