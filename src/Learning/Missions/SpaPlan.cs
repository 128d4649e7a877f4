using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Arms, budgets and sizes of the comparison; to be fixed before the first full run.</summary>
public sealed record SpaPlan
{
    /// <summary>Gets the name on the command line; default "spa".</summary>
    public string Name { get; init; } = "spa";

    /// <summary>Gets the arms; default all of them.</summary>
    public IReadOnlyList<SpaArm> Arms { get; init; } = [.. SpaArms.Main, .. SpaArms.Regimes, .. SpaArms.Hidden];

    /// <summary>Gets long missions in which much is hidden, for the arms that ask for them, to learn from and to be judged on; null = those arms are left out, and the notes say so.</summary>
    public (IMissionSet Training, IMissionSet Evaluation)? Hidden { get; init; }

    /// <summary>Gets the network's widths.</summary>
    public CandidateNetworkOptions Network { get; init; } = new();

    /// <summary>Gets how the start policy is cloned.</summary>
    public CloningOptions Cloning { get; init; } = new();

    /// <summary>Gets how arms learn; the arms change set, critic, discounts and pre-rollouts.</summary>
    public MissionPpoOptions Ppo { get; init; } = new();

    /// <summary>Gets the episodes that arms with a fitted attributor pay before; default 400.</summary>
    public int PreRollouts { get; init; } = 400;

    /// <summary>Gets the fixed episodes of the offline arms; default 400.</summary>
    public int OfflineEpisodes { get; init; } = 400;

    /// <summary>Gets how many times offline arms go through them; default 4.</summary>
    public int OfflinePasses { get; init; } = 4;

    /// <summary>Gets the missions of an evaluation; default 500.</summary>
    public int EvaluationEpisodes { get; init; } = 500;

    /// <summary>Gets the missions on which contributions are compared with the truth; default 50, since the truth takes a planner per step.</summary>
    public int QualityEpisodes { get; init; } = 50;

    /// <summary>Gets the success rates in training for which the episodes that they took are reported.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [0.25, 0.5, 0.75];

    /// <summary>Gets the clock for wall times in the notes; null = they are not reported, and all that is reported repeats.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Returns the plan at the size that minutes allow: a tenth of the episodes.</summary>
    public SpaPlan Quick() => this with
    {
        Cloning = Cloning with { Episodes = Math.Max(20, Cloning.Episodes / 5), CorrectedEpisodes = Cloning.CorrectedEpisodes / 5 },
        Ppo = Ppo with { Episodes = Math.Max(2, Ppo.Episodes / 10) },
        PreRollouts = PreRollouts / 10,
        OfflineEpisodes = Math.Max(2, OfflineEpisodes / 5),
        EvaluationEpisodes = Math.Max(2, EvaluationEpisodes / 5),
        QualityEpisodes = Math.Max(2, QualityEpisodes / 5),
    };
}
