namespace EdgeAutonomy.Learning;

/// <summary>Tries rungs from coarse to fine and keeps the first whose energy error is small enough; if none is, the least bad.</summary>
public sealed class RetryArm : StepArm
{
    private readonly Acceptance _rule;
    private readonly RetryStart _start;
    private readonly bool _pays;
    private readonly Func<ReadOnlySpan<float>, int>? _policy;
    private int _last;

    /// <summary>Makes an accept/reject controller.</summary>
    /// <param name="rule">When an interval is accepted.</param>
    /// <param name="start">Where the search begins.</param>
    /// <param name="pays">Whether rejected trials are charged; without, it is the greedy oracle: the same trajectory, a bound and not a method.</param>
    public RetryArm(Acceptance rule, RetryStart start = RetryStart.Coarsest, bool pays = true)
        : base(rule.Name(!pays ? "oracle-greedy" : start == RetryStart.Warm ? "retry-warm" : "retry"), pays ? ArmFamily.Retry : ArmFamily.Oracle) =>
        (_rule, _start, _pays) = (rule, start, pays);

    /// <summary>Makes a learned controller with a test: the search begins at the policy's rung and goes finer.</summary>
    /// <param name="rule">When an interval is accepted.</param>
    /// <param name="policy">Gives the rung to begin at.</param>
    /// <param name="name">What learned it, for tables.</param>
    public RetryArm(Acceptance rule, Func<ReadOnlySpan<float>, int> policy, string name)
        : base(rule.Name(name), ArmFamily.Learned) => (_rule, _start, _pays, _policy) = (rule, RetryStart.Coarsest, true, policy);

    /// <inheritdoc/>
    public override void Begin(uint seed) => _last = int.MaxValue;

    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        int coarsest = environment.ActionCount - 1;
        int from = _policy is not null ? _policy(seen) : _start == RetryStart.Warm && _last < coarsest ? _last + 1 : coarsest;
        if (_policy is not null) work.Inferences++;
        ThreeBodyCheckpoint before = environment.Save(), best = before;
        ThreeBodyTransition bestMade = default;
        double least = double.PositiveInfinity;
        long spent = 0;
        bool accepted = false;
        for (int rung = from; rung >= 0 && !accepted; rung--)
        {
            if (rung != from) environment.Restore(before);
            ThreeBodyTransition made = environment.Step(rung, next);
            long cost = Cost(environment, made);
            double error = ErrorOf(made);
            work.Trials++;
            spent += cost;
            accepted = error <= _rule.Limit(cost);
            if (!accepted && !(error < least) && rung != from) continue;
            (best, bestMade, least, _last) = (environment.Save(), made, error, rung);
        }
        environment.Restore(best);
        environment.Look(next);
        long kept = Cost(environment, bestMade);
        work.Accepted += kept;
        if (_pays) work.Rejected += spent - kept;
        return bestMade;
    }
}
