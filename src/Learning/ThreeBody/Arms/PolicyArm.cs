namespace EdgeAutonomy.Learning;

/// <summary>A learned policy alone: the rung it names, no test after the fact.</summary>
/// <param name="name">What learned it.</param>
/// <param name="policy">Gives the rung for an observation.</param>
public sealed class PolicyArm(string name, Func<ReadOnlySpan<float>, int> policy) : StepArm(name, ArmFamily.Learned)
{
    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        ThreeBodyTransition made = environment.Step(policy(seen), next);
        work.Inferences++;
        work.Trials++;
        work.Accepted += Cost(environment, made);
        return made;
    }
}
