namespace EdgeAutonomy.Learning;

/// <summary>How one way of choosing periods did, episode by episode.</summary>
/// <param name="Goals">Whether the goal was reached.</param>
/// <param name="Contacts">Whether something was touched.</param>
/// <param name="Returns">The undiscounted return, without the cost of decisions.</param>
/// <param name="LooksPerSecond">Cycles of the loop per second.</param>
/// <param name="Watts">Mean power of sensing and deciding.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record RoverTrial(bool[] Goals, bool[] Contacts, double[] Returns, double[] LooksPerSecond, double[] Watts, double[] Seconds)
{
    /// <summary>Chooses among the allowed actions.</summary>
    /// <param name="observation">What is seen.</param>
    /// <param name="allowed">The mask.</param>
    public delegate int Chooser(ReadOnlySpan<float> observation, ReadOnlySpan<bool> allowed);

    public static RoverTrial Of(RoverTask task, Chooser choose, ulong firstSeed, int episodes, CancellationToken stop)
    {
        var environment = new RoverEnvironment(task with { DiscountPerSecond = 1 });
        float[] seen = new float[environment.ObservationSpace.Width];
        bool[] allowed = new bool[((DiscreteSpace)environment.ActionSpace).Count];
        return Of(environment, seen, _ =>
        {
            environment.Allowed(allowed);
            return choose(seen, allowed);
        }, firstSeed, episodes, stop);
    }

    /// <summary>Plays episodes of one who may look inside the world.</summary>
    public static RoverTrial Of(RoverTask task, Func<RoverEpisode, int> choose, ulong firstSeed, int episodes, CancellationToken stop)
    {
        var environment = new RoverEnvironment(task with { DiscountPerSecond = 1 });
        return Of(environment, new float[environment.ObservationSpace.Width], choose, firstSeed, episodes, stop);
    }

    private static RoverTrial Of(RoverEnvironment environment, float[] seen, Func<RoverEpisode, int> choose, ulong firstSeed, int episodes, CancellationToken stop)
    {
        bool[] goals = new bool[episodes], contacts = new bool[episodes];
        double[] returns = new double[episodes], looks = new double[episodes], watts = new double[episodes], seconds = new double[episodes];
        for (int i = 0; i < episodes; i++)
        {
            stop.ThrowIfCancellationRequested();
            environment.Reset(firstSeed + (ulong)i, seen);
            StepResult result;
            do
            {
                result = environment.Step([choose(environment.Episode)], seen);
                returns[i] += result.Reward;
            }
            while (!result.Done);
            (goals[i], contacts[i], seconds[i]) = (environment.ReachedGoal, environment.Collided, environment.Seconds);
            (looks[i], watts[i]) = (environment.Looks / environment.Seconds, environment.Joules / environment.Seconds);
        }
        return new RoverTrial(goals, contacts, returns, looks, watts, seconds);
    }
}
