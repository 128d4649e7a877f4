namespace EdgeAutonomy.Learning;

/// <summary>One rung throughout.</summary>
/// <param name="rung">The rung, 0 the finest.</param>
/// <param name="parameter">Its parameter, for the name.</param>
public sealed class FixedArm(int rung, double parameter) : StepArm(FormattableString.Invariant($"fixed/{parameter:0.##e0}"), ArmFamily.Fixed)
{
    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        ThreeBodyTransition made = environment.Step(rung, next);
        work.Trials++;
        work.Accepted += Cost(environment, made);
        return made;
    }
}
