namespace EdgeAutonomy.Learning;

/// <summary>What the reinforcement learners reach on the reference tasks, over seeds: <c>edge reproduce learning-core</c>.</summary>
public sealed class LearningCoreExperiment : IExperiment
{
    private static readonly ControlRecipe[] Recipes = [ControlRecipes.CartPolePpo, ControlRecipes.CartPoleDqn, ControlRecipes.PendulumSac];

    /// <inheritdoc/>
    public string Name => "learning-core";

    /// <inheritdoc/>
    public string Summary => "PPO and double DQN on CartPole-v1 and SAC on Pendulum-v1: best checkpoint on validation and last iterate, each on 100 fresh test episodes per seed.";

    /// <inheritdoc/>
    public string Source => "Schulman et al. 2017 (arXiv 1707.06347), van Hasselt et al. 2016 (arXiv 1509.06461), Haarnoja et al. 2018 (arXiv 1812.05905); presets of RL Baselines3 Zoo.";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var rows = new List<ExperimentRow>();
        var curves = new List<ExperimentCurve>();
        var notes = new List<string>();
        for (int r = 0; r < Recipes.Length; r++)
        {
            var recipe = Recipes[r];
            var runs = new AgentRun[context.Seeds];
            for (int s = 0; s < runs.Length; s++)
            {
                double done = (r + (double)s / runs.Length) / Recipes.Length, part = 1.0 / runs.Length / Recipes.Length;
                runs[s] = recipe.Run(context.Seed + (ulong)s, context.Quick, null, (share, text) => context.Progress(done + part * share, $"{recipe.Name}, {text}"), context.Stop);
            }
            Report(recipe, "best on validation", [.. runs.Select(x => x.BestTest)], rows, notes, context.Seed);
            Report(recipe, "last iterate", [.. runs.Select(x => x.LastTest)], rows, notes, context.Seed);
            curves.Add(Curve(recipe, runs));
        }
        notes.Add("Seeds of episodes: training has the highest bit set, validation 20 000 and up (20 episodes), test 10 000 and up (100 episodes). Networks, curves and tables are a function of the seeds alone.");
        notes.Add("The presets of PPO and SAC are those of RL Baselines3 Zoo, that of double DQN is this project's; none was tuned on these seeds.");
        return new ExperimentResult(rows, curves, notes);
    }

    private static void Report(ControlRecipe recipe, string which, AgentScore[] tests, List<ExperimentRow> rows, List<string> notes, ulong first)
    {
        double[] means = [.. tests.Select(t => t.Return.Value)];
        int reached = means.Count(m => m >= recipe.Goal);
        string goal = FormattableString.Invariant($"seeds at {recipe.Goal:0} or above");
        rows.Add(new ExperimentRow($"{recipe.Name}, {which}", "mean return of 100 test episodes", Interval.OfMean(means), means.Length, FormattableString.Invariant($"worst seed {means.Min():0.0}")));
        rows.Add(new ExperimentRow($"{recipe.Name}, {which}", goal, Interval.OfShare(reached, means.Length), means.Length, $"{reached} of {means.Length}"));
        notes.Add(FormattableString.Invariant($"{recipe.Name}, {which}, seeds {first} and up: {string.Join(" / ", means.Select(m => FormattableString.Invariant($"{m:0.0}")))}."));
    }

    private static ExperimentCurve Curve(ControlRecipe recipe, AgentRun[] runs)
    {
        var log = runs[0].Log;
        int name = log.Names.ToList().IndexOf("validation/return");
        var points = new (double, Interval)[log.Steps.Count];
        for (int i = 0; i < points.Length; i++)
        {
            double[] values = [.. runs.Select(r => r.Log[i, name])];
            points[i] = (log.Steps[i], Interval.OfMean(values));
        }
        return new ExperimentCurve(recipe.Name, "environment steps", recipe.Goal < 0 ? "validation return, Pendulum-v1" : "validation return, CartPole-v1", points);
    }
}
