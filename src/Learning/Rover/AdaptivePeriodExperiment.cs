using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>Control periods chosen by a policy against every fixed one, an event trigger, an error estimate and chance: <c>edge reproduce adaptive-period</c>.</summary>
/// <remarks>
/// Periods of 16 to 512 ms, so that the longest one is too long; every look takes a fresh scan. Worlds differ in hardship, each episode its own: noise of ranges, wheels and gyroscope one to three times the usual, motors up to
/// one and a half times as slow, up to five more people who stop for nobody. In the worlds beyond training it is five times, twice and eight in every episode. Test episodes 10 000 …, validation 20 000 …, training elsewhere.
/// </remarks>
public sealed class AdaptivePeriodExperiment : IExperiment
{
    private const ulong FirstTestSeed = 10_000;
    private const double DecisionCost = 0.02;
    private const int Usual = 4;
    private static readonly double[] Prior = [0, 1, 2, 4, 5, 4];
    private static readonly RoverTask Standard = new() { Grid = new PeriodGrid(Duration.FromMilliseconds(16), 6), NoiseFactor = 3, MotorLagFactor = 1.5, MorePeople = 5, Varies = true };
    private static readonly (string Name, Func<RoverTask, RoverTask> Of)[] Worlds =
    [
        ("standard", t => t),
        ("beyond training", t => t with { NoiseFactor = 5, MotorLagFactor = 2, MorePeople = 8, Varies = false }),
    ];

    /// <inheritdoc/>
    public string Name => "adaptive-period";

    /// <inheritdoc/>
    public string Summary => "Rover among walls and people: periods chosen by trained policies against every fixed period, an event trigger, an error estimate and chance.";

    /// <inheritdoc/>
    public string Source => "switch-cost semi-Markov formulation after TaCoS (arXiv 2406.01163); RL for adaptive time-stepping (arXiv 2502.12809)";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int episodes = context.Quick ? 20 : 200, seeds = context.Quick ? Math.Min(context.Seeds, 2) : context.Seeds;
        var arms = Arms(Trained(context, seeds));
        var rows = new List<ExperimentRow>();
        var curves = new List<ExperimentCurve>();
        var notes = new List<string>();
        int done = 0;
        foreach (var (world, change) in Worlds)
        {
            var samples = new List<(Arm Arm, RoverTrial[] Trials)>();
            foreach (var arm in arms)
            {
                context.Progress(0.7 + 0.3 * done++ / (Worlds.Length * arms.Count), $"{world}: {arm.Name}");
                RoverTrial[] trials = [.. arm.Players.Select(play => play(change(arm.Task), episodes, context.Stop))];
                samples.Add((arm, trials));
                Report(rows, world, arm, trials, seeds);
            }
            Judge(notes, world, samples);
            curves.AddRange(samples.Where(s => s.Arm.Family is not ("event trigger" or "longest allowed" or "durations shuffled")).GroupBy(s => s.Arm.Family).Select(g => new ExperimentCurve(
                g.Key, $"log10 of looks a second, {world}", "mean return",
                [.. g.Select(s => (DeterministicMath.Log(Mean(s.Trials, t => t.LooksPerSecond)) / DeterministicMath.Log(10), Interval.OfMean([.. s.Trials.SelectMany(t => t.Returns)])))])
            { HasMarks = true }));
        }
        notes.Add("A look is a cycle with a fresh scan; an event trigger looks every 16 ms and only leaves out commands. 'fixed' never changes its period, 'fixed, shortened by safety' is what the loop's governor makes of it.");
        notes.Add("Policies trained at a fixed period choose the motion alone; those of 16 and 32 ms, where decisions change too little to be learned from as many, were left out. In 'durations shuffled' the joint policy's motion is kept and its durations are drawn from all it chose, so that only when they come differs.");
        notes.Add("The oracle tries every period in copies of the world that share its future: it knows how people will walk and which noise will come, so its gain is a bound, and mostly luck foreseen.");
        return new ExperimentResult(rows, curves, notes);
    }

    private static List<(string Name, string Family, RoverTask Task, AgentRun[] Runs)> Trained(ExperimentContext context, int seeds)
    {
        var wanted = new List<(string Name, string Family, RoverTask Task, long Steps)>
        {
            ("joint policy", "joint policy", Standard, 80_000),
            ("learned pacer, motion by rules", "learned pacer", Standard with { MotionByRules = true }, 40_000),
        };
        for (int k = 2; k < Standard.Grid.Count; k++) wanted.Add(($"trained at {Standard.Grid[k].Milliseconds:0} ms", "trained at a fixed period", Standard with { FixedRung = k, SafetyShrinks = false }, 20_000));
        var found = new List<(string, string, RoverTask, AgentRun[])>();
        int done = 0;
        foreach (var (name, family, task, steps) in wanted)
        {
            var runs = new AgentRun[seeds];
            for (int s = 0; s < seeds; s++)
            {
                double share = 0.7 * done++ / (wanted.Count * seeds);
                ulong seed = context.Seed + (ulong)s;
                runs[s] = Recipe(name, task, steps).Run(seed, context.Quick, null, (_, _) => context.Progress(share, FormattableString.Invariant($"{name}, seed {seed}")), context.Stop);
            }
            found.Add((name, family, task, runs));
        }
        return found;
    }

    // Chosen by what it is trained for: the return less the cost of its decisions.
    private static ControlRecipe Recipe(string name, RoverTask task, long steps)
    {
        double cost = task.FixedRung < 0 ? DecisionCost : 0;
        return RoverRecipes.Recipe(name, task, cost, steps, Prior) with { ValidationEpisodes = 100, Environment = () => new CostedEnvironment(new RoverEnvironment(task with { DiscountPerSecond = 1 }), cost) };
    }

    private static List<Arm> Arms(List<(string Name, string Family, RoverTask Task, AgentRun[] Runs)> trained)
    {
        var arms = new List<Arm>();
        var byRules = Standard with { MotionByRules = true };
        int count = Standard.Grid.Count;
        for (int k = 0; k < count; k++)
        {
            string ms = FormattableString.Invariant($"{Standard.Grid[k].Milliseconds:0} ms");
            arms.Add(new Arm($"rules, fixed {ms}", "rules at a fixed period", byRules with { FixedRung = k, SafetyShrinks = false }, [() => (_, _) => 0]));
            arms.Add(new Arm($"rules, fixed {ms}, shortened by safety", "rules, fixed, shortened", byRules with { FixedRung = k }, [() => (_, _) => 0]));
        }
        arms.Add(new Arm("rules, event trigger at a change of 0.1", "event trigger", byRules with { FixedRung = 0, SafetyShrinks = false, TriggerChange = 0.1 }, [() => (_, _) => 0]));
        arms.Add(new Arm("rules, longest that safety allows", "longest allowed", byRules, [() => (_, allowed) => allowed.LastIndexOf(true)]));
        arms.Add(new Arm("rules, error-controlled", "error-controlled", byRules, [() => ErrorControlled(byRules.Grid)]));
        arms.Add(new Arm("rules, random ladder", "random ladder", byRules, [RandomLadder]));
        arms.Add(new Arm("rules, look-ahead oracle", "look-ahead oracle (a bound)", byRules, (Player)((task, n, stop) => RoverLookAhead.Play(task, Usual, DecisionCost, FirstTestSeed, n, stop))));
        foreach (var (name, family, task, runs) in trained)
        {
            arms.Add(new Arm(name, family, task, [.. runs.Select(r => (Func<RoverTrial.Chooser>)(() => Best(r.Best)))]));
            if (family == "joint policy") arms.Add(new Arm("joint policy, durations shuffled", "durations shuffled", task, [.. runs.Select((r, s) => (Func<RoverTrial.Chooser>)(() => Shuffled(r.Best, task, (ulong)s)))]));
        }
        return arms;
    }

    private static RoverTrial.Chooser Best(IActor actor)
    {
        float[] action = new float[1];
        return (seen, allowed) =>
        {
            actor.Act(seen, allowed, action);
            return (int)action[0];
        };
    }

    private static RoverTrial.Chooser RandomLadder()
    {
        var random = RandomStream.For(1, "random ladder");
        return (_, allowed) =>
        {
            int pick = 0;
            for (int k = 0, n = 0; k < allowed.Length; k++)
            {
                if (allowed[k] && random.NextInt32(++n) == 0) pick = k;
            }
            return pick;
        };
    }

    // Goes by the same numbers that a learned pacer sees: the error, and the period that led to it.
    private static RoverTrial.Chooser ErrorControlled(PeriodGrid grid)
    {
        var pacer = new ErrorControlledPacer(grid);
        var inputs = LearnedPacer.SchemaFor(grid).Inputs;
        return (seen, allowed) =>
        {
            double Raw(ReadOnlySpan<float> from, int i) => inputs[i].Low + (from[i] + 1) / 2 * (inputs[i].High - inputs[i].Low);
            bool hasError = Raw(seen, 6) > 0.5;
            var summary = new CycleSummary { PeriodIndex = (byte)Math.Round(Raw(seen, 5)), StepError = hasError ? (float)DeterministicMath.Pow(10, Raw(seen, 0)) : float.NaN };
            int k = pacer.Next(summary, []).Index;
            while (!allowed[k]) k--;
            return k;
        };
    }

    // The motion of the policy, with a duration drawn from those it chose in validation episodes.
    private static RoverTrial.Chooser Shuffled(IActor actor, RoverTask task, ulong seed)
    {
        int rungs = task.Grid.Count;
        var chosen = new List<int>();
        var best = Best(actor);
        RoverTrial.Of(task, (seen, allowed) => Note(best(seen, allowed)), AgentTrainingOptions.FirstValidationSeed, 20, default);
        var random = RandomStream.For(seed, "shuffled durations");
        return (seen, allowed) =>
        {
            int motion = best(seen, allowed) / rungs, k = chosen[random.NextInt32(chosen.Count)];
            while (k > 0 && !allowed[motion * rungs + k]) k--;
            return motion * rungs + k;
        };

        int Note(int action)
        {
            chosen.Add(action % rungs);
            return action;
        }
    }

    private static void Report(List<ExperimentRow> rows, string world, Arm arm, RoverTrial[] trials, int seeds)
    {
        int n = trials.Length == 1 ? 1 : seeds, all = trials.Sum(t => t.Goals.Length);
        string name = $"{world}: {arm.Name}";
        rows.Add(new ExperimentRow(name, "looks per second", Interval.OfMean([.. trials.SelectMany(t => t.LooksPerSecond)]), n));
        rows.Add(new ExperimentRow(name, "goal reached, %", Percent(Interval.OfShare(trials.Sum(t => t.Goals.Count(g => g)), all)), n));
        rows.Add(new ExperimentRow(name, "touched something, %", Percent(Interval.OfShare(trials.Sum(t => t.Contacts.Count(g => g)), all)), n));
        rows.Add(new ExperimentRow(name, "mean return", Interval.OfMean([.. trials.SelectMany(t => t.Returns)]), n));
        rows.Add(new ExperimentRow(name, "seconds", Interval.OfMean([.. trials.SelectMany(t => t.Seconds)]), n));
        rows.Add(new ExperimentRow(name, "sensing and deciding, W", Interval.OfMean([.. trials.SelectMany(t => t.Watts)]), n));
    }

    // Cost = looks per second, error = what is missing in return; against mixtures of all that never changes its period (notes §2), and of what the loop's governor makes of them.
    private static void Judge(List<string> notes, string world, List<(Arm Arm, RoverTrial[] Trials)> samples)
    {
        var fixedByRules = samples.Where(s => s.Arm.Task is { FixedRung: >= 0, TriggerChange: 0 } && s.Trials.Length == 1).ToList();
        var fronts = fixedByRules.GroupBy(s => s.Arm.Task.SafetyShrinks).Select(g => (Name: g.Key ? "fixed periods shortened by safety" : "fixed periods", Arms: (ArmSample[])[.. g.Select(Sample)])).ToList();
        var fastest = fixedByRules.First(s => s.Arm.Task is { FixedRung: 0, SafetyShrinks: false });
        foreach (var s in samples.Where(s => s.Arm.Family is "joint policy" or "learned pacer"))
        {
            notes.Add(FormattableString.Invariant($"{world}: {s.Arm.Name} looks {100 * (1 - Mean(s.Trials, t => t.LooksPerSecond) / Mean(fastest.Trials, t => t.LooksPerSecond)):0.0} % less often than the fastest fixed period. Goals reached: {Against(s.Trials, fastest.Trials, t => t.Goals)}; touched something: {Against(s.Trials, fastest.Trials, t => t.Contacts)}."));
            foreach (var (name, front) in fronts)
            {
                var ratio = FrontComparison.MixtureCost(Sample(s), front);
                string word = ratio.High < 0 ? "better than every mixture" : ratio.Low > 0 ? "worse than a mixture" : "not distinguishable";
                string factor = double.IsInfinity(ratio.Value) ? "no mixture has as high a mean return" : FormattableString.Invariant($"at equal mean return it takes {Factor(ratio.Value):0.00} [{Factor(ratio.Low):0.00}, {Factor(ratio.High):0.00}] of the looks of the cheapest mixture");
                notes.Add($"{world}: {s.Arm.Name} against the front of {name} (rules): {factor}: {word}.");
            }
        }
    }

    private static string Against(RoverTrial[] trials, RoverTrial[] fastest, Func<RoverTrial, bool[]> of)
    {
        var (a, b) = (Share(trials), Share(fastest));
        return FormattableString.Invariant($"{100 * a.Value:0.0} [{100 * a.Low:0.0}, {100 * a.High:0.0}] % against {100 * b.Value:0.0} [{100 * b.Low:0.0}, {100 * b.High:0.0}] %, intervals {(a.Low <= b.High && b.Low <= a.High ? "overlap" : "apart")}");

        Interval Share(RoverTrial[] t) => Interval.OfShare(t.Sum(x => of(x).Count(y => y)), t.Sum(x => of(x).Length));
    }

    private static ArmSample Sample((Arm Arm, RoverTrial[] Trials) s) => new(
        s.Arm.Name, [.. s.Trials.Select(t => t.Returns.Select(r => -r).ToArray())], [.. s.Trials.Select(t => t.LooksPerSecond.Select(DeterministicMath.Log).Select(l => l / DeterministicMath.Log(10)).ToArray())]);

    private static double Mean(RoverTrial[] trials, Func<RoverTrial, double[]> of) => trials.Average(t => of(t).Average());

    // Where no mixture is as good the least cost is infinite, and the factor nothing.
    private static double Factor(double log) => double.IsInfinity(log) ? (log < 0 ? 0 : double.PositiveInfinity) : DeterministicMath.Pow(10, log);

    private static Interval Percent(Interval i) => new(100 * i.Value, 100 * i.Low, 100 * i.High, i.N);

    private delegate RoverTrial Player(RoverTask task, int episodes, CancellationToken stop);

    private sealed record Arm(string Name, string Family, RoverTask Task, params IReadOnlyList<Player> Players)
    {
        public Arm(string name, string family, RoverTask task, IReadOnlyList<Func<RoverTrial.Chooser>> choosers)
            : this(name, family, task, [.. choosers.Select(c => (Player)((t, n, stop) => RoverTrial.Of(t, c(), FirstTestSeed, n, stop)))])
        {
        }
    }
}
