using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Who plays the episodes that a progress estimator learns from: from the best to the worst.</summary>
internal sealed class ProgressSource
{
    // The scores of a trained policy are far apart: at these temperatures it goes from nearly always right to mostly lost.
    private static readonly double[] Temperatures = [1, 2, 4, 8];
    private const double Noise = 0.1;

    private readonly CandidateNetwork<float>? _network;

    private ProgressSource(string name, CandidateNetwork<float>? network) => (Name, _network) = (name, network);

    /// <summary>Gets who plays, for reports.</summary>
    public string Name { get; }

    /// <summary>Returns the expert, a policy at several temperatures, and one that learned nothing.</summary>
    /// <param name="weights">The policy.</param>
    /// <param name="missions">Where they play.</param>
    /// <param name="seed">The seed of what learned nothing.</param>
    public static IReadOnlyList<ProgressSource> Of(CandidateWeights weights, IMissionSet missions, ulong seed)
    {
        var sources = new List<ProgressSource> { new("expert", null) };
        foreach (double temperature in Temperatures)
        {
            var network = MissionPolicyModel.NetworkOf(weights, missions.Shape);
            // The last layer has no bias: its weights divided by T are the scores divided by T.
            var last = network.Parameters.Single(p => p.Name == "score.weight").Value;
            for (int i = 0; i < last.Length; i++) last[i] = (float)(last[i] / temperature);
            sources.Add(new(FormattableString.Invariant($"policy at temperature {temperature}"), network));
        }
        var untrained = new CandidateNetwork<float>(missions.Shape, sources[1]._network!.Options);
        untrained.Initialize(seed);
        sources.Add(new("untrained policy", untrained));
        return sources;
    }

    /// <summary>Plays missions.</summary>
    /// <param name="missions">The set.</param>
    /// <param name="numbers">Which of it.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="truth">Takes the remaining costs; null = nobody.</param>
    /// <param name="stop">Ends it early.</param>
    public IReadOnlyList<Trajectory> Play(IMissionSet missions, ReadOnlySpan<int> numbers, ulong seed, IList<double[]>? truth, CancellationToken stop) => _network is null
        ? Demonstrations.Record(missions, numbers, seed, Noise, truth, stop)
        : new MissionPlayer(_network).Play(missions, numbers, seed, new PlayOptions { Progress = truth, PolicyVersion = Name }, stop);
}
