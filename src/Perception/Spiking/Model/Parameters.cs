namespace EdgeAutonomy.Perception;

/// <summary>Reads the parameters of nodes: finite, of the shape that is needed, or one clear error.</summary>
internal static class Parameters
{
    // Two thousand million floats are 8 GB; an index must fit 32 bits.
    internal const long MostWeights = int.MaxValue / 2;

    /// <summary>Gets a node's weights and their shape.</summary>
    internal static double[] Weights(FlatNode node, string name, int rank, out int[] shape)
    {
        var array = Required(node, name);
        shape = array.Shape.ToArray();
        if (shape.Length != rank) throw node.Error($"has a {name} of shape {FlatNode.Text(shape)}; it must have {rank} extents.");
        if (array.Count == 0) throw node.Error($"has a {name} of shape {FlatNode.Text(shape)}, which is empty; remove the node.");
        return Finite(node, name, array);
    }

    /// <summary>Gets one number per element; what has one number, or an extent of 1, holds for all along it.</summary>
    internal static double[] PerElement(FlatNode node, string name, int[] shape, double? absent = null)
    {
        int elements = SignalLayout.Product(shape);
        if (absent is { } value && node.Node!.Parameters[name] is null) return Filled(elements, value);
        var array = Required(node, name);
        double[] values = Finite(node, name, array);
        if (values.Length == elements) return values;
        if (values.Length == 1) return Filled(elements, values[0]);
        var from = array.Shape;
        bool fits = from.Length == shape.Length;
        for (int i = 0; fits && i < from.Length; i++) fits = from[i] == shape[i] || from[i] == 1;
        if (!fits) throw node.Error($"has {name} of shape {FlatNode.Text(from)}, but its input has {FlatNode.Text(shape)}; export the network again or fix the edges into it.");
        var all = new double[elements];
        for (int e = 0; e < elements; e++)
        {
            int rest = e, index = 0, stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                int at = rest % shape[axis];
                rest /= shape[axis];
                if (from[axis] != 1) index += at * stride;
                stride *= from[axis];
            }
            all[e] = values[index];
        }
        return all;
    }

    /// <summary>Gets whole numbers, one per axis; a scalar or a single number holds for all axes.</summary>
    internal static int[] PerAxis(FlatNode node, string name, int axes, int low, int? absent = null)
    {
        var all = new int[axes];
        if (absent is { } value && node.Node!.Parameters[name] is null)
        {
            Array.Fill(all, value);
            return all;
        }
        double[] values = Finite(node, name, Required(node, name));
        if (values.Length != axes && values.Length != 1) throw node.Error($"has {values.Length} numbers as {name}; it must have 1 or {axes}.");
        for (int i = 0; i < axes; i++) all[i] = Whole(node, name, values[values.Length == 1 ? 0 : i], low);
        return all;
    }

    /// <summary>Gets a shape; null where the node has none.</summary>
    internal static int[]? Shape(FlatNode node, string name)
    {
        if (node.Node?.Parameters[name] is not NirArray array || array.Count == 0) return null;
        long elements = 1;
        int[] shape = Array.ConvertAll(Finite(node, name, array), v => Whole(node, name, v, 1));
        foreach (int extent in shape) elements = Math.Min(elements * extent, long.MaxValue / int.MaxValue);
        if (elements > MostWeights) throw node.Error($"has a {name} of {FlatNode.Text(shape)}, {elements} elements or more; at most {MostWeights} are allowed.");
        return shape;
    }

    internal static int Whole(FlatNode node, string name, double value, int low)
    {
        const int High = 1 << 28;
        if (value != Math.Floor(value) || value < low || value > High)
            throw node.Error(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"has {name} {value}; it must be a whole number in [{low}, {High}]."));
        return (int)value;
    }

    internal static NirArray Required(FlatNode node, string name) => node.Node?.Array(name) ?? throw node.Error($"has no parameter '{name}'; export the network again.");

    private static double[] Finite(FlatNode node, string name, NirArray array)
    {
        double[] values = array.ToDouble();
        for (int i = 0; i < values.Length; i++)
        {
            // Weights are kept as float32: what overflows there is as bad as infinity.
            if (!float.IsFinite((float)values[i]))
                throw node.Error(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"has {name}[{i}] = {values[i]}; it must be finite and fit 32 bits, so train or export the network again."));
        }
        return values;
    }

    private static double[] Filled(int count, double value)
    {
        var all = new double[count];
        Array.Fill(all, value);
        return all;
    }
}
