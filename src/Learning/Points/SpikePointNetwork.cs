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
        var lif = new LifOptions { Tau = options.Tau, LearnThreshold = true };
        var layers = new List<Layer<float>>();
        var size = new MapSize(PointEncoder.Features, options.Points.Groups, options.Points.Neighbours);
        for (int i = 0; i < options.Widths.Count; i++)
        {
            int width = options.Widths[i], n = i + 1;
            AddLinear(layers, $"fc{n}", $"norm{n}", ref size, width);
            layers.Add(new LifLayer<float>($"lif{n}", size, lif));
            var body = new List<Layer<float>>();
            AddLinear(body, $"res{n}", $"resnorm{n}", ref size, width);
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

    /// <summary>Sets each threshold to a percentile of what arrives at its neurons, layer by layer from the input on.</summary>
    /// <param name="network">A network that <see cref="Build"/> made, with its initial weights.</param>
    /// <param name="data">The samples; the first hundred are looked at.</param>
    /// <param name="percentile">The share that should lie below, above 0, below 1.</param>
    public static void SetThresholds(Network<float> network, ITrainingData data, double percentile)
    {
        int samples = Math.Min(100, data.Count);
        var batch = new float[data.Steps * samples * data.Size.Count];
        for (int i = 0; i < samples; i++) data.Fill(i, null, i, samples, batch);
        for (int i = 1; i < network.Layers.Count; i++)
        {
            var block = network.Layers[i] as ResidualLayer<float>;
            if ((block?.Neurons ?? network.Layers[i]) is not LifLayer<float> { LearnedThreshold: { } threshold }) continue;
            // A pass of training, because the running statistics of the normalisation are not there yet.
            network.Forward(new LayerPass(data.Steps, samples) { Training = true, Random = new CounterRandom(0) }, batch);
            float[] arriving = (block is null ? network.OutputOf(i - 1) : block.Currents).ToArray();
            Array.Sort(arriving);
            threshold.Value[0] = arriving[Math.Clamp((int)(percentile * arriving.Length), 0, arriving.Length - 1)];
        }
    }

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

    private static void AddLinear(List<Layer<float>> layers, string name, string norm, ref MapSize size, int width)
    {
        // The normalisation has a shift of its own: a bias in front of it would do nothing.
        var linear = new Conv2dLayer<float>(name, size, width, new Window2d(1), bias: false);
        size = linear.Output;
        layers.AddRange(linear, new BatchNormLayer<float>(norm, size));
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
    private static LifLayer<float> PerPlace(NeuronLayer<float> neurons) => neurons is LifLayer<float> { Options: { LearnTau: false } options } lif
        ? new LifLayer<float>(lif.Name, new MapSize(lif.Input.Channels), options with { Threshold = lif.Threshold, LearnThreshold = false })
        : throw new ArgumentException($"Layer '{neurons.Name}' is no LIF population with a fixed time constant; a point network has no others.", nameof(neurons));
}
