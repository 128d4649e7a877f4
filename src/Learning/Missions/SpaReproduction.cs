using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>The comparison of attributors in all its environments: <c>edge reproduce spa</c>.</summary>
/// <remarks>
/// Fixed before the first full run: robot missions of 40 steps with every arm, of 80 steps with the arms of the main table and, with closed lockers, those for long missions; ALFWorld's games with the main table and three
/// seeds at most. The start policy is cloned from few demonstrations (40; 20 games) and without corrections, because from more of them there is hardly anything left to learn.
/// </remarks>
public sealed class SpaReproduction : IExperiment
{
    private static readonly CloningOptions Few = new() { Episodes = 40, CorrectedEpisodes = 0 };
    private static readonly MissionPpoOptions Budget = new() { Episodes = 2560 };

    /// <inheritdoc/>
    public string Name => "spa";

    /// <inheritdoc/>
    public string Summary => "Terminal, uniform, RUDDER, RRD, SPA and potential-based rewards for long missions, from one cloned policy and with the same episodes each.";

    /// <inheritdoc/>
    public string Source => "SPA (arXiv 2505.20732), RUDDER (arXiv 1806.07857), RRD (arXiv 2111.13485), potential-based shaping (Ng, Harada, Russell 1999); PPO (arXiv 1707.06347).";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var parts = Parts(context);
        var rows = new List<ExperimentRow>();
        var curves = new List<ExperimentCurve>();
        var notes = new List<string>();
        for (int p = 0; p < parts.Count; p++)
        {
            var (name, experiment, seeds) = parts[p];
            int done = p;
            var found = experiment.Run(context with { Seeds = seeds, Progress = (share, what) => context.Progress((done + share) / parts.Count, $"{name}: {what}") });
            rows.AddRange(found.Rows.Select(r => r with { Arm = $"{name}: {r.Arm}" }));
            curves.AddRange(found.Curves.Select(c => c with { Name = $"{name}: {c.Name}" }));
            notes.AddRange(found.Notes.Select(n => $"{name}: {n}"));
        }
        if (AlfWorldFolders.Find(context.DataFolder, "train") is null) notes.Add("ALFWorld was left out: its games are not there (see edge train alfworld).");
        return new ExperimentResult(rows, curves, notes);
    }

    private static List<(string Name, SpaExperiment Experiment, int Seeds)> Parts(ExperimentContext context)
    {
        IMissionSet small = Missions(MissionWorldSize.Small, false), large = Missions(MissionWorldSize.Large, false), hidden = Missions(MissionWorldSize.Large, true);
        List<(string, SpaExperiment, int)> parts =
        [
            ("40 steps", new SpaExperiment(small, small, new SpaPlan { Arms = [.. SpaArms.Main, .. SpaArms.Regimes], Cloning = Few, Ppo = Budget }), context.Seeds),
            ("80 steps", new SpaExperiment(large, large, new SpaPlan { Arms = [.. SpaArms.Main, .. SpaArms.Hidden], Hidden = (hidden, hidden), Cloning = Few, Ppo = Budget }), context.Seeds),
        ];
        if (AlfWorldFolders.Find(context.DataFolder, "train") is not null && AlfWorldFolders.Find(context.DataFolder, "valid_unseen") is not null)
        {
            IMissionSet train = AlfWorldFolders.Open(context.DataFolder, "train"), unseen = AlfWorldFolders.Open(context.DataFolder, "valid_unseen");
            parts.Add(("ALFWorld", new SpaExperiment(train, unseen, new SpaPlan { Arms = SpaArms.Main, Cloning = Few with { Episodes = 20 }, Ppo = MissionPpoOptions.AlfWorld with { Episodes = 2560 }, EvaluationEpisodes = 134 }), Math.Min(3, context.Seeds)));
        }
        return parts;
    }

    private static MissionMixture Missions(MissionWorldSize size, bool lockers) => new(
        $"mission-world/{size}{(lockers ? "/lockers" : "")}",
        [.. from family in Enum.GetValues<MissionFamily>() where !lockers || family != MissionFamily.InspectReport select new MissionWorldMissions(family, new MissionWorldOptions(size, lockers))]);
}
