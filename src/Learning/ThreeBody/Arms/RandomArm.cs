namespace EdgeAutonomy.Learning;

/// <summary>A rung drawn uniformly at every check, from a generator that each episode seeds anew.</summary>
public sealed class RandomArm() : StepArm("random", ArmFamily.Controller)
{
    private readonly RandomStream _random = new(0);

    /// <inheritdoc/>
    public override void Begin(uint seed) => _random.Reseed(seed ^ RandomStream.Fnv1a("three-body-random"));

    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        ThreeBodyTransition made = environment.Step(_random.NextInt32(environment.ActionCount), next);
        work.Trials++;
        work.Accepted += Cost(environment, made);
        return made;
    }
}
