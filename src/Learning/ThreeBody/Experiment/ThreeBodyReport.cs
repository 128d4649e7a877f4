using System.Globalization;

namespace EdgeAutonomy.Learning;

/// <summary>Turns played arms into rows, curves and sentences.</summary>
internal sealed class ThreeBodyReport(ThreeBodyPlan plan)
{
    private static readonly (string Label, Func<PlayedArm, bool> Is)[] Groups =
    [
        ("fixed", a => a.Family == ArmFamily.Fixed),
        ("retry", a => a.Name.StartsWith("retry/", StringComparison.Ordinal)),
        ("retry^1", a => a.Name.StartsWith("retry^1/", StringComparison.Ordinal)),
        ("retry-warm", a => a.Name.StartsWith("retry-warm/", StringComparison.Ordinal)),
        ("oracle-greedy", a => a.Name.StartsWith("oracle-greedy/", StringComparison.Ordinal)),
        ("learned+retry", a => a.Name.StartsWith("learned+retry/", StringComparison.Ordinal)),
        ("learned+retry^1", a => a.Name.StartsWith("learned+retry^1/", StringComparison.Ordinal)),
        ("dqn", a => a.Name.StartsWith("dqn/", StringComparison.Ordinal)),
    ];

    /// <summary>Gets the rows.</summary>
    public List<ExperimentRow> Rows { get; } = [];

    /// <summary>Gets the curves.</summary>
    public List<ExperimentCurve> Curves { get; } = [];

    /// <summary>Gets the sentences.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Adds a case.</summary>
    public void Add(ThreeBodyCase c, IReadOnlyList<PlayedArm> arms, Action<string> report)
    {
        foreach (PlayedArm arm in arms) Add(c, arm);
        PlayedArm[] front = [.. arms.Where(a => a.IsInFront)];
        foreach (PlayedArm arm in arms.Where(a => a.Family == ArmFamily.Learned))
        {
            report($"{c.Name}: comparing {arm.Name}");
            Judge(c, arm, front);
        }
        Draw(c, arms);
    }

    private void Add(ThreeBodyCase c, PlayedArm arm)
    {
        string name = $"{c.Name} {arm.Name}";
        ArmEpisode[] all = [.. arm.Episodes(..)];
        double[] cost = [.. all.Select(e => (double)e.Work.Total)];
        double total = cost.Sum(), rejected = all.Sum(e => (double)e.Work.Rejected), checks = all.Sum(e => (double)e.Checks);
        string work = string.Create(CultureInfo.InvariantCulture, $"{c.Unit}: median {ArmSample.Quantile(cost, 0.5):0}, mean {cost.Average():0}, rejected {rejected / total:P1}, {all.Sum(e => (double)e.Work.Trials) / checks:0.00} trials and {all.Sum(e => (double)e.Work.Inferences) / checks:0.00} inferences a check");
        ArmSample sample = arm.On(..);
        double[][] nothing = [new double[sample.Episodes]];
        Row("median log10|dE/E0|", PairedBootstrap.MedianDifference(sample.LogError, nothing, 1, plan.Resamples), work);
        Row("mean log10|dE/E0|", PairedBootstrap.MeanDifference(sample.LogError, nothing, 1, plan.Resamples), string.Create(CultureInfo.InvariantCulture, $"q90 {ArmSample.Quantile(all.Select(e => e.LogError), 0.9):0.00}, max {all.Max(e => e.LogError):0.00}"));
        Row($"mean log10 {c.Unit}", PairedBootstrap.MeanDifference(sample.LogCost, nothing, 1, plan.Resamples), "");
        // One trial per episode: the training seeds see the same episodes and are not independent.
        foreach ((double bound, string text) in new[] { (-2.0, "1e-2"), (-1.0, "0.1") })
        {
            Interval share = Interval.OfShare((long)Math.Round(sample.ShareAbove(bound) * sample.Episodes), sample.Episodes);
            Row($"share with |dE/E0| > {text}", share, "Wilson");
        }
        foreach ((string set, Range range) in new[] { ("A", plan.OnA), ("B", plan.OnB) })
        {
            ArmSample on = arm.On(range);
            double[] own = [.. arm.Episodes(range).Select(e => (double)e.Work.Total)];
            Row($"median log10|dE/E0| on {set}", PairedBootstrap.MedianDifference(on.LogError, [new double[on.Episodes]], 1, plan.Resamples), string.Create(CultureInfo.InvariantCulture, $"{c.Unit}: median {ArmSample.Quantile(own, 0.5):0}, mean {own.Average():0}; max {on.LogError.Max(r => r.Max()):0.00}"));
        }

        void Row(string metric, Interval value, string note) => Rows.Add(new ExperimentRow(name, metric, value, arm.Rows.Count, note));
    }

    private void Judge(ThreeBodyCase c, PlayedArm arm, PlayedArm[] front)
    {
        // First the arms that the experiment asks for, then with all that makes retry stronger.
        Rule("verdict", "fixed, retry and retry-warm", [.. front.Where(f => f.Family == ArmFamily.Fixed || f.Name.StartsWith("retry/", StringComparison.Ordinal) || f.Name.StartsWith("retry-warm/", StringComparison.Ordinal))]);
        Rule("verdict on the wide front", "every fixed and retry arm, growing tolerances, fine ladder and classical control included", front);
        foreach ((string kind, Func<PlayedArm, bool> isOf) in new (string, Func<PlayedArm, bool>)[]
        {
            ("fixed", f => f.Family == ArmFamily.Fixed),
            ("retry", f => f.Name.StartsWith("retry/", StringComparison.Ordinal)),
            ("retry with growing tolerance", f => f.Name.StartsWith("retry^", StringComparison.Ordinal)),
            ("retry-warm, any tolerance", f => f.Name.StartsWith("retry-warm", StringComparison.Ordinal)),
        })
        {
            PlayedArm[] some = [.. front.Where(isOf)];
            if (some.Length == 0) continue;
            PlayedArm least = some.MinBy(f => f.On(..).MedianCost)!;
            (int better, int worse) = Shares(arm, Nearest(arm, some) ?? least);
            Rows.Add(new ExperimentRow(
                $"{c.Name} {arm.Name}", $"cost against {kind} at equal mean error, x", Power(FrontComparison.MixtureCost(arm.On(..), On(some, ..), plan.Resamples)), arm.Rows.Count,
                string.Create(CultureInfo.InvariantCulture, $"against {(Nearest(arm, some) ?? least).Name}: better on both axes in {better} %, worse on both in {worse} %, mixed in {100 - better - worse} % of episodes")));
        }

        void Rule(string metric, string words, PlayedArm[] some)
        {
            Verdict verdict = Verdict.Of($"{c.Name} {arm.Name}", words, Compare(plan.OnA), Compare(plan.OnB));
            Rows.Add(new ExperimentRow($"{c.Name} {arm.Name}", $"{metric}: {verdict.Word}", Power(FrontComparison.MixtureCost(arm.On(..), On(some, ..), plan.Resamples)), arm.Rows.Count, verdict.Sentence));

            FrontComparison Compare(Range range) => FrontComparison.Of(arm.On(range), On(some, range), plan.Resamples);
        }
    }

    private static PlayedArm? Nearest(PlayedArm arm, PlayedArm[] some)
    {
        double error = arm.On(..).MedianError;
        return some.Where(f => f.On(..).MedianError <= error).MinBy(f => f.On(..).MedianCost);
    }

    private static (int Better, int Worse) Shares(PlayedArm arm, PlayedArm other)
    {
        int better = 0, worse = 0, n = 0;
        foreach (ArmEpisode[] row in arm.Rows)
        {
            foreach ((ArmEpisode mine, ArmEpisode theirs) in row.Zip(other.Rows[0]))
            {
                n++;
                if (mine.LogError < theirs.LogError && mine.Work.Total < theirs.Work.Total) better++;
                else if (mine.LogError > theirs.LogError && mine.Work.Total > theirs.Work.Total) worse++;
            }
        }
        return ((int)Math.Round(100.0 * better / n), (int)Math.Round(100.0 * worse / n));
    }

    private static ArmSample[] On(PlayedArm[] arms, Range range) => [.. arms.Select(a => a.On(range))];

    // From decades to a ratio; 0 where no mixture is as accurate.
    private static Interval Power(Interval log) => log with { Value = Ten(log.Value), Low = Ten(log.Low), High = Ten(log.High) };

    private static double Ten(double log) => double.IsNegativeInfinity(log) ? 0 : double.IsFinite(log) ? DeterministicMath.Pow(10, log) : log;

    private void Draw(ThreeBodyCase c, IReadOnlyList<PlayedArm> arms)
    {
        foreach ((string label, Func<PlayedArm, bool> isOf) in Groups)
        {
            ArmSample[] some = [.. arms.Where(isOf).Select(a => a.On(..))];
            if (some.Length == 0) continue;
            Curve("mean", s => PairedBootstrap.MeanDifference(s.LogError, [new double[s.Episodes]], 1, plan.Resamples), s => s.LogCost.SelectMany(r => r).Average());
            Curve("median", s => PairedBootstrap.MedianDifference(s.LogError, [new double[s.Episodes]], 1, plan.Resamples), s => s.MedianCost);

            void Curve(string what, Func<ArmSample, Interval> error, Func<ArmSample, double> cost) => Curves.Add(new ExperimentCurve(
                label, $"log10 of {c.Unit} an episode, {what}, {c.Name}", $"log10|dE/E0|, {what}", [.. some.Select(s => (cost(s), error(s))).OrderBy(p => p.Item1)])
            { HasMarks = true });
        }
    }
}
