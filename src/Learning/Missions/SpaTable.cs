using System.Globalization;

namespace EdgeAutonomy.Learning;

/// <summary>Turns outcomes into rows, curves and notes (notes H.3).</summary>
internal sealed class SpaTable(SpaPlan plan, SpaArm[] arms, SpaOutcome[,] outcomes)
{
    private readonly int _seeds = outcomes.GetLength(1);

    public ExperimentResult Result(List<string> notes)
    {
        var rows = new List<ExperimentRow>();
        foreach (var (arm, a) in arms.Select((arm, a) => (arm, a))) Describe(arm, Of(a), rows, notes);
        Compare(rows);
        return new ExperimentResult(rows, [.. arms.Select((arm, a) => Curve(arm, Of(a))).OfType<ExperimentCurve>()], notes);
    }

    private SpaOutcome[] Of(int arm) => [.. Enumerable.Range(0, _seeds).Select(s => outcomes[arm, s])];

    private void Describe(SpaArm arm, SpaOutcome[] of, List<ExperimentRow> rows, List<string> notes)
    {
        void Row(string metric, Func<SpaOutcome, double> value, string note = "")
        {
            double[] values = [.. of.Select(value)];
            if (values.All(double.IsFinite)) rows.Add(new ExperimentRow(arm.Name, metric, Interval.OfMean(values), _seeds, note));
        }
        Row("success, drawn commands", o => o.Sampled.Success.Value, Wilson([.. of.Select(o => o.Sampled)]));
        Row("success, likeliest commands", o => o.Greedy.Success.Value, Wilson([.. of.Select(o => o.Greedy)]));
        Row("grounding, all plausible candidates", o => o.Unmasked.Grounding);
        Row("episode length", o => o.Sampled.MeanLength);
        Row("share of episodes at the step limit", o => o.Sampled.ShareAtLimit(o.Limit));
        if (arm.Attributor is null) return;
        Row("environment steps of learning", o => o.Steps);
        Row("rank correlation of contributions with true progress", o => o.Quality!.RankCorrelation);
        Row("the same on successes", o => o.Quality!.OnSuccesses);
        Row("the same on failures", o => o.Quality!.OnFailures);
        Row("share of positive contributions on steps with progress", o => o.Quality!.PositiveMass);
        Row("calibration slope", o => o.Quality!.Slope);
        Row("calibration intercept", o => o.Quality!.Intercept);
        Row("calibration error, mean square", o => o.Quality!.Error);
        Reached(arm, of, notes);
        if (of.All(o => double.IsFinite(o.Seconds))) notes.Add(string.Create(CultureInfo.InvariantCulture, $"{arm.Name}: wall time of learning {string.Join(" / ", of.Select(o => o.Seconds.ToString("0.0", CultureInfo.InvariantCulture)))} s per seed."));
    }

    // Wilson's interval over all seeds' missions: narrower than the one over seeds, since it takes policies of one arm for the same.
    private static string Wilson(MissionScore[] scores)
    {
        var i = Interval.OfShare(scores.Sum(s => s.Succeeded.Count(x => x)), scores.Sum(s => s.Succeeded.Count));
        return string.Create(CultureInfo.InvariantCulture, $"all missions: {i.Value:0.000} [{i.Low:0.000}, {i.High:0.000}], n {i.N}");
    }

    private void Reached(SpaArm arm, SpaOutcome[] of, List<string> notes)
    {
        if (arm.Offline) return;
        var texts = plan.Thresholds.Select(threshold => string.Create(CultureInfo.InvariantCulture, $"{threshold:0.00} after {string.Join(" / ", of.Select(o => First(o.Log, threshold)))}"));
        notes.Add($"{arm.Name}: training success of {string.Join(", ", texts)} episodes per seed.");
    }

    private static string First(LearningLog log, double threshold)
    {
        int success = log.Names.ToList().IndexOf("training/success"), episodes = log.Names.ToList().IndexOf("training/episodes");
        for (int i = 0; i < log.Steps.Count; i++)
        {
            if (log[i, success] >= threshold) return log[i, episodes].ToString("0", CultureInfo.InvariantCulture);
        }
        return "never";
    }

    private void Compare(List<ExperimentRow> rows)
    {
        var pairs = arms.Select((arm, a) => (arm, a, b: Array.FindIndex(arms, x => x.Name == arm.Against))).Where(p => p.b >= 0).ToArray();
        double[] corrected = PairedTests.Holm([.. pairs.Select(p => PairedTests.Bootstrap(Values(p.a), Values(p.b)))]);
        for (int i = 0; i < pairs.Length; i++)
        {
            var (arm, a, b) = pairs[i];
            var difference = PairedBootstrap.MeanDifference(Values(a), Values(b));
            string exact = string.Join(" / ", Enumerable.Range(0, _seeds).Select(s => McNemar(outcomes[a, s].Sampled, outcomes[b, s].Sampled).ToString("0.000", CultureInfo.InvariantCulture)));
            rows.Add(new ExperimentRow(
                arm.Name, $"success less that of {arm.Against}", difference, _seeds,
                string.Create(CultureInfo.InvariantCulture, $"bootstrap over seeds and missions, p {corrected[i]:0.000} after Holm over {pairs.Length} comparisons; McNemar per seed p {exact}")));
        }
    }

    private List<double[]> Values(int arm) => [.. Of(arm).Select(o => o.Sampled.Succeeded.Select(x => x ? 1.0 : 0).ToArray())];

    private static double McNemar(MissionScore a, MissionScore b)
    {
        int first = 0, second = 0;
        for (int i = 0; i < a.Succeeded.Count; i++)
        {
            first += a.Succeeded[i] && !b.Succeeded[i] ? 1 : 0;
            second += b.Succeeded[i] && !a.Succeeded[i] ? 1 : 0;
        }
        return PairedTests.McNemar(first, second);
    }

    // Iterations have the same episodes for every seed; their steps differ, so curves run over episodes.
    private static ExperimentCurve? Curve(SpaArm arm, SpaOutcome[] of)
    {
        int count = of.Min(o => o.Log.Steps.Count);
        if (count == 0) return null;
        int success = of[0].Log.Names.ToList().IndexOf("training/success"), episodes = of[0].Log.Names.ToList().IndexOf("training/episodes");
        var points = new (double, Interval)[count];
        for (int i = 0; i < count; i++)
        {
            double[] values = [.. of.Select(o => o.Log[i, success])];
            points[i] = (of[0].Log[i, episodes], Interval.OfMean(values));
        }
        return new ExperimentCurve(arm.Name, "episodes", "success in training", points);
    }
}
