namespace EdgeAutonomy.Learning;

/// <summary>One way to choose the step parameter at every check of a three-body episode: an arm of the experiment.</summary>
/// <remarks>An arm may try an interval, take it back and try another; everything it tries is work. Not safe for several threads at once.</remarks>
public abstract class StepArm
{
    /// <summary>Makes an arm.</summary>
    /// <param name="name">The name in tables, parameter included, such as "retry/1e-7".</param>
    /// <param name="family">What kind it is.</param>
    private protected StepArm(string name, ArmFamily family) => (Name, Family) = (name, family);

    /// <summary>Gets the name in tables.</summary>
    public string Name { get; }

    /// <summary>Gets what kind it is.</summary>
    public ArmFamily Family { get; }

    /// <summary>Forgets the last episode.</summary>
    /// <param name="seed">The seed of the next one.</param>
    public virtual void Begin(uint seed)
    {
    }

    /// <summary>Carries the episode to its next check.</summary>
    /// <param name="environment">The environment, under way.</param>
    /// <param name="seen">The observation before.</param>
    /// <param name="next">Takes the observation after.</param>
    /// <param name="work">What was spent is added to it.</param>
    /// <returns>The transition that was kept.</returns>
    public abstract ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work);

    /// <summary>Returns the work of a transition in the environment's unit.</summary>
    private protected static long Cost(ThreeBodyEnvironment environment, in ThreeBodyTransition made) =>
        environment.Options.CostInForces ? made.Info.Integration.ForceEvaluations : made.Info.Integration.Steps;

    /// <summary>Returns the size of the energy error of an interval; infinite where the interval failed.</summary>
    private protected static double ErrorOf(in ThreeBodyTransition made)
    {
        double error = Math.Abs(made.Info.IntervalError);
        return made.Info.Integration.Outcome != IntegrationOutcome.Reached || double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
