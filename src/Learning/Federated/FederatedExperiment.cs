using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>The progress estimator averaged over a fleet whose robots have different data, some of which send poison: <c>edge reproduce federated</c>.</summary>
public sealed class FederatedExperiment : IExperiment
{
    private const int Rounds = 10, Local = 20, Batch = 16, EpisodesPerPlayer = 200, TestMissions = 60;
    private const double PoisonedShare = 0.2, Poison = -10;
    private const ulong DataSeed = 71_000, TestSeed = 72_000;
    private const int Seen = 460;
    private static readonly SpaOptions Options = new() { WeightDecay = 0.1 };

    /// <inheritdoc/>
    public string Name => "federated";

    /// <inheritdoc/>
    public string Summary => "The progress estimator averaged over 5 and 20 robots with different data, honest and with 20 % poisoned updates, against one robot alone and all data in one place.";

    /// <inheritdoc/>
    public string Source => "Federated averaging (arXiv 1602.05629), coordinate median and trimmed mean (arXiv 1803.01498); model, data and link are this project's, so no number of the papers can be expected.";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (players, test, truth) = Data(context);
        int seeds = context.Quick ? Math.Min(2, context.Seeds) : context.Seeds, rounds = context.Quick ? 4 : Rounds;
        var scores = new SortedDictionary<(int Order, string Arm), List<Score>>();
        for (int s = 0; s < seeds; s++)
        {
            foreach (int robots in (ReadOnlySpan<int>)[5, 20])
            {
                context.Progress(0.3 + 0.7 * (s + (robots == 5 ? 0 : 0.25)) / seeds, FormattableString.Invariant($"seed {context.Seed + (ulong)s}, {robots} robots"));
                One(context.Seed + (ulong)s, robots, rounds);
            }
        }
        var rows = new List<ExperimentRow>();
        foreach (var ((_, arm), list) in scores)
        {
            rows.Add(new ExperimentRow(arm, "rank correlation with true progress", Interval.OfMean([.. list.Select(x => x.Rank)]), list.Count));
            rows.Add(new ExperimentRow(arm, "mean squared error of the sum", Interval.OfMean([.. list.Select(x => x.Error)]), list.Count));
            if (list[0].Bytes > 0) rows.Add(new ExperimentRow(arm, "KiB sent per robot and round", Interval.OfMean([.. list.Select(x => x.Bytes / 1024)]), list.Count));
        }
        return new ExperimentResult(rows, [],
        [
            FormattableString.Invariant($"{players.Sum(p => p.Count)} episodes of robot missions by {players.Count} players from expert to untrained, dealt out so that a robot has one or two players' episodes; {rounds} rounds of {Local} updates of {Batch} episodes; tested on {test.Count} held-out missions by all players. Every robot begins a round with a new optimiser."),
            "One robot alone makes as many updates as a robot of the fleet; all data in one place as many as all robots of the fleet together, with one optimiser. Episodes and test are the same for all seeds: intervals are over dealing, weights and draws.",
            FormattableString.Invariant($"Poisoned robots, one of 5 and four of 20, send what they learned times {Poison:0}; changes are cut to the norm of {new FederatedOptions().MaxNorm:0}, the default. Trimmed mean: {PoisonedShare:0.0} at each end. Everything goes over the in-memory link with 2 % of the messages lost; bytes are those of models, updates and manifests."),
            "No setting was tuned.",
        ]);

        void One(ulong seed, int robots, int rounds)
        {
            var random = RandomStream.For(seed, "deal");
            var shares = Deal(players, robots, random);
            var first = new SpaAttributor(test[0].Shape, Options, seed);
            var shipped = FederatedModel.Shipped(FederatedFit.Flatten(first));
            string fleet = FormattableString.Invariant($"{robots} robots");
            int order = robots == 5 ? 0 : 10, bad = (int)Math.Round(PoisonedShare * robots);
            var alone = FederatedFit.With(new SpaAttributor(test[0].Shape, Options, seed), shipped.Values.Span);
            alone.Fit(shares[(int)(seed % (ulong)robots)], new FitOptions(rounds * Local, Batch, seed));
            Note(order, $"{fleet}: one alone, on its share", alone, 0);
            var central = FederatedFit.With(new SpaAttributor(test[0].Shape, Options, seed), shipped.Values.Span);
            central.Fit([.. shares.SelectMany(x => x)], new FitOptions(rounds * Local * robots, Batch, seed));
            Note(order + 7, $"{fleet}: all data in one place", central, 0);
            int at = order;
            foreach (int poisoned in (ReadOnlySpan<int>)[0, bad])
            {
                foreach (var (rule, name) in (ReadOnlySpan<(FederatedRule, string)>)[(FederatedRule.Mean, "mean"), (FederatedRule.Median, "median"), (FederatedRule.TrimmedMean, "trimmed mean")])
                {
                    context.Stop.ThrowIfCancellationRequested();
                    IFederatedLearner[] learners = [.. shares.Select((share, i) => new FederatedFit(share, Options, Local, Batch, seed * 1000 + (ulong)i, (i * 7 + 3) % robots < poisoned ? Poison : 1))];
                    using var run = new FederatedRun(shipped, learners, new FederatedOptions { Rule = rule, Trim = PoisonedShare }, rounds, seed);
                    var model = FederatedFit.With(new SpaAttributor(test[0].Shape, Options, seed), run.Run(context.Stop));
                    Note(++at, $"{fleet}: {name}, {(poisoned == 0 ? "all honest" : "20 % poisoned")}", model, (double)run.Bytes / robots / rounds);
                }
            }
        }

        void Note(int order, string arm, SpaAttributor attributor, double bytes)
        {
            var quality = SpaQuality.Of(attributor, test, truth);
            if (!scores.TryGetValue((order, arm), out var list)) scores.Add((order, arm), list = []);
            list.Add(new Score(quality.RankCorrelation, quality.Error, bytes));
        }
    }

    private static (List<List<Trajectory>> Players, List<Trajectory> Test, List<double[]> Truth) Data(ExperimentContext context)
    {
        string? file = context.ModelFolder is null ? null : Path.Combine(context.ModelFolder, "mission" + CandidateFile.Ending);
        if (file is null || !File.Exists(file)) throw new InvalidDataException($"The robots' episodes are played by the policy 'mission', and {file ?? "the folder of models"} is not there; train it first: edge train mission --out models/mission{CandidateFile.Ending}");
        var missions = MissionRecipes.Robot;
        var sources = ProgressSource.Of(CandidateFile.Read(file), missions, DataSeed);
        var numbers = new MissionNumbers(missions);
        var random = RandomStream.For(DataSeed, "federated");
        int share = context.Quick ? 5 : 1;
        int[] held = [.. numbers.HeldOut(Seen + TestMissions / share * sources.Count).Skip(Seen)];
        List<List<Trajectory>> players = [];
        List<Trajectory> test = [];
        List<double[]> truth = [];
        for (int s = 0; s < sources.Count; s++)
        {
            context.Progress(0.3 * s / sources.Count, $"playing: {sources[s].Name}");
            int[] which = numbers.Draw(random, EpisodesPerPlayer / share);
            numbers.RequireTraining(which);
            players.Add([.. sources[s].Play(missions, which, random.NextUInt64(), null, context.Stop).Select(t => t.WithoutCandidates())]);
            test.AddRange(sources[s].Play(missions, [.. held.Where((_, i) => i % sources.Count == s)], TestSeed + (ulong)s, truth, context.Stop));
        }
        return (players, test, truth);
    }

    // Shuffled within a player, then cut: different robots see different players.
    private static List<Trajectory>[] Deal(List<List<Trajectory>> players, int robots, RandomStream random)
    {
        List<Trajectory> all = [.. players.SelectMany(p => p.Select(t => (Trajectory: t, Key: random.NextUInt64())).OrderBy(x => x.Key).Select(x => x.Trajectory))];
        return [.. Enumerable.Range(0, robots).Select(i => all.GetRange(all.Count * i / robots, all.Count * (i + 1) / robots - all.Count * i / robots))];
    }

    private readonly record struct Score(double Rank, double Error, double Bytes);
}
