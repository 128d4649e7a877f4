namespace EdgeAutonomy.Learning;

/// <summary>Trains step policies by double DQN and keeps the one that is best on validation seeds.</summary>
internal static class StepPolicies
{
    private const int ValidationEpisodes = 10, Looks = 10;

    /// <summary>Trains one policy.</summary>
    /// <param name="options">The environment; its seed set is replaced.</param>
    /// <param name="learner">How it is learned.</param>
    /// <param name="steps">Environment steps.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stop">Ends it.</param>
    public static QNetwork Train(ThreeBodyEnvironmentOptions options, DoubleDqnOptions learner, int steps, ulong seed, CancellationToken stop)
    {
        var agent = new DoubleDqn(new VectorEnvironment(new ThreeBodyTask(options with { Seeds = SeedSet.Training })), learner, seed);
        var validation = new ThreeBodyTask(options with { Seeds = SeedSet.Validation });
        var best = new QNetwork(validation.ObservationSpace.Width, learner.Hidden, validation.Environment.ActionCount);
        double most = double.NegativeInfinity;
        (uint first, _) = SeedSet.Validation.Bounds();
        for (int look = 1; look <= Looks; look++)
        {
            agent.Train((long)steps * look / Looks, stop);
            if (2 * look < Looks) continue;
            double mean = agent.Evaluate(validation, first, ValidationEpisodes).Average();
            if (mean <= most) continue;
            most = mean;
            best.MoveTowards(agent.Policy, 1);
        }
        return best;
    }

    /// <summary>Gets how double DQN learns here: 64–64, exploration that decays over the whole training and never starts over.</summary>
    public static DoubleDqnOptions Learner(int steps) => new()
    {
        Hidden = [64, 64], LearningRate = 5e-4, BatchSize = 64, TrainEvery = 2, TargetEvery = 2, TargetShare = 0.01, LearningStarts = Math.Min(1000, Math.Max(64, steps / 10)), ExplorationSteps = Math.Max(1, steps * 6 / 10), ExplorationEnd = 0.02,
        ReplayCapacity = 40_000, Discount = 0.99,
    };
}
