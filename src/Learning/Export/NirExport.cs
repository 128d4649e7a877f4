using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Says a trained network in NIR, so that the engine gives the same spikes as the trainer's forward pass.</summary>
/// <remarks>
/// Batch normalisation is folded and dropout left out. Maps turn from [y, x, channel] to NIR's [channel, y, x]; in front of a linear layer on a map stands a
/// Flatten. Time constants are written in seconds and gains so that Euler steps of <c>edge_dt</c> are the trainer's; both as float64, because float32 would move
/// the decay. What NIR cannot say stands in the metadata of <see cref="NirGraph"/>. A reader that does not know it gets a network of hard resets to v_reset without
/// synaptic delays and with sums in the place of maxima.
/// </remarks>
public static class NirExport
{
    /// <summary>Makes the graph of a network.</summary>
    /// <param name="network">The network; not changed.</param>
    /// <param name="dt">Seconds per step, above 0.</param>
    /// <exception cref="ArgumentException">A layer cannot be said in NIR; the message names it.</exception>
    public static NirGraph Graph(Network<float> network, double dt)
    {
        if (!(dt > 0 && double.IsFinite(dt))) throw new ArgumentOutOfRangeException(nameof(dt), $"dt is {dt} s; must be above 0.");
        var folded = BatchNormFolding.Fold(network);
        List<NirNode> nodes = [new("input", NirNodeType.Input, Group(("shape", Shape(folded.Input))))];
        List<NirEdge> edges = [];
        string last = "input";
        foreach (var layer in folded.Layers)
        {
            if (layer.Name is "input" or "output") throw new ArgumentException($"Layer '{layer.Name}' has the name of a node that the graph adds; give it another.", nameof(network));
            if (layer is LinearLayer<float> or DelayLinearLayer<float> && layer.Input.IsMap)
            {
                string flatten = layer.Name + ".flatten";
                nodes.Add(new NirNode(flatten, NirNodeType.Flatten, Group(("start_dim", NirArray.Scalar(0L)), ("end_dim", NirArray.Scalar(-1L)), ("input_type", Shape(layer.Input)))));
                edges.Add(new NirEdge(last, flatten));
                last = flatten;
            }
            nodes.Add(Node(layer, dt));
            edges.Add(new NirEdge(last, layer.Name));
            last = layer.Name;
            if (layer is NeuronLayer<float> { Recurrent: { } recurrent })
            {
                int n = layer.Input.Count;
                string name = layer.Name + ".recurrent";
                nodes.Add(new NirNode(name, NirNodeType.Linear, Group(("weight", NirArray.Of(Transposed(recurrent.Value, new MapSize(n), n), n, n)))));
                edges.Add(new NirEdge(layer.Name, name));
                edges.Add(new NirEdge(name, layer.Name));
            }
        }
        nodes.Add(new NirNode("output", NirNodeType.Output, Group(("shape", Shape(folded.Output)))));
        edges.Add(new NirEdge(last, "output"));
        return new NirGraph(nodes, edges, Group(("edge_dt", NirArray.Scalar(dt))));
    }

    private static NirNode Node(Layer<float> layer, double dt) => layer switch
    {
        Conv2dLayer<float> conv => new NirNode(conv.Name, NirNodeType.Conv2d, Group(
            ("input_shape", NirArray.Vector(conv.Input.Height, conv.Input.Width)),
            ("weight", NirArray.Of(Kernel(conv), conv.Output.Channels, conv.Input.Channels, conv.Window.Kernel, conv.Window.Kernel)),
            ("bias", NirArray.Of(conv.Bias is null ? new float[conv.Output.Channels] : (float[])conv.Bias.Value.Clone(), conv.Output.Channels)),
            ("stride", Pair(conv.Window.Stride)), ("padding", Pair(conv.Window.Padding)), ("dilation", Pair(1)), ("groups", NirArray.Scalar(1L)))),
        LinearLayer<float> { Bias: { } bias } linear => new NirNode(linear.Name, NirNodeType.Affine, Group(
            ("weight", Weights(linear.Weights.Value, linear)), ("bias", NirArray.Of((float[])bias.Value.Clone(), linear.Output.Count)))),
        LinearLayer<float> linear => new NirNode(linear.Name, NirNodeType.Linear, Group(("weight", Weights(linear.Weights.Value, linear)))),
        DelayLinearLayer<float> delay => Delays(delay, dt),
        PoolLayer<float> pool => new NirNode(
            pool.Name, pool.Kind == PoolKind.Average ? NirNodeType.AvgPool2d : NirNodeType.SumPool2d,
            Group(("kernel_size", Pair(pool.Window.Kernel)), ("stride", Pair(pool.Window.Stride)), ("padding", Pair(pool.Window.Padding))),
            pool.Kind == PoolKind.Max ? Group(("edge_pool", new NirText("max"))) : null),
        _ => NirNeurons.Node(layer, dt),
    };

    private static NirNode Delays(DelayLinearLayer<float> layer, double dt)
    {
        if (!layer.Rounded) throw new ArgumentException($"Layer '{layer.Name}' has delays between whole steps; call Round() first, and measure what that costs.", nameof(layer));
        int n = layer.Input.Count, m = layer.Output.Count;
        var steps = new float[n * m];
        for (int i = 0; i < steps.Length; i++) steps[i] = layer.Delay(i);
        byte[] delays = Array.ConvertAll(Transposed(steps, layer.Input, m), v => (byte)v);
        return new NirNode(layer.Name, NirNodeType.Linear, Group(("weight", Weights(layer.Weights.Value, layer))),
            Group(("edge_delays", NirArray.Of(delays, m, n)), ("edge_delay_dt", NirArray.Scalar(dt))));
    }

    private static NirArray Weights(float[] weights, Layer<float> layer) => NirArray.Of(Transposed(weights, layer.Input, layer.Output.Count), layer.Output.Count, layer.Input.Count);

    // [y, x, channel][out] becomes [out][channel, y, x].
    private static float[] Transposed(float[] weights, MapSize input, int outputs)
    {
        var result = new float[weights.Length];
        int places = input.Height * input.Width;
        for (int p = 0; p < places; p++)
        {
            for (int c = 0; c < input.Channels; c++)
            {
                for (int o = 0; o < outputs; o++) result[(o * input.Channels + c) * places + p] = weights[(p * input.Channels + c) * outputs + o];
            }
        }
        return result;
    }

    // [ky, kx, in, out] becomes [out, in, ky, kx]: the same turn with the window as the map.
    private static float[] Kernel(Conv2dLayer<float> conv) =>
        Transposed(conv.Weights.Value, new MapSize(conv.Input.Channels, conv.Window.Kernel, conv.Window.Kernel), conv.Output.Channels);

    private static NirArray Pair(int value) => NirArray.Vector(value, value);

    private static NirArray Shape(MapSize size) => size.IsMap ? NirArray.Vector(size.Channels, size.Height, size.Width) : NirArray.Vector(size.Channels);

    internal static NirGroup Group(params (string Name, NirValue Value)[] values) => new(values.ToDictionary(v => v.Name, v => v.Value));
}
