namespace EdgeAutonomy.Learning;

/// <summary>The one-step oracle of a price: tries every rung, keeps the least err + λ·work, and pays only for that one. A bound, not a method.</summary>
/// <param name="price">λ, at least 0.</param>
public sealed class LagrangeArm(double price) : StepArm(FormattableString.Invariant($"oracle-lagrange/{price:0.#e0}"), ArmFamily.Oracle)
{
    /// <inheritdoc/>
    public override ThreeBodyTransition Step(ThreeBodyEnvironment environment, ReadOnlySpan<float> seen, Span<float> next, ref ArmWork work)
    {
        ThreeBodyCheckpoint before = environment.Save(), best = before;
        ThreeBodyTransition bestMade = default;
        double least = double.PositiveInfinity;
        long last = 0;
        int coarsest = environment.ActionCount - 1;
        for (int rung = coarsest; rung >= 0; rung--)
        {
            // Work only grows towards finer rungs: where the price of the last one was above the best sum already, nothing finer can win.
            if (price * last >= least) break;
            if (rung != coarsest) environment.Restore(before);
            ThreeBodyTransition made = environment.Step(rung, next);
            last = Cost(environment, made);
            work.Trials++;
            double sum = ErrorOf(made) + (price * last);
            if (!(sum < least) && rung != coarsest) continue;
            (best, bestMade, least) = (environment.Save(), made, sum);
        }
        environment.Restore(best);
        environment.Look(next);
        work.Accepted += Cost(environment, bestMade);
        return bestMade;
    }
}
