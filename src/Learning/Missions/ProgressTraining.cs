using System.Buffers;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Fits the progress estimator that robots attribute progress with: <c>edge train progress</c>.</summary>
/// <remarks>
/// SPA's loss on returns alone, over robot missions that no evaluation uses, played by the shipped mission policy and by worse ones so that failures occur. Of its states the one ships whose sums are nearest to the returns of
/// validation episodes; the truth about progress, which a planner knows, is for measuring only. Deterministic for a seed; half a minute, so that there is no checkpoint. Quick = a tenth of the episodes.
/// </remarks>
public sealed class ProgressTraining : ITraining
{
    private const ulong TestSeed = 30_000;
    private const string Policy = "mission";
    private const int Episodes = 500, ValidationEpisodes = 50, TestEpisodes = 60, Updates = 2000, Every = 100, Batch = 64;

    // The first held-out missions were looked at when the settings were chosen: the test is on later ones.
    private const int Seen = 400;

    // Without it the sums fit better and better by paying the last command alone, which is what a terminal reward does (docs/attribution.md).
    private static readonly SpaOptions Options = new() { WeightDecay = 0.1 };

    /// <inheritdoc/>
    public string Name => "progress";

    /// <inheritdoc/>
    public string Summary => "Says what a step of a robot mission contributes to its success: stepwise progress attribution, for the decision record.";

    /// <inheritdoc/>
    public string Ending => ProgressFile.Ending;

    /// <inheritdoc/>
    public string Tail => ".json";

    /// <inheritdoc/>
    public TrainingOutcome Run(ExperimentContext context, string? checkpoint)
    {
        ArgumentNullException.ThrowIfNull(context);
        var missions = MissionRecipes.Robot;
        var policy = Shipped(context);
        var sources = ProgressSource.Of(policy, missions, context.Seed);
        var numbers = new MissionNumbers(missions);
        var random = RandomStream.For(context.Seed, "progress");
        int share = context.Quick ? 10 : 1;
        List<Trajectory> data = [], validation = [];
        foreach (var source in sources)
        {
            context.Progress(0.3 * data.Count / (Episodes / share * sources.Count), $"playing: {source.Name}");
            data.AddRange(Play(source, numbers.Draw(random, Episodes / share)));
            validation.AddRange(Play(source, numbers.Draw(random, ValidationEpisodes / share)));
        }
        var (attributor, curve) = Fit(data, validation, random, context);
        return Outcome(attributor, curve, policy, sources, [.. numbers.HeldOut(Seen + TestEpisodes / share * sources.Count).Skip(Seen)], data.Count, context);

        IEnumerable<Trajectory> Play(ProgressSource source, int[] which)
        {
            numbers.RequireTraining(which);
            return source.Play(missions, which, random.NextUInt64(), null, context.Stop).Select(t => t.WithoutCandidates());
        }
    }

    private static (SpaAttributor Attributor, ExperimentCurve Curve) Fit(List<Trajectory> data, List<Trajectory> validation, RandomStream random, ExperimentContext context)
    {
        var attributor = new SpaAttributor(data[0].Shape, Options, context.Seed);
        var points = new List<(double, Interval)>();
        byte[] best = [];
        double least = double.PositiveInfinity;
        for (int u = Every; u <= Updates; u += Every)
        {
            context.Stop.ThrowIfCancellationRequested();
            attributor.Fit(data, new FitOptions(Every, Batch, random.NextUInt64()));
            double error = SpaQuality.Of(attributor, validation, []).Error;
            points.Add((u, new Interval(error, double.NaN, double.NaN, validation.Count)));
            context.Progress(0.3 + 0.4 * u / Updates, FormattableString.Invariant($"fitting, update {u}: mean squared error of the sum {error:0.000}"));
            if (!(error < least)) continue;
            var state = new ArrayBufferWriter<byte>();
            attributor.Freeze(state);
            (least, best) = (error, state.WrittenSpan.ToArray());
        }
        attributor.Thaw(best);
        return (attributor, new ExperimentCurve("validation", "updates", "mean squared error of the sum", points));
    }

    private static TrainingOutcome Outcome(SpaAttributor attributor, ExperimentCurve curve, CandidateWeights policy, IReadOnlyList<ProgressSource> sources, int[] held, int learned, ExperimentContext context)
    {
        var missions = MissionRecipes.Robot;
        List<Trajectory> test = [];
        List<double[]> truth = [];
        var notes = new List<string>();
        for (int s = 0; s < sources.Count; s++)
        {
            context.Progress(0.7 + 0.3 * s / sources.Count, $"playing held-out missions: {sources[s].Name}");
            var episodes = new List<double[]>();
            var played = sources[s].Play(missions, [.. held.Where((_, i) => i % sources.Count == s)], TestSeed + (ulong)s, episodes, context.Stop);
            notes.Add(FormattableString.Invariant($"{sources[s].Name}: {played.Count(t => t.Succeeded)} of {played.Count} succeed, {Words(SpaQuality.Of(attributor, played, episodes))}"));
            test.AddRange(played);
            truth.AddRange(episodes);
        }
        var all = SpaQuality.Of(attributor, test, truth);
        double mean = test.Average(t => t.Return), variance = test.Average(t => (t.Return - mean) * (t.Return - mean));
        // Episodes in which nothing varies have no order and say nothing.
        double[] each = [.. test.Select((t, i) => SpaQuality.Of(attributor, [t], [truth[i]]).RankCorrelation).Where(double.IsFinite)];
        notes.Add(FormattableString.Invariant($"all: {Words(all)}; correlation on successes {all.OnSuccesses:0.000}, on failures {all.OnFailures:0.000}; R = {all.Intercept:0.000} + {all.Slope:0.000} x sum; variance of R {variance:0.000}"));
        notes.Add(FormattableString.Invariant($"paying the last step alone: correlation {SpaQuality.Of(new TerminalAttributor(), test, truth).RankCorrelation:0.000}"));
        return new TrainingOutcome(
            new ProgressModel(Policy, missions.Shape, attributor),
            FormattableString.Invariant($"{learned} episodes of '{missions.Name}' by {sources.Count} players, among them policy {policy.Hash[..12]}; tested on {test.Count} held-out missions by the same players"),
            "rank correlation of a step's contribution with true progress", Interval.OfMean(each), [curve])
        {
            Notes = notes,
        };
    }

    private static string Words(SpaQuality q) => FormattableString.Invariant($"rank correlation {q.RankCorrelation:0.000}, {q.PositiveMass:0.000} of the positive mass on steps that made progress, mean squared error of the sum {q.Error:0.000}");

    private static CandidateWeights Shipped(ExperimentContext context)
    {
        string? file = context.ModelFolder is null ? null : Path.Combine(context.ModelFolder, Policy + CandidateFile.Ending);
        if (file is null || !File.Exists(file)) throw new InvalidDataException($"The progress estimator is fitted on what the policy '{Policy}' does, and {file ?? "the folder of models"} is not there; train it first: edge train {Policy} --out models/{Policy}{CandidateFile.Ending}");
        return CandidateFile.Read(file);
    }
}
