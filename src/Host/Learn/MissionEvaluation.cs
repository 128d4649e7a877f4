using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Judges a mission policy as a robot would run it: through runtime and guard, but with no planner behind it: what succeeds is its own doing.</summary>
internal static class MissionEvaluation
{
    /// <summary>The step limit that the paper's configuration has; the literature's is 50.</summary>
    public const int PaperLimit = 40;

    /// <summary>Runs a policy over missions.</summary>
    /// <param name="weights">The policy.</param>
    /// <param name="missions">The missions.</param>
    /// <param name="numbers">Which of them.</param>
    /// <param name="progress">Told how far it is, 0 … 1.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static MissionEvaluationFigures Run(CandidateWeights weights, IMissionSet missions, IReadOnlyList<int> numbers, Action<double> progress, CancellationToken stop)
    {
        var figures = new MissionEvaluationFigures(numbers.Count);
        var line = new PolicyLine(new CandidatePolicy(weights, missions.Shape, new CandidatePolicyOptions { Alternatives = 0 }));
        var trial = new MissionTrial(TimeProvider.System);
        var scorer = new CandidateScorer(weights);
        var view = new MissionView(missions.Shape);
        for (int i = 0; i < numbers.Count; i++)
        {
            var played = trial.PlayAsync(line, missions.Start(numbers[i]), cancel: stop).GetAwaiter().GetResult();
            // A mission that was broken off says nothing about the policy.
            stop.ThrowIfCancellationRequested();
            figures.Add(played);
            Unmasked(missions.Start(numbers[i]), scorer, view, figures);
            progress((i + 1.0) / numbers.Count);
        }
        return figures;
    }

    // The same network with nobody who tells it what can be carried out: how well it knows that itself.
    private static void Unmasked(IMission mission, CandidateScorer scorer, MissionView view, MissionEvaluationFigures figures)
    {
        scorer.Reset();
        MissionStep step;
        do
        {
            mission.Describe(view);
            view.Executable.Fill(true);
            var scores = scorer.Score(view, again: false);
            int best = 0;
            for (int i = 1; i < scores.Length; i++)
            {
                if (scores[i] > scores[best]) best = i;
            }
            step = mission.Step(mission.Candidates[best].Text);
            figures.AddUnmasked(step);
        }
        while (!step.Done);
    }
}
