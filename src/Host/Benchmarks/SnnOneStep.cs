using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Times a network of one step without state whose weights are −1 or +1: counting bits against adding rows.</summary>
internal static class SnnOneStep
{
    private const int Samples = 50;

    private static readonly int[] Sizes = [1024, 1024, 1024, 16];

    /// <summary>Gives the figures.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static IEnumerable<Figure> Run(double seconds)
    {
        var graph = Graph();
        foreach (double share in (double[])[0.1, 0.5])
        {
            int[][] input = SnnNets.Input(Sizes[0], share, Samples, 12);
            foreach (var path in (SpikingPath[])[SpikingPath.Auto, SpikingPath.Sparse])
            {
                var network = SpikingNetwork.Compile(graph, new SpikingOptions { Dt = 1, BinaryInput = true, Path = path });
                var s = SnnBenchmark.Time(network, input, seconds, out double least, out long allocated).Summarize();
                foreach (int[] sample in input) network.Step(sample);
                string rates = string.Join("/", Enumerable.Range(0, network.LayerCount).Select(l => FormattableString.Invariant($"{SnnNets.Rate(network, l):P0}")));
                yield return new Figure(
                    FormattableString.Invariant($"one step 1024-1024-1024-16, weights -1 and 1, {share:P0} input, {(path == SpikingPath.Auto ? "auto" : "rows")}"), least * 1e-3 / Samples, "us/sample",
                    s.P50Ns * 1e-3 / Samples, s.P99Ns * 1e-3 / Samples, s.MaxNs * 1e-3 / Samples, FormattableString.Invariant($"value = least of {s.Count:N0} runs of {Samples} samples, percentiles of their means; rates {rates}; {allocated} bytes allocated"));
            }
        }
    }

    private static NirGraph Graph()
    {
        var random = new RandomStream(11);
        var nodes = new List<NirNode> { Node("input", NirNodeType.Input, ("shape", NirArray.Vector(Sizes[0]))) };
        var edges = new List<NirEdge>();
        string last = "input";
        for (int l = 1; l < Sizes.Length; l++)
        {
            var w = new float[Sizes[l] * Sizes[l - 1]];
            for (int i = 0; i < w.Length; i++) w[i] = random.NextInt32(2) * 2 - 1;
            nodes.Add(Node($"fc{l}", NirNodeType.Linear, ("weight", NirArray.Of(w, Sizes[l], Sizes[l - 1]))));
            var thresholds = new float[Sizes[l]];
            Array.Fill(thresholds, 0.5f);
            nodes.Add(Node($"t{l}", NirNodeType.Threshold, ("threshold", NirArray.Of(thresholds, Sizes[l]))));
            edges.AddRange([new NirEdge(last, $"fc{l}"), new NirEdge($"fc{l}", $"t{l}")]);
            last = $"t{l}";
        }
        nodes.Add(Node("output", NirNodeType.Output));
        edges.Add(new NirEdge(last, "output"));
        return new NirGraph(nodes, edges);
    }

    private static NirNode Node(string name, NirNodeType type, params (string Name, NirValue Value)[] parameters) =>
        new(name, type, new NirGroup(parameters.ToDictionary(p => p.Name, p => p.Value)));
}
