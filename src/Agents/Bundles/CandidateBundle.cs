using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Candidate-scoring policies as bundles: which file holds what, how the self-test runs, and how a policy comes out again.</summary>
/// <remarks>
/// The golden pair is a few steps of a mission: for each, the count of candidates, the state, the event and the candidates' numbers; the output is every
/// score. The memory runs from step to step, so all weights take part. Thread-safe.
/// </remarks>
public static class CandidateBundle
{
    /// <summary>The policy's file in a bundle.</summary>
    public const string PolicyFile = "policy" + CandidateFile.Ending;

    /// <summary>The evaluation's file in a bundle.</summary>
    public const string ReportFile = "eval.json";

    private const int GoldenSteps = 3, MaxCandidates = 4096;

    /// <summary>Gets what runs self-tests of such bundles; to be given to <see cref="BundleLoader"/>.</summary>
    public static IBundleProbe Probe { get; } = new ScorerProbe();

    /// <summary>Returns the files of a bundle.</summary>
    /// <param name="weights">The policy.</param>
    /// <param name="golden">A mission at its start, whose first steps become the golden input; the expert plays them.</param>
    /// <param name="report">The evaluation, JSON in UTF-8.</param>
    /// <exception cref="InvalidDataException">The policy is for another shape, or a score is not finite.</exception>
    public static IReadOnlyDictionary<string, byte[]> Files(CandidateWeights weights, IMission golden, byte[] report)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(report);
        float[] input = [.. Golden(golden)], output = Run(weights, input);
        int bad = Array.FindIndex(output, s => !float.IsFinite(s));
        if (bad >= 0) throw new InvalidDataException($"Candidate policy '{weights.Card.Name}': score {bad} of the golden mission is {output[bad]}; must be finite.");
        return new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [PolicyFile] = CandidateFile.ToBytes(weights),
            [ReportFile] = report,
            [BundleLoader.SelfTestFile] = Pair(input, output),
        };
    }

    /// <summary>Opens a bundle's policy; its version is the bundle's id.</summary>
    /// <param name="bundle">A bundle of kind <see cref="BundleKind.Compact"/>.</param>
    /// <param name="shape">The missions that it is to be used for.</param>
    /// <param name="time">The clock of latencies; the system's when null.</param>
    /// <exception cref="BundleException">The bundle holds another kind of policy.</exception>
    /// <exception cref="InvalidDataException">The policy is damaged or for another shape.</exception>
    public static CandidatePolicy Open(PolicyBundle bundle, MissionShape shape, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new CandidatePolicy(Weights(bundle), shape, new CandidatePolicyOptions { Version = bundle.Id }, time);
    }

    private static CandidateWeights Weights(PolicyBundle bundle)
    {
        if (!bundle.Manifest.Files.Any(f => f.Path == PolicyFile)) throw new BundleException(BundleRefusal.File, $"Bundle {bundle.Id} holds no '{PolicyFile}'; it is no candidate-scoring policy.");
        return CandidateFile.Read(bundle.File(PolicyFile).Span, PolicyFile);
    }

    private static List<float> Golden(IMission mission)
    {
        var numbers = new List<float>();
        var view = new MissionView(mission.Shape);
        for (int step = 0; step < GoldenSteps; step++)
        {
            mission.Describe(view);
            numbers.Add(view.Count);
            numbers.AddRange(view.State);
            numbers.AddRange(view.Event);
            numbers.AddRange(view.Candidates);
            int choice = mission.Expert();
            if (choice < 0 || mission.Step(mission.Candidates[choice].Text).Done) break;
        }
        return numbers;
    }

    private static float[] Run(CandidateWeights weights, ReadOnlySpan<float> input)
    {
        var card = weights.Card;
        var scorer = new CandidateScorer(weights);
        var view = new MissionView(new MissionShape(card.State, card.Event, card.Candidate, ""));
        var output = new List<float>();
        while (input.Length > 0)
        {
            if (!(input[0] is >= 1 and <= MaxCandidates) || input[0] != (int)input[0]) throw new InvalidDataException($"a step has {input[0]} candidates; must be a whole number in [1, {MaxCandidates}].");
            int count = (int)input[0], width = card.State + card.Event + count * card.Candidate;
            input = input[1..];
            if (input.Length < width) throw new InvalidDataException($"a step of {count} candidates needs {width} numbers, {input.Length} are left.");
            view.Resize(count);
            input[..card.State].CopyTo(view.State);
            input.Slice(card.State, card.Event).CopyTo(view.Event);
            input[(card.State + card.Event)..width].CopyTo(view.Candidates);
            view.Executable.Fill(true);
            output.AddRange(scorer.Score(view, again: false));
            input = input[width..];
        }
        return [.. output];
    }

    private static byte[] Pair(float[] input, float[] output)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, numbers) in (ReadOnlySpan<(string, float[])>)[("input", input), ("output", output)])
            {
                writer.WriteStartArray(name);
                foreach (float number in numbers) writer.WriteNumberValue(number);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    private sealed class ScorerProbe : IBundleProbe
    {
        public float[] Run(PolicyBundle bundle, ReadOnlySpan<float> input) => CandidateBundle.Run(Weights(bundle), input);
    }
}
