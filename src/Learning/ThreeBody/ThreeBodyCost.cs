namespace EdgeAutonomy.Learning;

/// <summary>Knows what fixed steps cost before they are taken.</summary>
internal static class ThreeBodyCost
{
    /// <summary>Returns the work of one check interval at a rung of a ladder in years, in the environment's unit.</summary>
    public static double OfCheck(ThreeBodyEnvironmentOptions options, int rung)
    {
        double step = options.Ladder[rung] / ThreeBodySystem.TimeYears;
        long steps = OrbitStep.Count(ThreeBodySystem.CheckStep, step, long.MaxValue);
        if (!options.CostInForces) return steps;
        // One step tells how many evaluations a step has.
        ThreeBodyState state = ThreeBodySystem.FromSeed(0);
        return steps * options.Integrator.Advance(ref state, step, step).ForceEvaluations;
    }
}
