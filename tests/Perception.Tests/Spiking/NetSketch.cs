using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>A network under construction: nodes in an order in which they can be computed, edges, and which edges carry the step before.</summary>
internal sealed class NetSketch
{
    public List<NirNode> Nodes { get; } = [];

    public List<NirEdge> Edges { get; } = [];

    public HashSet<NirEdge> Delayed { get; } = [];

    public double Dt { get; set; } = 1;

    public NetSketch Add(string name, NirNodeType type, params (string Name, NirValue Value)[] parameters)
    {
        var plain = parameters.Where(p => !p.Name.StartsWith("edge_", StringComparison.Ordinal)).ToDictionary(p => p.Name, p => p.Value);
        var meta = parameters.Where(p => p.Name.StartsWith("edge_", StringComparison.Ordinal)).ToDictionary(p => p.Name, p => p.Value);
        Nodes.Add(new NirNode(name, type, new NirGroup(plain), new NirGroup(meta)));
        return this;
    }

    public NetSketch Wire(params string[] chain)
    {
        for (int i = 1; i < chain.Length; i++) Edges.Add(new NirEdge(chain[i - 1], chain[i]));
        return this;
    }

    public NetSketch WireBack(string from, string to)
    {
        Edges.Add(new NirEdge(from, to));
        Delayed.Add(new NirEdge(from, to));
        return this;
    }

    /// <summary>Gives the graph; with a stream, nodes and edges in any order, which must not matter.</summary>
    public NirGraph Graph(RandomStream? shuffle = null)
    {
        NirNode[] nodes = [.. Nodes];
        NirEdge[] edges = [.. Edges];
        if (shuffle is not null)
        {
            Shuffle(nodes, shuffle);
            Shuffle(edges, shuffle);
        }
        return new NirGraph(nodes, edges, new NirGroup(new Dictionary<string, NirValue> { ["edge_dt"] = NirArray.Scalar(Dt) }));
    }

    public static void Shuffle<T>(Span<T> items, RandomStream random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    public static NirArray Floats(float[] data, params int[] shape) => NirArray.Of(data, shape);

    public static NirArray Vector(params float[] data) => NirArray.Of(data, data.Length);

    public static NirArray All(float value, params int[] shape)
    {
        int n = 1;
        foreach (int extent in shape) n *= extent;
        var data = new float[n];
        Array.Fill(data, value);
        return NirArray.Of(data, shape);
    }

    /// <summary>Input of n, one Linear of given weights, one neuron, Output.</summary>
    public static NetSketch OneLayer(float[,] weights, NirNodeType neuron, params (string, NirValue)[] parameters)
    {
        int outputs = weights.GetLength(0), inputs = weights.GetLength(1);
        return new NetSketch().Add("input", NirNodeType.Input, ("shape", NirArray.Vector(inputs)))
            .Add("fc", NirNodeType.Linear, ("weight", Floats([.. weights.Cast<float>()], outputs, inputs)))
            .Add("n", neuron, parameters)
            .Add("output", NirNodeType.Output, ("shape", NirArray.Vector(outputs)))
            .Wire("input", "fc", "n", "output");
    }
}
