using System.Globalization;

namespace EdgeAutonomy.Perception;

/// <summary>Lays out the weights of linear nodes for the kernels.</summary>
internal sealed class SynapseCompiler(SpikingOptions options, Kernels kernels, double dt, List<string> warnings)
{
    // One word holds a spike for each of the latest steps.
    private const int LongestDelay = 63;

    // Below this share of weights the ring does less work than the history, which looks at every weight.
    private const double SparseShare = 0.1;

    /// <summary>Gets the bias of a linear node per element of its output; null where it has none.</summary>
    internal static double[]? Bias(FlatNode node)
    {
        if (node.Type is not (NirNodeType.Affine or NirNodeType.Conv1d or NirNodeType.Conv2d) || node.Node!.Array("bias") is null) return node.Type == NirNodeType.Affine ? Parameters.PerElement(node, "bias", node.Shape!) : null;
        int[] shape = node.Shape!;
        double[] perChannel = Parameters.PerElement(node, "bias", [shape[0]]);
        int sites = SignalLayout.Product(shape) / shape[0];
        var all = new double[perChannel.Length * sites];
        for (int i = 0; i < all.Length; i++) all[i] = perChannel[i / sites];
        return all;
    }

    /// <summary>Makes synapses of one weight per element.</summary>
    internal static DirectSynapses Direct(Signal source, Population target, double[] factor)
    {
        var (from, to) = (source.Layout, target.Layout);
        var places = new int[from.Count];
        var weights = new float[from.Count];
        for (int e = 0; e < from.Elements; e++)
        {
            places[from.Place(e)] = to.Place(e);
            weights[from.Place(e)] = (float)factor[e] + 0f;
        }
        return new DirectSynapses(source, target, places, weights);
    }

    /// <summary>Makes the synapses of a linear node.</summary>
    /// <param name="node">The linear node.</param>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="factor">What each element of the target multiplies its input by.</param>
    /// <param name="isOnly">Whether nothing else adds into the target.</param>
    internal Synapses Create(FlatNode node, Signal source, Population target, double[] factor, bool isOnly)
    {
        if (node.Type == NirNodeType.Scale) return Direct(source, target, [.. Parameters.PerElement(node, "scale", node.Shape!).Select((s, i) => s * factor[i])]);
        if (node.IsDense) return node.Node!.Metadata["edge_delays"] is null ? Linear(node, source, target, factor, isOnly) : Delayed(node, source, target, factor);
        var shape = ConvShape.Of(node, node.Inputs[0].Shape!);
        return node.IsPool ? Pool(node, source, target, shape, factor) : Conv(node, source, target, shape, factor);
    }

    private bool IsInt8(Signal source) => options.Precision == SpikingPrecision.Int8 && source.Kind != SignalKind.Real;

    private Synapses Linear(FlatNode node, Signal source, Population target, double[] factor, bool isOnly)
    {
        double[] weights = Parameters.Weights(node, "weight", 2, out int[] shape);
        var (from, to) = (source.Layout, target.Layout);
        if (IsInt8(source)) return new Int8LinearSynapses(source, target, Int8Weights.Linear(weights, shape[0], shape[1], from, to, factor), shape[0], kernels);
        var rows = Rows(node, from, to);
        for (int o = 0; o < shape[0]; o++)
        {
            int place = to.Place(o);
            for (int i = 0; i < shape[1]; i++) rows.Span[from.Place(i) * to.Count + place] = Weight(node, weights[o * shape[1] + i] * factor[o]);
        }
        return new LinearSynapses(source, target, rows, shape[0], isOnly, kernels, options.Path);
    }

    private static AlignedArray<float> Rows(FlatNode node, SignalLayout from, SignalLayout to)
    {
        long floats = (long)from.Count * to.Count;
        if (floats > Parameters.MostWeights) throw node.Error($"needs {floats} weights; at most {Parameters.MostWeights} are allowed.");
        return new AlignedArray<float>((int)floats);
    }

    // −0 becomes +0, so that adding a weight and skipping it give the same where its input is 0.
    private static float Weight(FlatNode node, double value)
    {
        float weight = (float)value + 0f;
        return float.IsFinite(weight) ? weight : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"has a weight that becomes {value} with the gain of the neurons behind it; it must fit 32 bits."));
    }

    private Synapses Delayed(FlatNode node, Signal source, Population target, double[] factor)
    {
        double[] weights = Parameters.Weights(node, "weight", 2, out int[] shape);
        int[] steps = Steps(node, shape);
        var (from, to) = (source.Layout, target.Layout);
        int used = weights.Count(w => w != 0), longest = steps.Max();
        bool ring = options.Delays == DelayKernel.Ring || source.Kind != SignalKind.Binary || (options.Delays == DelayKernel.Auto && used < SparseShare * weights.Length);
        if (options.Precision == SpikingPrecision.Int8) warnings.Add($"Node '{node.Name}' ({node.Type}) has delays; its weights stay at 32 bits.");
        if (ring) return Ring(node, source, target, factor, weights, shape, steps, longest + 1);
        var rows = Rows(node, from, to);
        var delays = new AlignedArray<byte>(rows.Length);
        for (int o = 0; o < shape[0]; o++)
        {
            for (int i = 0; i < shape[1]; i++)
            {
                int at = from.Place(i) * to.Count + to.Place(o);
                rows.Span[at] = Weight(node, weights[o * shape[1] + i] * factor[o]);
                // A weight of 0 needs no memory of old spikes.
                delays.Span[at] = rows.Span[at] == 0 ? (byte)0 : (byte)steps[o * shape[1] + i];
            }
        }
        return new HistorySynapses(source, target, rows, delays, shape[0], kernels);
    }

    private static RingSynapses Ring(FlatNode node, Signal source, Population target, double[] factor, double[] weights, int[] shape, int[] steps, int slots)
    {
        var (from, to) = (source.Layout, target.Layout);
        var start = new int[from.Count + 1];
        var synapses = new List<RingSynapses.Synapse>();
        for (int place = 0; place < from.Count; place++)
        {
            start[place] = synapses.Count;
            int i = from.Element(place);
            if (i < 0) continue;
            for (int o = 0; o < shape[0]; o++)
            {
                float weight = Weight(node, weights[o * shape[1] + i] * factor[o]);
                if (weight != 0) synapses.Add(new RingSynapses.Synapse(to.Place(o), weight, steps[o * shape[1] + i]));
            }
        }
        start[^1] = synapses.Count;
        return new RingSynapses(source, target, start, [.. synapses], slots);
    }

    private int[] Steps(FlatNode node, int[] shape)
    {
        if (node.Node!.Metadata["edge_delays"] is not NirArray array) throw node.Error("has edge_delays that are no numbers; they must be whole steps.");
        if (array.Count != shape[0] * shape[1]) throw node.Error($"has edge_delays of shape {FlatNode.Text(array.Shape)}, but a weight of shape {FlatNode.Text(shape)}; they must be the same.");
        double scale = 1;
        if (node.Node.Metadata["edge_delay_dt"] is NirArray { Count: 1 } unit && unit.ToDouble()[0] is var seconds && Math.Abs(seconds / dt - 1) > 1e-6)
        {
            if (!(seconds > 0)) throw node.Error(string.Create(CultureInfo.InvariantCulture, $"has edge_delay_dt {seconds} s; it must be positive."));
            scale = seconds / dt;
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"Node '{node.Name}' ({node.Type}) has delays in steps of {seconds} s, the network runs in steps of {dt} s; the delays were scaled and rounded."));
        }
        return Array.ConvertAll(array.ToDouble(), d =>
        {
            double steps = Math.Floor(d * scale + 0.5);
            return steps >= 0 && steps <= LongestDelay ? (int)steps : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"has a delay of {d} ({steps} steps); it must be in [0, {LongestDelay}] steps."));
        });
    }

    private Synapses Conv(FlatNode node, Signal source, Population target, ConvShape c, double[] factor)
    {
        double[] weights = Parameters.Weights(node, "weight", node.Type == NirNodeType.Conv1d ? 3 : 4, out int[] shape);
        var (from, to) = (source.Layout, target.Layout);
        int inPerGroup = c.Channels / c.Groups, perGroup = c.OutChannels / c.Groups, row = c.Groups == 1 ? to.Stride : perGroup, kernel = c.Window.Height * c.Window.Width;
        // With a source that was flattened and rearranged there would be no image; shapes rule that out.
        var geometry = new ConvGeometry(c.Window, c.Height, c.Width, from, c.OutHeight, c.OutWidth, to, c.Groups, row);
        if (IsInt8(source) && c.Groups == 1) return new Int8ConvSynapses(source, target, geometry, Int8Weights.Conv(weights, c, to, factor), kernels);
        var laid = new AlignedArray<float>(kernel * c.Channels * row);
        for (int o = 0; o < c.OutChannels; o++)
        {
            double gain = factor[o * to.Sites];
            for (int k = 0; k < inPerGroup; k++)
            {
                int channel = o / perGroup * inPerGroup + k;
                for (int tap = 0; tap < kernel; tap++)
                    laid.Span[(tap * c.Channels + channel) * row + (c.Groups == 1 ? o : o % perGroup)] = Weight(node, weights[(o * inPerGroup + k) * kernel + tap] * gain);
            }
        }
        return new ConvSynapses(source, target, geometry, laid, c.Groups, kernels, options.Path);
    }

    private static PoolSynapses Pool(FlatNode node, Signal source, Population target, ConvShape c, double[] factor)
    {
        var to = target.Layout;
        double share = node.Type == NirNodeType.AvgPool2d ? 1.0 / ((double)c.Window.Height * c.Window.Width) : 1;
        var weights = new float[to.Count];
        for (int e = 0; e < to.Elements; e++) weights[to.Place(e)] = Weight(node, share * factor[e]);
        return new PoolSynapses(source, target, new ConvGeometry(c.Window, c.Height, c.Width, source.Layout, c.OutHeight, c.OutWidth, to, 1, 0), weights);
    }
}
