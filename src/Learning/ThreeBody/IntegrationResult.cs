namespace EdgeAutonomy.Learning;

/// <summary>What one call of an integrator did and what it cost. Costs are counts, never wall time, so that they are the same on every machine.</summary>
/// <param name="Steps">The steps taken.</param>
/// <param name="ForceEvaluations">How often the attraction of all three pairs was computed, trial steps and the evaluation at the start included.</param>
/// <param name="Outcome">Why it stopped.</param>
public readonly record struct IntegrationResult(long Steps, long ForceEvaluations, IntegrationOutcome Outcome);
