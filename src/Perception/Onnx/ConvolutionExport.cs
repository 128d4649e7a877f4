namespace EdgeAutonomy.Perception;

/// <summary>Exports convolutions and pools.</summary>
internal static class ConvolutionExport
{
    public static void Convolution(ExportContext c, NirNode node)
    {
        int axes = node.Type == NirNodeType.Conv1d ? 1 : 2;
        var (x, shape) = c.Incoming(node);
        var weight = node.Required("weight");
        int groups = node.Array("groups")?.ToInt32() is [var g] ? g : 1;
        if (shape.Length != axes + 1 || weight.Shape.Length != axes + 2 || groups < 1 || weight.Shape[1] * groups != shape[0])
            throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): weights of [{string.Join(", ", weight.Shape.ToArray())}] in {groups} groups do not fit a signal of [{string.Join(", ", shape)}].");
        int[] kernel = weight.Shape[2..].ToArray(), strides = PerAxis(node, "stride", axes, 1), dilations = PerAxis(node, "dilation", axes, 1);
        var (low, high) = Padding(node, kernel, strides, dilations);
        int[] result = [weight.Shape[0], .. Extents(node, shape[1..], kernel, strides, dilations, low, high)];
        var inputs = new List<string> { x, c.Builder.Constant(weight.ToSingle(), [.. weight.Shape.ToArray().Select(n => (long)n)]) };
        if (node.Array("bias") is { } bias) inputs.Add(c.Builder.Constant(bias.ToSingle(), bias.Count));
        string y = c.Builder.Node(
            "Conv", inputs, Wholes("kernel_shape", kernel), Wholes("strides", strides), Wholes("dilations", dilations), Wholes("pads", [.. low, .. high]), OnnxAttribute.Of("group", groups));
        c.Define(node, y, result);
    }

    public static void Pool(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        if (shape.Length != 3) throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): the signal is [{string.Join(", ", shape)}], must be [channels, rows, columns].");
        int[] kernel = PerAxis(node, "kernel_size", 2, null), strides = PerAxis(node, "stride", 2, null), ones = [1, 1];
        var (low, high) = Padding(node, kernel, strides, ones);
        int channels = shape[0];
        int[] result = [channels, .. Extents(node, shape[1..], kernel, strides, ones, low, high)];
        OnnxAttribute[] settings = [Wholes("kernel_shape", kernel), Wholes("strides", strides), Wholes("pads", [.. low, .. high])];
        string kind = (node.Metadata["edge_pool"] as NirText)?.Text ?? "";
        if (kind is not ("" or "max" or "sum")) throw ExportContext.Unsupported(node, $"edge_pool is '{kind}', known are max and sum");
        string y;
        if (kind == "max") y = c.Builder.Node("MaxPool", [x], settings);
        else if (node.Type == NirNodeType.AvgPool2d) y = c.Builder.Node("AveragePool", [x], [.. settings, OnnxAttribute.Of("count_include_pad", 1)]);
        else
        {
            float[] sum = new float[channels * kernel[0] * kernel[1]];
            sum.AsSpan().Fill(1);
            y = c.Builder.Node("Conv", [x, c.Builder.Constant(sum, channels, 1, kernel[0], kernel[1])], [.. settings, OnnxAttribute.Of("group", channels)]);
        }
        c.Define(node, y, result);
    }

    private static OnnxAttribute Wholes(string name, int[] values) => OnnxAttribute.Of(name, Array.ConvertAll(values, v => (long)v));

    private static int[] PerAxis(NirNode node, string parameter, int axes, int? preset)
    {
        int[] values = node.Array(parameter)?.ToInt32() ?? (preset is { } p ? [p] : node.Required(parameter).ToInt32());
        if (values.Length == 1 && axes == 2) values = [values[0], values[0]];
        return values.Length == axes && values.All(v => v >= 1) ? values : throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): '{parameter}' is [{string.Join(", ", values)}], must be {axes} numbers of 1 or more.");
    }

    private static (int[] Low, int[] High) Padding(NirNode node, int[] kernel, int[] strides, int[] dilations)
    {
        int axes = kernel.Length;
        if (node.Parameters["padding"] is NirText text)
        {
            if (text.Text == "valid") return (new int[axes], new int[axes]);
            if (text.Text != "same") throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): padding is '{text.Text}', must be same, valid or numbers.");
            if (strides.Any(s => s != 1)) throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): padding 'same' goes with a stride of 1 only.");
            int[] total = [.. kernel.Select((k, i) => dilations[i] * (k - 1))];
            // The odd one at the end, as PyTorch, which writes these files.
            return ([.. total.Select(t => t / 2)], [.. total.Select(t => t - t / 2)]);
        }
        int[] pads = node.Array("padding")?.ToInt32() ?? [0];
        if (pads.Length == 1 && axes == 2) pads = [pads[0], pads[0]];
        return pads.Length == axes && pads.All(p => p >= 0) ? (pads, pads) : throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): 'padding' is [{string.Join(", ", pads)}], must be {axes} numbers of 0 or more.");
    }

    private static int[] Extents(NirNode node, int[] input, int[] kernel, int[] strides, int[] dilations, int[] low, int[] high)
    {
        int[] extents = new int[input.Length];
        for (int i = 0; i < extents.Length; i++)
        {
            int room = input[i] + low[i] + high[i] - dilations[i] * (kernel[i] - 1) - 1;
            if (room < 0) throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): a window of {kernel[i]} (dilation {dilations[i]}) does not fit over {input[i]} with padding {low[i]} and {high[i]}.");
            extents[i] = room / strides[i] + 1;
        }
        return extents;
    }
}
