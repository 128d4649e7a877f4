namespace EdgeAutonomy.Learning;

/// <summary>Step parameters of three-body integrations: fixed, by accept and reject, by look-ahead, learned; error against cost on seeds that nothing was chosen on.</summary>
/// <remarks>
/// Source: arXiv 2502.12809 (doi 10.1016/j.cnsns.2025.108723) for the problem and Hermite's formulation; fixed-step integrators, the statistics and the forecast are ours. Cost is a count, never wall time. Tolerances, shares and
/// settings were chosen on the validation seeds 100…199; training seeds are 1000 and above.
/// </remarks>
public sealed class ThreeBodyExperiment : IExperiment
{
    /// <inheritdoc/>
    public string Name => "three-body";

    /// <inheritdoc/>
    public string Summary => "Error against cost of step-size policies for the three-body problem.";

    /// <inheritdoc/>
    public string Source => "arXiv 2502.12809 (Hermite; fixed-step integrators and statistics are ours)";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Run(context, context.Quick ? ThreeBodyPlan.Quick : new ThreeBodyPlan(), ThreeBodyCase.All(context.Quick));
    }

    internal static ExperimentResult Run(ExperimentContext context, ThreeBodyPlan plan, IReadOnlyList<ThreeBodyCase> cases)
    {
        int done = 0;
        var arms = new ThreeBodyArms(plan, context.Seed, context.Seeds, Tell, context.Stop);
        var report = new ThreeBodyReport(plan);
        foreach (ThreeBodyCase c in cases)
        {
            report.Add(c, arms.Play(c), Tell);
            done++;
        }
        if (plan.All.Any(arms.TrainingSeeds.Contains)) throw new InvalidOperationException("Bug in EdgeAutonomy.Learning: a test seed is among the training seeds of a forecast.");
        report.Notes.AddRange(
        [
            $"Test sets: A = seeds {plan.A[0]} to {plan.A[^1]}, B = {plan.B[0]} to {plan.B[^1]}{(plan.C.Count > 0 ? $", C = {plan.C[0]} to {plan.C[^1]}" : "")}, {plan.Checks} checks of 0.1 yr; rows without a set are over all of them. Forecasts were trained on {arms.TrainingSeeds.Count} initial conditions with seeds of 1000 and above.",
            "The energy error stands for the error of the orbit; it is not the same thing. Intervals are paired bootstraps over training seeds and episodes, 95 %.",
            "\"x\" is the factor of cost against the cheapest random mixture of the front's arms with the same mean log10 error; 0 = no mixture is as accurate.",
        ]);
        return new ExperimentResult(report.Rows, report.Curves, report.Notes);

        void Tell(string what) => context.Progress((double)done / cases.Count, what);
    }
}
