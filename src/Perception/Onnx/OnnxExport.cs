namespace EdgeAutonomy.Perception;

/// <summary>Writes networks as ONNX models: what has no memory as it is, and neurons as one step with their state as further inputs and outputs.</summary>
/// <remarks>
/// Signals have a batch of 1 in front. A neuron node "n" adds the input "n.v" and the output "n.v.next" (the membrane), a Cuba neuron also "n.i" and "n.i.next" (the
/// synaptic current), a neuron on a cycle also "n.s" and "n.s.next" (the spikes of the step before, which is what a recurrent edge carries): the pairs that
/// <see cref="InferenceState"/> carries over. All start at zero; a neuron that rests elsewhere (v_leak) reaches its rest by itself.
/// One run is one step of dt: I ← aI·I + gI·x; v ← a·v + b + g·x; s = v &gt; θ; reset. Coefficients as in the engine for spiking networks, computed in
/// float64 and rounded once. Spikes are 0 and 1 in float32. SumPool2d becomes a convolution with ones, so that sums of spikes stay exact.
/// <para>What ONNX or this export cannot say is refused with one message that names the node: delays, integer spikes (edge_levels), subtract-pending
/// resets, cycles through several neurons, and graphs inside graphs.</para>
/// </remarks>
public static class OnnxExport
{
    /// <summary>Writes a network as a model.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="dt">Seconds per step; null = what the graph's metadata say (edge_dt). Needed only where there are neurons.</param>
    /// <exception cref="NotSupportedException">A node or a setting cannot be said in ONNX; the message names it.</exception>
    /// <exception cref="InvalidDataException">The network contradicts itself.</exception>
    public static OnnxModel FromGraph(NirGraph graph, double? dt = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        dt ??= graph.Metadata["edge_dt"] is NirArray { Count: 1 } stated ? stated.ToDouble()[0] : null;
        if (dt is { } seconds && !(seconds > 0 && double.IsFinite(seconds))) throw new ArgumentOutOfRangeException(nameof(dt), dt, $"Export: dt is {seconds} s; must be finite and positive.");
        var order = NodeOrder.Of(graph);
        var context = new ExportContext(new OnnxGraphBuilder("network"), order, dt);
        foreach (var node in order.Nodes) Export(context, node);
        if (!graph.Nodes.Any(n => n.Type == NirNodeType.Output)) throw new InvalidDataException("The network has no Output node, so that the model would give nothing.");
        return context.Builder.Build();
    }

    private static void Export(ExportContext c, NirNode node)
    {
        switch (node.Type)
        {
            case NirNodeType.Input: Input(c, node); break;
            case NirNodeType.Output: Output(c, node); break;
            case NirNodeType.Linear or NirNodeType.Affine: DenseExport.Matrix(c, node); break;
            case NirNodeType.Scale: DenseExport.Scale(c, node); break;
            case NirNodeType.Flatten: DenseExport.Flatten(c, node); break;
            case NirNodeType.Threshold: DenseExport.Threshold(c, node); break;
            case NirNodeType.Conv1d or NirNodeType.Conv2d: ConvolutionExport.Convolution(c, node); break;
            case NirNodeType.SumPool2d or NirNodeType.AvgPool2d: ConvolutionExport.Pool(c, node); break;
            case NirNodeType.Delay: DenseExport.Delay(c, node); break;
            case NirNodeType.NIRGraph: throw ExportContext.Unsupported(node, "a graph inside a graph; inline it first");
            default: NeuronExport.Step(c, node); break;
        }
    }

    private static void Input(ExportContext c, NirNode node)
    {
        int[] shape = node.Required("shape").ToInt32();
        c.Define(node, c.Builder.Input(node.Name, ExportContext.Batch(shape)), shape);
    }

    private static void Output(ExportContext c, NirNode node)
    {
        var (value, shape) = c.Incoming(node);
        c.Builder.Output(value, node.Name, ExportContext.Batch(shape));
        c.Define(node, value, shape);
    }
}
