using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Compares ways to spread one return over the steps of a mission: <c>edge reproduce spa</c> (notes H).</summary>
/// <remarks>The table is reported whatever it shows. Everything but wall times is a function of plan and seeds.</remarks>
public sealed class SpaExperiment : IExperiment
{
    private readonly IMissionSet _training, _evaluation;
    private readonly SpaPlan _plan;

    /// <summary>Makes the experiment for a pair of mission sets.</summary>
    /// <param name="training">What is learned from; its held-out missions are not started.</param>
    /// <param name="evaluation">What is judged on: its held-out missions, or all where it holds none out.</param>
    /// <param name="plan">Arms and budgets; null = the defaults.</param>
    public SpaExperiment(IMissionSet training, IMissionSet evaluation, SpaPlan? plan = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(evaluation);
        (_training, _evaluation, _plan) = (training, evaluation, plan ?? new SpaPlan());
    }

    /// <inheritdoc/>
    public string Name => _plan.Name;

    /// <inheritdoc/>
    public string Summary => $"Terminal, uniform, RUDDER, RRD, SPA and potential-based rewards for missions of '{_training.Name}', from one cloned policy and with the same episodes each.";

    /// <inheritdoc/>
    public string Source => "SPA (arXiv 2505.20732), RUDDER (arXiv 1806.07857), RRD (arXiv 2111.13485), potential-based shaping (Ng, Harada, Russell 1999); PPO (arXiv 1707.06347).";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = context.Quick ? _plan.Quick() : _plan;
        SpaArm[] arms = [.. plan.Arms.Where(a => !a.OnHidden || plan.Hidden is not null)];
        int seeds = Math.Max(1, context.Seeds);
        var outcomes = new SpaOutcome[arms.Length, seeds];
        for (int s = 0; s < seeds; s++)
        {
            ulong seed = context.Seed + (ulong)s;
            context.Progress((double)s / seeds, FormattableString.Invariant($"seed {seed}, cloning"));
            SpaRun? near = null, far = null;
            for (int a = 0; a < arms.Length; a++)
            {
                var run = arms[a].OnHidden ? far ??= new SpaRun(plan, plan.Hidden!.Value.Training, plan.Hidden.Value.Evaluation, seed, context.Stop) : near ??= new SpaRun(plan, _training, _evaluation, seed, context.Stop);
                int at = a, round = s;
                outcomes[a, s] = run.Run(arms[a], share => context.Progress((round + (at + share) / arms.Length) / seeds, FormattableString.Invariant($"seed {seed}, {arms[at].Name}")));
            }
        }
        return new SpaTable(plan, arms, outcomes).Result(Notes(plan, seeds, context));
    }

    private List<string> Notes(SpaPlan plan, int seeds, ExperimentContext context)
    {
        var c = CultureInfo.InvariantCulture;
        List<string> notes =
        [
            string.Create(c, $"Learned on '{_training.Name}', judged on '{_evaluation.Name}': {plan.EvaluationEpisodes} held-out missions, drawn and likeliest commands; seeds {context.Seed} to {context.Seed + (ulong)seeds - 1}."),
            string.Create(c, $"Each arm has {plan.Ppo.Episodes} episodes from the same cloned policy of its seed; arms with a fitted attributor pay {plan.PreRollouts} of them before, unless their name says otherwise. Offline arms have {plan.OfflineEpisodes} fixed episodes."),
            "Grounding is measured over all plausible candidates, for masked arms too. The far larger set of all well-formed commands is not part of the missions' contract and was not measured.",
            "Results with a list of executable commands are another protocol than free-form text agents; they must not be ranked against published ones.",
            "Settings are those of the notes; none was tuned for any arm. The paper's regime is a language model of 3 billion parameters and one offline pass: what is seen here does not speak about that.",
        ];
        if (plan.Hidden is null && plan.Arms.Any(a => a.OnHidden)) notes.Add("Arms for long missions were left out: no such missions were given.");
        if (context.Quick) notes.Add("Quick run: a tenth of the episodes; differences mean little.");
        return notes;
    }
}
