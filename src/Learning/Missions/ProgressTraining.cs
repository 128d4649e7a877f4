using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Fits the progress estimator that robots attribute progress with: <c>edge train progress</c>.</summary>
/// <remarks>
/// SPA's loss on returns alone, over robot missions that no evaluation uses, played by the shipped mission policy and by worse ones so that failures occur. The truth about progress, which a planner knows, is for measuring only; no
/// weight and no choice depends on it. Deterministic for a seed; half a minute, nothing to resume. Quick = a tenth of the episodes.
/// </remarks>
public sealed class ProgressTraining : ITraining
{
    private const ulong TestSeed = 30_000;
    private const int Episodes = 500, TestEpisodes = 60, Updates = 3000, Every = 100, Batch = 16;
    private const string Policy = "mission";

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
        var weights = Shipped(context);
        var sources = ProgressSources.Of(weights, missions, context.Seed);
        int episodes = context.Quick ? Episodes / 10 : Episodes, tested = context.Quick ? TestEpisodes / 10 : TestEpisodes;
        var numbers = new MissionNumbers(missions);
        var random = RandomStream.For(context.Seed, "progress");
        var data = new List<Trajectory>();
        foreach (var source in sources)
        {
            context.Progress(0.3 * data.Count / (episodes * sources.Count), $"playing: {source.Name}");
            data.AddRange(source.Play(missions, numbers.Draw(random, episodes), random.NextUInt64(), null, context.Stop).Select(t => t.WithoutCandidates()));
        }
        var held = numbers.HeldOut(tested * sources.Count);
        List<Trajectory> test = [];
        List<double[]> truth = [];
        for (int s = 0; s < sources.Count; s++)
        {
            context.Progress(0.3 + 0.3 * s / sources.Count, $"playing held-out missions: {sources[s].Name}");
            test.AddRange(sources[s].Play(missions, [.. held.Where((_, i) => i % sources.Count == s)], TestSeed + (ulong)s, truth, context.Stop));
        }
        var attributor = new SpaAttributor(missions.Shape, new SpaOptions(), context.Seed);
        for (int u = 0; u < Updates; u += Every)
        {
            attributor.Fit(data, new FitOptions(Every, Batch, random.NextUInt64()));
            var q = SpaQuality.Of(attributor, test, truth);
            Console.Error.WriteLine(FormattableString.Invariant($"{u + Every,5} corr {q.RankCorrelation:0.000} won {q.OnSuccesses:0.000} lost {q.OnFailures:0.000} mass {q.PositiveMass:0.000} slope {q.Slope:0.000} int {q.Intercept:0.000} mse {q.Error:0.0000}"));
        }
        throw new InvalidOperationException("exploration");
    }

    private static CandidateWeights Shipped(ExperimentContext context)
    {
        string? file = context.ModelFolder is null ? null : Path.Combine(context.ModelFolder, Policy + CandidateFile.Ending);
        if (file is null || !File.Exists(file)) throw new InvalidDataException($"The progress estimator is fitted on what the policy '{Policy}' does, and {file ?? "a folder of models"} is not there; train it first: edge train {Policy} --out models/{Policy}{CandidateFile.Ending}");
        return CandidateFile.Read(file);
    }
}
