namespace EdgeAutonomy.Learning;

/// <summary>Policies that choose how long to hold, where every decision costs, against every fixed duration: <c>edge reproduce switch-cost</c>.</summary>
public sealed class SwitchCostExperiment : IExperiment
{
    private const int Rungs = 4, Episodes = 100;
    private const double Discount = 0.99, CartPoleCost = 0.3, PendulumCost = 0.5;

    private static SacOptions Fixed { get; } = SacOptions.Pendulum with { BatchSize = 128, DecisionCost = PendulumCost, Discount = Discount };

    // With the usual share of 0.3 durations that are rarely taken look bad for want of practice, and the agent decides often (tried on seed 101).
    private static SacOptions Elastic { get; } = Fixed with { RungEntropyShare = 0.5, RungEntropyWeight = 0.3 };

    /// <inheritdoc/>
    public string Name => "switch-cost";

    /// <inheritdoc/>
    public string Summary => "Holding an action for a chosen time where every decision costs: double DQN over force and duration on CartPole-v1 and elastic SAC on Pendulum-v1 against an agent trained at every fixed duration.";

    /// <inheritdoc/>
    public string Source => "TaCoS (arXiv 2406.01163): switch-cost formulation; the agents and tasks are this project's, so no number of the paper can be expected.";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var arms = Arms(context.Quick);
        var rows = new List<ExperimentRow>();
        int seeds = Math.Min(context.Seeds, context.Quick ? 2 : 3);
        for (int a = 0; a < arms.Length; a++)
        {
            var tests = new AgentScore[seeds];
            for (int s = 0; s < seeds; s++)
            {
                double done = (a + (double)s / seeds) / arms.Length;
                var options = new AgentTrainingOptions
                {
                    Steps = arms[a].Steps, ValidateEvery = Math.Max(1, arms[a].Steps / 20), TestEpisodes = Episodes,
                    Progress = (share, text) => context.Progress(done + share / arms.Length / seeds, $"{arms[a].Name}, {text}"),
                };
                tests[s] = new AgentTraining(arms[a].Agent(context.Seed + (ulong)s), new CostedEnvironment(arms[a].Environment(1), arms[a].Cost), options).Run(context.Stop).BestTest;
            }
            Report(arms[a], tests, rows);
        }
        return new ExperimentResult(rows, [],
        [
            FormattableString.Invariant($"Score = undiscounted return − cost · decisions, the measure that checkpoints were chosen by; durations of 1, 2, 4 and 8 ticks; {Episodes} test episodes per seed, {seeds} seeds, at most 3: small samples."),
            "The elastic agent's share and first weight of the durations' entropy were chosen on seed 101; fixed durations have the preset's. No other setting was tuned.",
            "A fixed duration has its own trained agent, of the same kind and as many environment decisions.",
        ]);
    }

    private static void Report(Arm arm, AgentScore[] tests, List<ExperimentRow> rows)
    {
        string note = FormattableString.Invariant($"{arm.Cost} per decision, {arm.Steps:N0} decisions of training");
        rows.Add(new ExperimentRow(arm.Name, "score", Interval.OfMean([.. tests.Select(t => t.Return.Value)]), tests.Length, note));
        rows.Add(new ExperimentRow(arm.Name, "return", Interval.OfMean([.. tests.Select(t => t.Return.Value + arm.Cost * t.Decisions / t.Returns.Count)]), tests.Length));
        rows.Add(new ExperimentRow(arm.Name, "decisions per tick", Interval.OfMean([.. tests.Select(t => t.DecisionsPerTick)]), tests.Length));
    }

    private static Arm[] Arms(bool quick)
    {
        long cartPole = quick ? 4000 : 40_000, pendulum = quick ? 2000 : 20_000;
        var arms = new List<Arm>();
        for (int k = -1; k < Rungs; k++)
        {
            int rung = k;
            IEnvironment Held(IEnvironment inner, double discount) => rung < 0 ? new HeldEnvironment(inner, Rungs, discount) : new HeldEnvironment(inner, 1, discount, rung);
            string which = k < 0 ? "chosen durations" : FormattableString.Invariant($"fixed, {1 << k} ticks");
            arms.Add(new Arm($"CartPole-v1, double DQN, {which}", CartPoleCost, cartPole, d => Held(new CartPole(), d), seed => new DoubleDqn(
                new VectorEnvironment(Held(new CartPole(), Discount)), new DoubleDqnOptions { Rungs = rung < 0 ? Rungs : 1, DecisionCost = CartPoleCost, Discount = Discount }, seed)));
            arms.Add(new Arm($"Pendulum-v1, elastic SAC, {which}", PendulumCost, pendulum, d => Held(new Pendulum(), d), seed => new Sac(
                new VectorEnvironment(Held(new Pendulum(), Discount)), rung < 0 ? Elastic : Fixed, seed)));
        }
        return [.. arms.OrderBy(a => a.Name, StringComparer.Ordinal)];
    }

    private sealed record Arm(string Name, double Cost, long Steps, Func<double, IEnvironment> Environment, Func<ulong, IAgent> Agent);
}
