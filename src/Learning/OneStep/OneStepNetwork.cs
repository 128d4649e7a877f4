using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Builds the network whose steps are taken away one by one, and says the one that is left in NIR, without neurons that remember anything.</summary>
/// <remarks>
/// Convolutions of stride 2 with normalisation and LIF neurons with soft reset whose leak λ = 1 − 1/τ and threshold θ are trained, one of each per layer, then a linear
/// layer; the image is the current of every step. At one step from rest such a neuron is 1[Wx + b &gt; θ]. Source: Chowdhury, Rathi and Roy, "Towards ultra low latency
/// spiking neural networks for vision and sequential tasks using temporal pruning", ECCV 2022 (IIR-SNN); there normalisation is folded before, here after training.
/// </remarks>
public static class OneStepNetwork
{
    // 90 % of a normal variable lies below this: what normalised pre-activations give at first.
    private const double FirstThreshold = 1.2816;

    /// <summary>The metadata on the graph: microseconds that one movement's counts are summed over.</summary>
    public const string HistogramKey = "edge_histogram_us";

    /// <summary>Builds the network without initial values.</summary>
    /// <param name="options">Its extents.</param>
    public static Network<float> Build(OneStepOptions options)
    {
        if (!(options.Leak is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), $"Leak is {options.Leak}; must be above 0 and below 1.");
        var neurons = new LifOptions
        {
            Tau = 1 / (1 - options.Leak),
            Threshold = FirstThreshold,
            Reset = MembraneReset.Soft,
            LearnTau = true,
            LearnThreshold = true,
            Surrogate = new Surrogate(SurrogateKind.Triangle, 1 / FirstThreshold),
        };
        var layers = new List<Layer<float>>();
        var size = new MapSize(2 * HistogramData.Movements, NmnistData.Side, NmnistData.Side);
        for (int i = 0; i < options.Channels.Count; i++)
        {
            int kernel = i == 0 ? 5 : 3, n = i + 1;
            var conv = new Conv2dLayer<float>($"conv{n}", size, options.Channels[i], new Window2d(kernel, 2, kernel / 2), bias: false);
            size = conv.Output;
            layers.AddRange(conv, new BatchNormLayer<float>($"norm{n}", size), new LifLayer<float>($"lif{n}", size, neurons));
        }
        if (options.Dropout > 0) layers.Add(new DropoutLayer<float>("dropout", size, options.Dropout));
        layers.Add(new LinearLayer<float>("readout", size, 10));
        return new Network<float>(layers);
    }

    /// <summary>Sets each threshold to a percentile of what arrives at its neurons, layer by layer from the input on.</summary>
    /// <param name="network">The network, with its initial weights.</param>
    /// <param name="batch">Some samples at one step, [sample, input].</param>
    /// <param name="samples">How many.</param>
    /// <param name="percentile">The share that should lie below, above 0, below 1.</param>
    public static void SetThresholds(Network<float> network, ReadOnlySpan<float> batch, int samples, double percentile)
    {
        for (int i = 1; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is not LifLayer<float> { LearnedThreshold: { } threshold }) continue;
            // A pass of training, because the running statistics of the normalisation are not there yet.
            network.Forward(new LayerPass(1, samples) { Training = true, Random = new CounterRandom(0) }, batch);
            float[] arriving = network.OutputOf(i - 1).ToArray();
            Array.Sort(arriving);
            threshold.Value[0] = arriving[Math.Clamp((int)(percentile * arriving.Length), 0, arriving.Length - 1)];
        }
    }

    /// <summary>Makes the graph of the network at one step: Threshold nodes in the place of neurons.</summary>
    /// <param name="network">The network, trained or folded; not changed.</param>
    /// <param name="stepUs">What one movement's counts are summed over, in microseconds.</param>
    public static NirGraph Graph(Network<float> network, int stepUs)
    {
        var graph = NirExport.Graph(network, stepUs * HistogramData.Movements * 1e-6);
        var nodes = graph.Nodes.Select(n => n.Type == NirNodeType.LIF ? new NirNode(n.Name, NirNodeType.Threshold, NirExport.Group(("threshold", Single(n.Required("v_threshold"))))) : n);
        return new NirGraph(nodes.ToArray(), graph.Edges, graph.Metadata.With(HistogramKey, NirArray.Scalar((long)stepUs)), graph.Version);
    }

    // The trained threshold is a float32; nothing is lost.
    private static NirArray Single(NirArray values) => NirArray.Of(values.ToSingle(), values.Shape.ToArray());
}
