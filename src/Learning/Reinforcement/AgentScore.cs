namespace EdgeAutonomy.Learning;

/// <summary>How an actor did over a number of episodes.</summary>
/// <param name="Returns">The undiscounted return of each episode, in the order of their seeds.</param>
/// <param name="Decisions">Decisions of all episodes together.</param>
/// <param name="Ticks">Ticks of all episodes together.</param>
/// <param name="Joules">Energy of all episodes together, in J.</param>
/// <param name="Seconds">Time of all episodes together in the environment, in s.</param>
public sealed record AgentScore(IReadOnlyList<double> Returns, long Decisions, long Ticks, double Joules, double Seconds)
{
    /// <summary>Gets the mean return with its interval over episodes.</summary>
    public Interval Return => Interval.OfMean(Returns.ToArray());

    /// <summary>Gets the decisions per tick; 1 where actions are not held.</summary>
    public double DecisionsPerTick => (double)Decisions / Ticks;

    /// <summary>Gets the mean power, in W.</summary>
    public double Watts => Joules / Seconds;

    /// <summary>Plays episodes without exploring. Where actions are held, make the environment with the discount 1, or returns are discounted.</summary>
    /// <param name="actor">Who acts.</param>
    /// <param name="environment">Where; another one than that of training.</param>
    /// <param name="firstSeed">The seed of the first episode; the next ones follow.</param>
    /// <param name="episodes">How many, at least 1.</param>
    /// <param name="stop">Ends it between two episodes.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static AgentScore Of(IActor actor, IEnvironment environment, ulong firstSeed, int episodes, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfLessThan(episodes, 1);
        var masked = environment is IMaskedEnvironment { IsMasked: true } m ? m : null;
        int choices = environment.ActionSpace switch { DiscreteSpace d => d.Count, HeldSpace h => h.Rungs, _ => 0 };
        bool[] allowed = new bool[masked is null ? 0 : choices];
        float[] seen = new float[environment.ObservationSpace.Width], action = new float[environment.ActionSpace.Width];
        var returns = new double[episodes];
        long decisions = 0, ticks = 0;
        double joules = 0;
        for (int i = 0; i < episodes; i++)
        {
            stop.ThrowIfCancellationRequested();
            environment.Reset(firstSeed + (ulong)i, seen);
            StepResult result;
            do
            {
                masked?.Allowed(allowed);
                actor.Act(seen, allowed, action);
                result = environment.Step(action, seen);
                returns[i] += result.Reward;
                decisions++;
                ticks += result.Ticks;
                joules += result.Joules;
            }
            while (!result.Done);
        }
        return new AgentScore(returns, decisions, ticks, joules, ticks * environment.TickSeconds);
    }
}
