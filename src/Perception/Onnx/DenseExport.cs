namespace EdgeAutonomy.Perception;

/// <summary>Exports the nodes without memory that are no convolutions.</summary>
internal static class DenseExport
{
    public static void Matrix(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        var weight = node.Required("weight");
        if (weight.Shape.Length != 2 || shape.Length != 1 || weight.Shape[1] != shape[0])
            throw ExportContext.Unsupported(node, $"the weights are [{string.Join(", ", weight.Shape.ToArray())}] and the signal [{string.Join(", ", shape)}]; they must be [out, in] and [in]");
        if (node.Metadata["edge_delays"] is NirArray delays && delays.ToDouble().Any(d => d != 0)) throw ExportContext.Unsupported(node, "its synapses have delays (edge_delays)");
        int outputs = weight.Shape[0];
        var inputs = new List<string> { x, c.Builder.Constant(weight.ToSingle(), outputs, shape[0]) };
        if (node.Type == NirNodeType.Affine)
        {
            float[] bias = node.Required("bias").ToSingle();
            if (bias.Length != outputs) throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): 'bias' holds {bias.Length} numbers for {outputs} outputs.");
            inputs.Add(c.Builder.Constant(bias, outputs));
        }
        c.Define(node, c.Builder.Node("Gemm", inputs, OnnxAttribute.Of("transB", 1)), [outputs]);
    }

    public static void Scale(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        c.Define(node, c.Builder.Node("Mul", [x, c.Constant(ExportContext.PerElement(node, "scale", shape), shape)]), shape);
    }

    public static void Threshold(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        c.Define(node, Spikes(c, node, x, ExportContext.PerElement(node, "threshold", shape), shape), shape);
    }

    public static void Flatten(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        int rank = shape.Length, start = Axis("start_dim", 0), end = Axis("end_dim", rank - 1);
        if (start > end) throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): dimensions {start} to {end} are flattened; the first must not be behind the last.");
        int joined = 1;
        for (int d = start; d <= end; d++) joined *= shape[d];
        int[] flat = [.. shape[..start], joined, .. shape[(end + 1)..]];
        c.Define(node, c.Builder.Node("Reshape", [x, c.Builder.Constant(ExportContext.Batch(flat))]), flat);

        int Axis(string parameter, int preset)
        {
            int axis = node.Array(parameter)?.ToInt32() is [var stated] ? stated : preset;
            if (axis < 0) axis += rank;
            return axis >= 0 && axis < rank ? axis : throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): {parameter} is {axis} for a signal of {rank} dimensions.");
        }
    }

    public static void Delay(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        if (node.Required("delay").ToDouble().Any(d => d != 0)) throw ExportContext.Unsupported(node, "it delays its signal, which takes a memory of many steps");
        c.Define(node, x, shape);
    }

    /// <summary>Makes spikes, 0 and 1, where a signal is above its threshold; at the threshold as the metadata say.</summary>
    public static string Spikes(ExportContext c, NirNode node, string x, double[] threshold, int[] shape)
    {
        string compare = (node.Metadata["edge_compare"] as NirText)?.Text ?? ">";
        if (compare is not (">" or ">=")) throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): edge_compare is '{compare}', must be > or >=.");
        string above = c.Builder.Node(compare == ">" ? "Greater" : "GreaterOrEqual", [x, c.Constant(threshold, shape)]);
        return c.Builder.Node("Cast", [above], OnnxAttribute.Of("to", (long)OnnxElement.F32));
    }
}
