using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Builds the point network for the trainer, and says it in NIR for <see cref="PointNetwork"/>.</summary>
/// <remarks>
/// Per point: linear, normalisation, LIF; a residual layer whose neurons get the maximum of the currents over the points of a group. Per group: twice the same, each
/// twice as wide; the last neurons get the maximum over the groups; linear to the classes. A linear layer at every place is a convolution with a window of 1. NIR has no maximum over a set: the graph holds the network that
/// one point would run through alone, and the metadata of <see cref="PointMetadata"/> say where the maxima are.
/// Source: Ren et al., "SpikePoint", ICLR 2024, figure 2, at our scale and with one branch instead of two.
/// </remarks>
public static class SpikePointNetwork
{
    private const double Dt = 1e-3;

    /// <summary>Builds the network without initial values.</summary>
    /// <param name="options">Its extents.</param>
    public static Network<float> Build(SpikePointOptions options)
    {
        if (options.Widths.Count < 2) throw new ArgumentException($"{options.Widths.Count} widths are given; points and groups need one each.", nameof(options));
        var lif = new LifOptions { Tau = options.Tau };
        var layers = new List<Layer<float>>();
        var size = new MapSize(PointEncoder.Features, options.Points.Groups, options.Points.Neighbours);
        for (int i = 0; i < options.Widths.Count; i++)
        {
            int width = options.Widths[i], n = i + 1;
            AddLinear(layers, $"fc{n}", $"norm{n}", ref size, width, options.Gain);
            layers.Add(new LifLayer<float>($"lif{n}", size, lif));
            var body = new List<Layer<float>>();
            AddLinear(body, $"res{n}", $"resnorm{n}", ref size, width, options.Gain);
            // The points of a group become one in the first block, the groups in the last.
            var pool = i == 0 ? new MaxOverLayer<float>("neighbours", size)
                : i == options.Widths.Count - 1 ? new MaxOverLayer<float>("groups", new MapSize(width, 1, size.Height)) : null;
            size = pool?.Output ?? size;
            layers.Add(new ResidualLayer<float>($"block{n}", new Network<float>(body), new LifLayer<float>($"reslif{n}", size, lif), pool));
        }
        if (options.Dropout > 0) layers.Add(new DropoutLayer<float>("dropout", size, options.Dropout));
        layers.Add(new LinearLayer<float>("readout", size, 10));
        return new Network<float>(layers);
    }

    /// <summary>Counts the numbers that are trained.</summary>
    public static int ParameterCount(Network<float> network) => network.Parameters.Sum(p => p.Value.Length);

    /// <summary>Makes the network that runs: normalisations folded, dropout left out.</summary>
    /// <param name="network">The trained one; not changed.</param>
    public static Network<float> Folded(Network<float> network)
    {
        var layers = network.Layers.Select(l => l is ResidualLayer<float> r ? new ResidualLayer<float>(r.Name, BatchNormFolding.Fold(r.Body), r.Neurons, r.Pool) : l);
        return BatchNormFolding.Fold(new Network<float>(layers.ToArray()));
    }

    /// <summary>Makes the graph of a network that <see cref="Build"/> made.</summary>
    /// <param name="network">The network, trained or folded; not changed.</param>
    /// <param name="points">The front end.</param>
    public static NirGraph Graph(Network<float> network, PointOptions points)
    {
        List<NirNode> nodes = [new("input", NirNodeType.Input, NirExport.Group(("shape", NirArray.Vector(PointEncoder.Features))))];
        List<NirEdge> edges = [];
        string last = "input";
        foreach (var layer in Folded(network).Layers)
        {
            switch (layer)
            {
                case ResidualLayer<float> block:
                    string before = last;
                    foreach (var inner in block.Body.Layers) Chain(Node(inner));
                    var neurons = NirNeurons.Node(PerPlace(block.Neurons), Dt);
                    if (block.Pool is { } pool) neurons = new NirNode(neurons.Name, neurons.Type, neurons.Parameters, neurons.Metadata.With(PointMetadata.MaxKey, new NirText(pool.Input.Height > 1 ? PointMetadata.Neighbours : PointMetadata.Groups)));
                    Chain(neurons);
                    edges.Add(new NirEdge(before, last));
                    break;
                default:
                    Chain(Node(layer));
                    break;
            }
        }
        nodes.Add(new NirNode("output", NirNodeType.Output, NirExport.Group(("shape", NirArray.Vector(network.Output.Count)))));
        edges.Add(new NirEdge(last, "output"));
        return new NirGraph(nodes, edges, PointMetadata.Write(points, NirExport.Group(("edge_dt", NirArray.Scalar(Dt)))));

        void Chain(NirNode node)
        {
            nodes.Add(node);
            edges.Add(new NirEdge(last, node.Name));
            last = node.Name;
        }
    }

    private static void AddLinear(List<Layer<float>> layers, string name, string norm, ref MapSize size, int width, double gain)
    {
        // The normalisation has a shift of its own: a bias in front of it would do nothing.
        var linear = new Conv2dLayer<float>(name, size, width, new Window2d(1), bias: false);
        size = linear.Output;
        layers.AddRange(linear, new BatchNormLayer<float>(norm, size, gain));
    }

    private static NirNode Node(Layer<float> layer) => layer switch
    {
        Conv2dLayer<float> { Window.Kernel: 1, Bias: { } bias } place => Affine(place.Name, place.Weights.Value, bias.Value, place.Input.Channels),
        LinearLayer<float> { Bias: { } bias } linear => Affine(linear.Name, linear.Weights.Value, bias.Value, linear.Input.Count),
        NeuronLayer<float> neurons => NirNeurons.Node(PerPlace(neurons), Dt),
        _ => throw new ArgumentException($"Layer '{layer.Name}' ({layer.GetType().Name}) is none of a point network.", nameof(layer)),
    };

    private static NirNode Affine(string name, float[] weights, float[] bias, int inputs)
    {
        int outputs = bias.Length;
        var turned = new float[weights.Length];
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < outputs; o++) turned[o * inputs + i] = weights[i * outputs + o];
        }
        return new NirNode(name, NirNodeType.Affine, NirExport.Group(("weight", NirArray.Of(turned, outputs, inputs)), ("bias", NirArray.Of((float[])bias.Clone(), outputs))));
    }

    // All places have the same neurons: the graph holds those of one.
    private static LifLayer<float> PerPlace(NeuronLayer<float> neurons) => neurons is LifLayer<float> { Options: { LearnTau: false, LearnThreshold: false } options } lif
        ? new LifLayer<float>(lif.Name, new MapSize(lif.Input.Channels), options)
        : throw new ArgumentException($"Layer '{neurons.Name}' is no LIF population with fixed constants; a point network has no others.", nameof(neurons));
}
