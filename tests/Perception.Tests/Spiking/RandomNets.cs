using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>Small random networks over every neuron, layer, reset, delay and option that the engine has.</summary>
internal sealed class RandomNets(RandomStream random)
{
    private static readonly NirNodeType[] Neurons = [NirNodeType.IF, NirNodeType.LIF, NirNodeType.LIF, NirNodeType.CubaLIF, NirNodeType.CubaLIF, NirNodeType.LI, NirNodeType.CubaLI, NirNodeType.I, NirNodeType.Threshold];

    private bool _levels;

    public bool Chance(double p) => random.NextDouble() < p;

    public SpikingOptions Options()
    {
        var options = new SpikingOptions
        {
            Reset = (SpikeReset)random.NextInt32(5), Compare = (SpikeComparison)random.NextInt32(2), Discretisation = (SpikeDiscretisation)random.NextInt32(2),
            Current = (SynapticCurrent)random.NextInt32(2), Fold = Chance(0.5), Path = (SpikingPath)random.NextInt32(3), BinaryInput = Chance(0.5), Delays = DelayKernel.History,
            MinPotential = Chance(0.2) ? -0.5 : null, MultiSpike = Chance(0.15), Simd = (SimdLevel)random.NextInt32(5),
        };
        _levels = Chance(0.15);
        return (options.MultiSpike || _levels) && options.Reset is SpikeReset.SubtractPending or SpikeReset.SubtractDelayed ? options with { Reset = SpikeReset.Subtract } : options;
    }

    public NetSketch Sketch(SpikingOptions options) => random.NextInt32(5) switch
    {
        0 or 1 => Image(),
        2 => Line(),
        _ => Vector(options),
    };

    /// <summary>Gives the input of one step, C,H,W; zeros and ones, or counts and reals.</summary>
    public float[] Input(int elements, bool isBinary, double rate)
    {
        var x = new float[elements];
        for (int i = 0; i < elements; i++)
        {
            if (Chance(rate)) x[i] = isBinary ? 1 : Chance(0.5) ? 1 + random.NextInt32(3) : (float)random.NextGaussian();
        }
        return x;
    }

    private NetSketch Vector(SpikingOptions options)
    {
        int inputs = 1 + random.NextInt32(30), hidden = 1 + random.NextInt32(40), outputs = 1 + random.NextInt32(20);
        var net = new NetSketch { Dt = Chance(0.5) ? 1 : 1e-3 };
        net.Add("input", NirNodeType.Input, ("shape", NirArray.Vector(inputs)));
        string last = "input";
        if (Chance(0.2)) last = Append(net, last, "in_scale", NirNodeType.Scale, ("scale", Random(1.5, inputs)));
        if (Chance(0.2)) last = Append(net, last, "in_delay", NirNodeType.Delay, ("delay", NirArray.Of([.. Enumerable.Range(0, inputs).Select(_ => random.NextInt32(6) * net.Dt)], inputs)));
        Dense(net, "fc1", inputs, hidden, options.BinaryInput && last == "input");
        net.Wire(last, "fc1");
        last = "fc1";
        if (Chance(0.2)) last = Append(net, last, "mid_scale", NirNodeType.Scale, ("scale", Random(1.5, hidden)));
        bool loops = Chance(0.4);
        if (loops) Dense(net, "rec", hidden, hidden, false);
        var kind = Neuron(net, "n1", hidden, hidden);
        net.Wire(last, "n1");
        if (loops)
        {
            // A neuron that spikes or shows a membrane; a threshold has no state to open the loop with.
            if (kind == NirNodeType.Threshold)
            {
                net.Nodes.RemoveAll(n => n.Name == "rec");
            }
            else net.Wire("rec", "n1").WireBack("n1", "rec");
        }
        bool delays = kind is not (NirNodeType.LI or NirNodeType.CubaLI or NirNodeType.I) && !options.MultiSpike && !_levels && Chance(0.4);
        Dense(net, "fc2", hidden, outputs, delays);
        net.Wire("n1", "fc2");
        if (Chance(0.5))
        {
            Neuron(net, "n2", outputs, outputs);
            net.Wire("fc2", "n2");
            last = "n2";
            // A second way into the same neuron.
            if (Chance(0.3))
            {
                net.Nodes.Insert(net.Nodes.FindIndex(n => n.Name == "n2"), Made("fc_skip", NirNodeType.Linear, ("weight", Random(0.8, outputs, inputs))));
                net.Wire("input", "fc_skip", "n2");
            }
        }
        else last = "fc2";
        net.Add("output", NirNodeType.Output, ("shape", NirArray.Vector(outputs)));
        return net.Wire(last, "output");
    }

    private NetSketch Image()
    {
        int c = 1 + random.NextInt32(3), h = 3 + random.NextInt32(6), w = 3 + random.NextInt32(6);
        var net = new NetSketch();
        net.Add("input", NirNodeType.Input, ("shape", NirArray.Vector(c, h, w)));
        var (kh, kw, sh, sw, ph, pw, dh, dw) = (1 + random.NextInt32(3), 1 + random.NextInt32(3), 1 + random.NextInt32(2), 1 + random.NextInt32(2), random.NextInt32(2), random.NextInt32(2), 1 + random.NextInt32(2), 1 + random.NextInt32(2));
        if (h + 2 * ph < dh * (kh - 1) + 1) dh = 1;
        if (w + 2 * pw < dw * (kw - 1) + 1) dw = 1;
        NirValue padding = Chance(0.2) ? new NirText("same") : NirArray.Vector(ph, pw);
        if (padding is NirText) (sh, sw, kh, kw) = (1, 1, 1 + 2 * random.NextInt32(2), 1 + 2 * random.NextInt32(2));
        int groups = Chance(0.3) ? c : 1, outC = groups * (1 + random.NextInt32(groups == 1 ? 20 : 3));
        int oh = padding is NirText ? h : (h + 2 * ph - dh * (kh - 1) - 1) / sh + 1, ow = padding is NirText ? w : (w + 2 * pw - dw * (kw - 1) - 1) / sw + 1;
        (string, NirValue)[] conv =
        [
            ("weight", Random(1.2 / Math.Sqrt((double)c / groups * kh * kw) + 0.2, outC, c / groups, kh, kw)), ("stride", NirArray.Vector(sh, sw)), ("padding", padding),
            ("dilation", NirArray.Vector(dh, dw)), ("groups", NirArray.Scalar((long)groups)), ("bias", Random(0.1, outC)),
        ];
        net.Add("conv", NirNodeType.Conv2d, conv);
        Neuron(net, "n1", outC, outC, oh, ow);
        net.Wire("input", "conv", "n1");
        string last = "n1";
        if (oh >= 2 && ow >= 2 && Chance(0.6))
        {
            int s = 1 + random.NextInt32(2), p = random.NextInt32(2);
            (string, NirValue)[] pool = [("kernel_size", NirArray.Vector(2, 2)), ("stride", NirArray.Vector(s, s)), ("padding", NirArray.Vector(p, p))];
            int kind = random.NextInt32(3);
            net.Add("pool", kind == 0 ? NirNodeType.AvgPool2d : NirNodeType.SumPool2d, kind == 2 ? [.. pool, ("edge_pool", new NirText("max"))] : pool);
            net.Wire(last, "pool");
            (oh, ow) = ((oh + 2 * p - 2) / s + 1, (ow + 2 * p - 2) / s + 1);
            last = "pool";
            if (Chance(0.4))
            {
                int wide = 1 + random.NextInt32(6);
                (string, NirValue)[] second = [("weight", Random(0.7, wide, outC, 1, 1)), ("stride", NirArray.Vector(1, 1)), ("padding", NirArray.Vector(0, 0)), ("dilation", NirArray.Vector(1, 1)), ("groups", NirArray.Scalar(1L)), ("bias", Random(0.1, wide))];
                net.Add("conv2", NirNodeType.Conv2d, second);
                Neuron(net, "n2", wide, wide, oh, ow);
                net.Wire(last, "conv2", "n2");
                (last, outC) = ("n2", wide);
            }
        }
        int features = outC * oh * ow;
        net.Add("flat", NirNodeType.Flatten, ("start_dim", NirArray.Scalar(0L)), ("end_dim", NirArray.Scalar(-1L)), ("input_type", NirArray.Vector(outC, oh, ow))).Wire(last, "flat");
        if (Chance(0.3))
        {
            net.Add("output", NirNodeType.Output, ("shape", NirArray.Vector(features)));
            return net.Wire("flat", "output");
        }
        int outputs = 1 + random.NextInt32(18);
        Dense(net, "fc", features, outputs, false);
        Neuron(net, "n3", outputs, outputs);
        net.Add("output", NirNodeType.Output, ("shape", NirArray.Vector(outputs)));
        return net.Wire("flat", "fc", "n3", "output");
    }

    private NetSketch Line()
    {
        int c = 1 + random.NextInt32(4), n = 4 + random.NextInt32(12), k = 1 + random.NextInt32(3), s = 1 + random.NextInt32(2), p = random.NextInt32(3), d = 1 + random.NextInt32(2), outC = 1 + random.NextInt32(20);
        if (n + 2 * p < d * (k - 1) + 1) d = 1;
        int length = (n + 2 * p - d * (k - 1) - 1) / s + 1;
        var net = new NetSketch();
        net.Add("input", NirNodeType.Input, ("shape", NirArray.Vector(c, n)));
        net.Add("conv", NirNodeType.Conv1d, ("weight", Random(0.8, outC, c, k)), ("stride", NirArray.Scalar((long)s)), ("padding", NirArray.Scalar((long)p)), ("dilation", NirArray.Scalar((long)d)), ("groups", NirArray.Scalar(1L)), ("bias", Random(0.1, outC)));
        // Flattened before the neuron as often as not: the neuron then lies as the convolution lies.
        bool early = Chance(0.5);
        if (early) net.Add("flat", NirNodeType.Flatten, ("start_dim", NirArray.Scalar(0L)), ("end_dim", NirArray.Scalar(-1L)));
        if (early) Neuron(net, "n1", outC * length, outC * length);
        else Neuron(net, "n1", outC, outC, length);
        if (early) net.Wire("input", "conv", "flat", "n1");
        else net.Wire("input", "conv", "n1");
        net.Add("output", NirNodeType.Output);
        return net.Wire("n1", "output");
    }

    // Parameters per channel, per element, or one for all.
    private NirNodeType Neuron(NetSketch net, string name, int channels, params int[] shape)
    {
        var type = Neurons[random.NextInt32(Neurons.Length)];
        double dt = net.Dt;
        int elements = shape.Aggregate(1, (a, b) => a * b), mode = random.NextInt32(3);
        NirArray Spread(double low, double high)
        {
            var perChannel = new float[channels];
            for (int i = 0; i < channels; i++) perChannel[i] = (float)random.NextDouble(low, high);
            var all = new float[elements];
            for (int i = 0; i < elements; i++) all[i] = mode == 0 ? perChannel[0] : mode == 1 ? perChannel[i / (elements / channels)] : (float)random.NextDouble(low, high);
            return NirArray.Of(all, shape);
        }
        if (type == NirNodeType.Threshold)
        {
            net.Add(name, type, ("threshold", Spread(-0.1, 0.8)));
            return type;
        }
        bool isIf = type is NirNodeType.I or NirNodeType.IF;
        List<(string, NirValue)> p = [("r", isIf ? Spread(0.7 / dt, 1.4 / dt) : Spread(0.8, 2.5))];
        if (!isIf) p.Add(("v_leak", Chance(0.5) ? NirArray.Of(new float[elements], shape) : Spread(-0.2, 0.3)));
        if (type is NirNodeType.LI or NirNodeType.LIF) p.Add(("tau", Spread(1.3 * dt, 6 * dt)));
        if (type is NirNodeType.CubaLI or NirNodeType.CubaLIF)
        {
            p.AddRange([("tau_mem", Spread(1.3 * dt, 6 * dt)), ("tau_syn", Spread(1.1 * dt, 4 * dt))]);
            if (Chance(0.6)) p.Add(("w_in", Chance(0.5) ? NirArray.Scalar(1.5) : Spread(0.8, 2)));
        }
        if (type is NirNodeType.IF or NirNodeType.LIF or NirNodeType.CubaLIF)
        {
            p.Add(("v_threshold", Chance(0.3) ? NirArray.Of(Enumerable.Repeat(0.5f, elements).ToArray(), shape) : Spread(0.3, 0.9)));
            if (Chance(0.6)) p.Add(("v_reset", Spread(-0.3, 0.2)));
            if (_levels) p.Add(("edge_levels", NirArray.Scalar(4L)));
        }
        net.Add(name, type, [.. p]);
        return type;
    }

    private void Dense(NetSketch net, string name, int inputs, int outputs, bool delays)
    {
        bool affine = Chance(0.5);
        List<(string, NirValue)> p = [("weight", Random(1.5 / Math.Sqrt(inputs) + 0.15, outputs, inputs))];
        if (affine) p.Add(("bias", Random(0.15, outputs)));
        if (delays)
        {
            int longest = Chance(0.3) ? 64 : 8;
            p.Add(("edge_delays", NirArray.Of([.. Enumerable.Range(0, inputs * outputs).Select(_ => (byte)random.NextInt32(longest))], outputs, inputs)));
        }
        net.Nodes.Add(Made(name, affine ? NirNodeType.Affine : NirNodeType.Linear, [.. p]));
    }

    private static NirNode Made(string name, NirNodeType type, params (string, NirValue)[] parameters) => new NetSketch().Add(name, type, parameters).Nodes[0];

    private static string Append(NetSketch net, string last, string name, NirNodeType type, params (string, NirValue)[] parameters)
    {
        net.Add(name, type, parameters).Wire(last, name);
        return name;
    }

    private NirArray Random(double size, params int[] shape)
    {
        var data = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < data.Length; i++) data[i] = Chance(0.1) ? 0 : (float)((random.NextGaussian() + 0.35) * size);
        return NirArray.Of(data, shape);
    }
}
