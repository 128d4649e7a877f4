namespace EdgeAutonomy.Perception;

/// <summary>Which linear nodes add straight into the neurons behind them instead of having sums of their own.</summary>
internal static class FoldPlan
{
    /// <summary>Finds the layout of every node; a neuron lies as what feeds it lies.</summary>
    internal static void LayOut(List<FlatNode> order)
    {
        foreach (var node in order.Where(n => !n.IsIdentity)) node.Layout = Own(node);
        // Several signals may meet in a node that changes nothing; one that closes a loop is known only now.
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (var node in order)
            {
                if (!node.IsIdentity || node.Layout != default || node.Inputs[0].Layout == default) continue;
                node.Layout = node.Inputs.Count == 1 ? node.Inputs[0].Layout : node.Inputs[0].Layout.Padded;
                changed = true;
            }
        }
    }

    /// <summary>Returns the neuron into which a linear node adds directly, and by how much each of the neuron's elements multiplies what it gets.</summary>
    /// <returns>Null where the node has sums of its own.</returns>
    internal static (FlatNode Neuron, double[] Factor)? TargetOf(FlatNode node)
    {
        if (!node.IsLinear || Consumer(node) is not { } next) return null;
        (FlatNode Neuron, double[] Factor) target;
        if (next.IsNeuron || next.Type == NirNodeType.Threshold) target = (next, Gain(next));
        else if (next.Type == NirNodeType.Scale && TargetOf(next) is { } behind)
        {
            double[] scale = Parameters.PerElement(next, "scale", next.Shape!);
            target = (behind.Neuron, [.. behind.Factor.Select((f, i) => f * scale[i])]);
        }
        else return null;
        if (node.IsDense || node.Type == NirNodeType.Scale) return target;
        // Weights of a convolution are shared by all sites, so sites that multiply differently cannot be folded in.
        var (a, b) = (node.Layout, target.Neuron.Layout);
        if (a.Channels != b.Channels || a.Sites != b.Sites) return null;
        for (int i = 0; i < target.Factor.Length; i++)
        {
            if (target.Factor[i] != target.Factor[i / a.Sites * a.Sites]) return null;
        }
        return target;
    }

    /// <summary>Returns what each element of a neuron multiplies its input by.</summary>
    internal static double[] Gain(FlatNode neuron)
    {
        if (neuron.Neuron is { } constants) return constants.CurrentG ?? constants.G;
        var ones = new double[neuron.Elements];
        Array.Fill(ones, 1);
        return ones;
    }

    private static FlatNode? Consumer(FlatNode node)
    {
        while (node.Outputs.Count == 1)
        {
            node = node.Outputs[0];
            if (!node.IsIdentity) return node;
            if (node.Inputs.Count != 1) return null;
        }
        return null;
    }

    private static SignalLayout Own(FlatNode node)
    {
        if (node.Type == NirNodeType.Input) return SignalLayout.Packed(node.Shape);
        if (node.IsDense || node.IsConv || node.IsPool || node.IsMaxPool) return SignalLayout.Packed(node.Shape).Padded;
        SignalLayout? first = null;
        foreach (var input in node.Inputs)
        {
            if (Natural(input) is not { } layout) continue;
            first ??= layout;
            if (layout.Sites > 1)
            {
                first = layout;
                break;
            }
        }
        return (first ?? SignalLayout.Packed(node.Shape)).Padded;
    }

    // How a signal lies if nothing rearranges it; null while unknown.
    private static SignalLayout? Natural(FlatNode node)
    {
        while (node.IsIdentity) node = node.Inputs[0];
        return node.Layout == default ? null : node.Layout;
    }
}
