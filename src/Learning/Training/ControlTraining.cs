using System.Text;

namespace EdgeAutonomy.Learning;

/// <summary>Trains a policy of a control task: <c>edge train cartpole-ppo</c>.</summary>
/// <remarks>The actor that did best on validation is shipped; the last one is reported beside it. Quick = a tenth of the steps.</remarks>
/// <param name="recipe">What is trained and how.</param>
public sealed class ControlTraining(ControlRecipe recipe) : ITraining
{
    /// <inheritdoc/>
    public string Name => recipe.Name;

    /// <inheritdoc/>
    public string Summary => recipe.Summary;

    /// <inheritdoc/>
    public string Ending => recipe.Ending;

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(context);
        var run = recipe.Run(context.Seed, context.Quick, checkpoint, context.Progress, context.Stop);
        int episodes = run.BestTest.Returns.Count;
        return new TrainingOutcome(
            recipe.Export(run.Best),
            FormattableString.Invariant($"{recipe.Environment().Name}: {episodes} test episodes from seed {AgentTrainingOptions.FirstTestSeed} on, which no choice rests on"),
            "mean return of the best actor", run.BestTest.Return, Curves(run.Log))
        {
            Companions = new Dictionary<string, byte[]>
            {
                [".curves.csv"] = Encoding.UTF8.GetBytes(run.Log.ToCsv(context.Seed)),
                ["." + EventLog.NamePart + ".0.edge"] = EventLog.ToBytes(run.Log),
            },
            Notes =
            [
                FormattableString.Invariant($"best on validation: step {run.BestStep:N0}, {run.BestValidation:0.0} there, {run.BestTest.Return.Value:0.0} in the test; last iterate: {run.LastTest.Return.Value:0.0} in the test"),
            ],
        };
    }

    private static ExperimentCurve[] Curves(LearningLog log)
    {
        (double, Interval)[] Points(int name) => [.. Enumerable.Range(0, log.Steps.Count).Select(i => ((double)log.Steps[i], new Interval(log[i, name], double.NaN, double.NaN, 1)))];
        return [.. log.Names.Select((name, i) => (name, i)).Where(n => n.name.EndsWith("/return", StringComparison.Ordinal)).Select(n => new ExperimentCurve(n.name[..^"/return".Length], "environment steps", "mean return", Points(n.i)))];
    }
}
