using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Small point networks with random weights, whole or spoilt.</summary>
internal static class PointGraphs
{
    public static PointOptions Options { get; } = new() { WindowUs = 2000, Points = 64, Groups = 9, Neighbours = 5, Steps = 3, MinimumEvents = 5 };

    /// <summary>Points → 40 → residual 40, max → 70, max → 4 classes.</summary>
    public static NirGraph Make(PointOptions options, ulong seed = 1)
    {
        var random = new RandomStream(seed);
        NirNode[] nodes =
        [
            new("input", NirNodeType.Input, Group(("shape", NirArray.Vector(6)))),
            Affine("fc1", 6, 40, random),
            Lif("lif1", 40, random),
            Affine("fc2", 40, 40, random),
            Lif("lif2", 40, random, PointMetadata.Neighbours),
            Affine("fc3", 40, 70, random),
            Lif("lif3", 70, random, PointMetadata.Groups),
            Affine("fc4", 70, 4, random),
            new("output", NirNodeType.Output, Group(("shape", NirArray.Vector(4)))),
        ];
        var edges = new List<NirEdge> { new("lif1", "lif2") };
        for (int i = 1; i < nodes.Length; i++) edges.Add(new NirEdge(nodes[i - 1].Name, nodes[i].Name));
        return new NirGraph(nodes, edges, PointMetadata.Write(options, Group(("edge_dt", NirArray.Scalar(0.001)))));
    }

    public static NirGraph With(this NirGraph graph, NirNode node) => new(graph.Nodes.Select(n => n.Name == node.Name ? node : n).ToArray(), graph.Edges, graph.Metadata);

    public static NirGraph With(this NirGraph graph, string key, NirValue value) => new(graph.Nodes, graph.Edges, graph.Metadata.With(key, value));

    public static NirGraph With(this NirGraph graph, params NirEdge[] more) => new(graph.Nodes, [.. graph.Edges, .. more], graph.Metadata);

    public static NirGroup Group(params (string Name, NirValue Value)[] values) => new(values.ToDictionary(v => v.Name, v => v.Value));

    public static NirNode Affine(string name, int inputs, int outputs, RandomStream random) => new(name, NirNodeType.Affine, Group(
        ("weight", NirArray.Of(Draw(random, inputs * outputs, -0.5, 0.7), outputs, inputs)), ("bias", NirArray.Of(Draw(random, outputs, -0.2, 0.2), outputs))));

    public static NirNode Lif(string name, int width, RandomStream random, string? max = null) => new(name, NirNodeType.LIF, Group(
        ("tau", NirArray.Of(Array.ConvertAll(Draw(random, width, 1.5, 4), v => v * 1e-3), width)), ("r", NirArray.Of(Draw(random, width, 1.5, 4), width)),
        ("v_leak", NirArray.Of(Draw(random, width, -0.1, 0.1), width)), ("v_threshold", NirArray.Of(Draw(random, width, 0.6, 1.4), width)), ("v_reset", NirArray.Of(Draw(random, width, -0.1, 0.1), width))),
        max is null ? null : Group((PointMetadata.MaxKey, new NirText(max))));

    private static float[] Draw(RandomStream random, int count, double low, double high)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)random.NextDouble(low, high);
        return values;
    }
}
