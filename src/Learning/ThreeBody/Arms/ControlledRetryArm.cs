namespace EdgeAutonomy.Learning;

/// <summary>The classical step-size controller with rejection: the next parameter follows from the last error by the order of the scheme, and a rejected interval is tried again so.</summary>
/// <remarks>
/// f = clamp(0.9·(limit/err)^(1/p), 0.2, 5) (Hairer, Nørsett and Wanner I, II.4), p = the order, because the energy error of a whole interval falls with the p-th power of the step. The coarsest rung that is at most
/// f times the last parameter; a rejected trial goes at least one rung finer. Where even the finest is rejected it is kept.
/// </remarks>
public sealed class ControlledRetryArm : StepArm
{
    private readonly Acceptance _rule;
    private readonly bool _rejects;
    private double _parameter, _lastRatio;

    /// <summary>Makes a controller.</summary>
    /// <param name="rule">When an interval is accepted.</param>
    /// <param name="rejects">Whether a bad interval is tried again; without, it is the PI controller of the error alone.</param>
    public ControlledRetryArm(Acceptance rule, bool rejects = true)
        : base(rule.Name(rejects ? "retry-order" : "error-pi"), rejects ? ArmFamily.Retry : ArmFamily.Controller) => (_rule, _rejects) = (rule, rejects);

    /// <inheritdoc/>
    public override void Begin(uint seed) => (_parameter, _lastRatio) = (0, 1);

    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        ParameterLadder ladder = environment.Options.Ladder;
        int order = environment.Options.Integrator.Order;
        // An episode begins in the middle of the ladder: nothing is known yet.
        int rung = _parameter > 0 ? AtMost(ladder, _parameter) : ladder.Count / 2;
        ThreeBodyCheckpoint before = environment.Save();
        while (true)
        {
            ThreeBodyTransition made = environment.Step(rung, next);
            long cost = Cost(environment, made);
            double ratio = Math.Clamp(ErrorOf(made) / _rule.Limit(cost), 1e-12, 1e12);
            work.Trials++;
            bool accepted = !_rejects || ratio <= 1 || rung == 0;
            double factor = _rejects ? Factor(ratio, 1.0 / order, 0) : Factor(ratio, 0.7 / (order + 1), 0.4 / (order + 1));
            if (accepted)
            {
                (_parameter, _lastRatio) = (ladder[rung] * factor, ratio);
                work.Accepted += cost;
                return made;
            }
            work.Rejected += cost;
            rung = Math.Min(rung - 1, AtMost(ladder, ladder[rung] * factor));
            environment.Restore(before);
        }
    }

    private double Factor(double ratio, double power, double previousPower) =>
        Math.Clamp(0.9 * DeterministicMath.Pow(ratio, -power) * (previousPower == 0 ? 1 : DeterministicMath.Pow(_lastRatio, previousPower)), 0.2, 5);

    private static int AtMost(ParameterLadder ladder, double parameter)
    {
        int rung = ladder.Count - 1;
        // A little room, so that rounding does not cost a rung.
        while (rung > 0 && ladder[rung] > parameter * (1 + 1e-9)) rung--;
        return rung;
    }
}
