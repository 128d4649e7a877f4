namespace EdgeAutonomy.Perception;

/// <summary>How a policy does on recorded samples.</summary>
/// <param name="Samples">How many.</param>
/// <param name="MeanSteps">Steps until the stop.</param>
/// <param name="Accuracy">Share whose class at the stop is right.</param>
/// <param name="Coverage">Share whose set at the stop holds the true class.</param>
/// <param name="MeanSetSize">Classes in the set at the stop.</param>
/// <param name="EmptySets">How many stopped, at the last checkpoint, with an empty set.</param>
public readonly record struct ExitReport(int Samples, double MeanSteps, double Accuracy, double Coverage, double MeanSetSize, int EmptySets)
{
    /// <summary>Runs a policy over recorded samples.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="traces">The samples; not those that it was calibrated with, if the figures shall mean anything.</param>
    public static ExitReport Of(IExitPolicy policy, ExitTraces traces)
    {
        long steps = 0, right = 0, covered = 0, size = 0;
        int empty = 0;
        for (int sample = 0; sample < traces.Samples; sample++)
        {
            int step = 0;
            ExitDecision decision;
            do
            {
                step++;
                decision = policy.Decide(step, traces.Steps, traces.After(sample, step));
            }
            while (!decision.IsStop && step < traces.Steps);
            steps += step;
            if (decision.Class == traces.Labels[sample]) right++;
            if (decision.Set.Contains(traces.Labels[sample])) covered++;
            size += decision.Set.Count;
            if (decision.Set.Count == 0) empty++;
        }
        double n = traces.Samples;
        return new ExitReport(traces.Samples, steps / n, right / n, covered / n, size / n, empty);
    }
}
