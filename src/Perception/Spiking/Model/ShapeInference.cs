namespace EdgeAutonomy.Perception;

/// <summary>Finds the shape of every node, from the Input on and from what the parameters say.</summary>
internal static class ShapeInference
{
    /// <summary>Fills <see cref="FlatNode.Shape"/>.</summary>
    /// <exception cref="SpikingModelException">Shapes contradict each other or cannot be known.</exception>
    internal static void Run(FlatGraph graph, List<FlatNode> order)
    {
        // A loop needs the shape of a neuron before that of what feeds it.
        foreach (var node in order) node.Shape = Stated(node);
        if (graph.Input.Shape is null) graph.Input.Shape = Wanted(graph.Input.Outputs[0]) ?? throw graph.Input.Error($"has no shape, and what '{graph.Input.Outputs[0].Name}' behind it takes is not known; give the Input a shape.");
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (var node in order)
            {
                if (node.Shape is not null || node.Inputs.Find(i => i.Shape is not null) is not { } input) continue;
                node.Shape = Of(node, input.Shape!);
                changed = true;
            }
        }
        foreach (var node in order)
        {
            if (node.Shape is null) throw node.Error("has an input whose shape is not known; give the nodes before it their shapes.");
            Check(graph, node);
        }
    }

    // What a node says of itself, whatever comes in.
    private static int[]? Stated(FlatNode node)
    {
        switch (node.Type)
        {
            case NirNodeType.Input when !node.IsInner:
                return Parameters.Shape(node, "shape");
            case NirNodeType.Linear or NirNodeType.Affine:
                Parameters.Weights(node, "weight", 2, out int[] weight);
                return [weight[0]];
            default:
                if (!node.IsNeuron) return null;
                // The widest parameter; one number alone says nothing.
                int[]? widest = null;
                foreach (string name in NeuronConstants.ShapedParameters(node.Type))
                {
                    if (node.Node!.Array(name) is { Count: > 1 } a && (widest is null || a.Count > SignalLayout.Product(widest))) widest = a.Shape.ToArray();
                }
                // A column of one number per channel is no whole population; nor is a lone number, unless nothing else says what there is.
                return widest is not null && Array.IndexOf(widest, 1) < 0 ? widest : node.Inputs.Count == 0 ? widest ?? [1] : null;
        }
    }

    private static int[]? Wanted(FlatNode node)
    {
        switch (node.Type)
        {
            case NirNodeType.Linear or NirNodeType.Affine:
                Parameters.Weights(node, "weight", 2, out int[] weight);
                return [weight[1]];
            case NirNodeType.Conv1d or NirNodeType.Conv2d:
                int axes = node.Type == NirNodeType.Conv1d ? 1 : 2;
                Parameters.Weights(node, "weight", axes + 2, out int[] kernel);
                int[]? size = Parameters.Shape(node, "input_shape");
                return size is null || size.Length != axes ? null : [checked(kernel[1] * Parameters.PerAxis(node, "groups", 1, 1, 1)[0]), .. size];
            case NirNodeType.Flatten:
                return Parameters.Shape(node, "input_type");
            default:
                if (node.Shape is not null) return node.Shape;
                return node.IsNeuron ? [1] : null;
        }
    }

    private static int[] Of(FlatNode node, int[] input)
    {
        if (node.IsConv || node.IsPool || node.IsMaxPool) return ConvShape.Of(node, input).OutputShape(node.Type);
        if (node.Type == NirNodeType.Flatten) return Flattened(node, input);
        return input;
    }

    private static int[] Flattened(FlatNode node, int[] input)
    {
        int first = Axis("start_dim", 0), last = Axis("end_dim", -1);
        if (first > last) throw node.Error($"flattens axes {first} to {last} of {FlatNode.Text(input)}; the first must not lie behind the last.");
        return [.. input[..first], SignalLayout.Product(input.AsSpan(first, last - first + 1)), .. input[(last + 1)..]];

        int Axis(string name, int absent)
        {
            int axis = node.Node?.Array(name) is { Count: 1 } a ? (int)Math.Clamp(a.ToDouble()[0], -1000, 1000) : absent;
            int at = axis < 0 ? axis + input.Length : axis;
            if (at < 0 || at >= input.Length) throw node.Error($"has {name} {axis}, but its input has shape {FlatNode.Text(input)}.");
            return at;
        }
    }

    private static void Check(FlatGraph graph, FlatNode node)
    {
        for (int i = 1; i < node.Inputs.Count; i++)
        {
            if (!node.Inputs[i].Shape.AsSpan().SequenceEqual(node.Inputs[0].Shape))
                throw node.Error($"sums '{node.Inputs[0].Name}' of shape {node.Inputs[0].ShapeText} and '{node.Inputs[i].Name}' of shape {node.Inputs[i].ShapeText}; they must be the same.");
        }
        if (node.Inputs.Count == 0) return;
        var input = node.Inputs[0];
        int elements = input.Elements;
        switch (node.Type)
        {
            case NirNodeType.Linear or NirNodeType.Affine:
                Parameters.Weights(node, "weight", 2, out int[] weight);
                if (weight[1] != elements) throw node.Error($"has a weight of shape {FlatNode.Text(weight)}, which takes {weight[1]} inputs, but '{input.Name}' has shape {input.ShapeText}; export the network again or fix the edge.");
                if (input.Shape!.Length != 1) graph.Warnings.Add($"Node '{node.Name}' ({node.Type}) takes the {elements} elements of '{input.Name}' of shape {input.ShapeText} as a vector.");
                break;
            case NirNodeType.Conv1d or NirNodeType.Conv2d:
                if (Parameters.Shape(node, "input_shape") is { } size && !input.Shape.AsSpan(1).SequenceEqual(size))
                    throw node.Error($"has input_shape {FlatNode.Text(size)}, but '{input.Name}' has shape {input.ShapeText}.");
                break;
            case NirNodeType.Output when !node.IsInner:
                if (Parameters.Shape(node, "shape") is not { } stated || stated.AsSpan().SequenceEqual(input.Shape)) break;
                if (SignalLayout.Product(stated) != elements) throw node.Error($"has shape {FlatNode.Text(stated)}, but '{input.Name}' has {input.ShapeText}.");
                graph.Warnings.Add($"Node '{node.Name}' (Output) has shape {FlatNode.Text(stated)}, '{input.Name}' has {input.ShapeText}; the count agrees, so it is taken.");
                node.Shape = stated;
                break;
            default:
                if (!node.IsNeuron || node.Shape.AsSpan().SequenceEqual(input.Shape)) break;
                if (node.Elements != elements) throw node.Error($"has parameters of shape {node.ShapeText}, but '{input.Name}' gives {input.ShapeText}; export the network again or fix the edge.");
                graph.Warnings.Add($"Node '{node.Name}' ({node.Type}) has parameters of shape {node.ShapeText}, '{input.Name}' gives {input.ShapeText}; the count agrees, so it is taken.");
                break;
        }
    }
}
