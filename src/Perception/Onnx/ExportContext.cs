namespace EdgeAutonomy.Perception;

/// <summary>A model that is being written: which value each node has become, and of what shape.</summary>
internal sealed class ExportContext(OnnxGraphBuilder builder, NodeOrder order, double? dt)
{
    private readonly Dictionary<string, (string Value, int[] Shape)> _made = new(StringComparer.Ordinal);
    private readonly HashSet<string> _previous = new(StringComparer.Ordinal);

    public OnnxGraphBuilder Builder { get; } = builder;

    /// <summary>Tells whether a node's spikes go back into it, one step later.</summary>
    public bool IsDelayed(NirNode node) => order.Delayed.Contains(node.Name);

    public double Dt(NirNode node) => dt ?? throw new InvalidDataException($"Node '{node.Name}' ({node.Type}) moves in time and the graph does not say how long a step is; give dt, or set edge_dt in the graph's metadata.");

    /// <summary>Gets the sum of what goes into a node.</summary>
    public (string Value, int[] Shape) Incoming(NirNode node)
    {
        (string Value, int[] Shape)? sum = null;
        foreach (string from in order.Sources(node.Name))
        {
            var next = order.IsDelayed(from, node.Name) ? PreviousSpikes(from) : _made[from];
            if (sum is not { } known)
            {
                sum = next;
                continue;
            }
            if (!known.Shape.AsSpan().SequenceEqual(next.Shape))
                throw new InvalidDataException($"Node '{node.Name}' ({node.Type}) sums [{string.Join(", ", known.Shape)}] and, from '{from}', [{string.Join(", ", next.Shape)}]; they must agree.");
            sum = (Builder.Node("Add", [known.Value, next.Value]), known.Shape);
        }
        return sum ?? throw new InvalidDataException($"Node '{node.Name}' ({node.Type}) has no edge into it.");
    }

    public void Define(NirNode node, string value, int[] shape) => _made[node.Name] = (value, shape);

    /// <summary>Makes an input of the model that carries state, of the shape of a population.</summary>
    public string State(string name, int[] shape) => Builder.Input(name, Batch(shape));

    /// <summary>Makes the output that belongs to it.</summary>
    public void NextState(string name, string value, int[] shape) => Builder.Output(value, name + InferenceState.Suffix, Batch(shape));

    /// <summary>Puts the batch of 1 in front.</summary>
    public static long[] Batch(int[] shape) => [1, .. shape.Select(n => (long)n)];

    /// <summary>Makes a constant of one number per element of a signal, or of a single number where they are all the same.</summary>
    public string Constant(double[] values, int[] shape)
    {
        float[] numbers = Array.ConvertAll(values, v => (float)v);
        return numbers.AsSpan().ContainsAnyExcept(numbers[0]) ? Builder.Constant(numbers, Batch(shape)) : Builder.Constant([numbers[0]]);
    }

    /// <summary>Gets a parameter with one number per element of a signal.</summary>
    public static double[] PerElement(NirNode node, string parameter, int[] shape, double? preset = null)
    {
        int count = shape.Aggregate(1, (product, n) => product * n);
        if (preset is { } value && node.Array(parameter) is null) return [.. Enumerable.Repeat(value, count)];
        double[] values = node.Required(parameter).ToDouble();
        if (values.Length == 1) return [.. Enumerable.Repeat(values[0], count)];
        return values.Length == count ? values : throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): '{parameter}' holds {values.Length} numbers, the signal is [{string.Join(", ", shape)}].");
    }

    public static NotSupportedException Unsupported(NirNode node, string what) => new($"Node '{node.Name}' ({node.Type}) cannot be exported to ONNX: {what}.");

    private (string Value, int[] Shape) PreviousSpikes(string from)
    {
        // The population's shape is not known yet where the cycle is entered before it; its parameters have it.
        var node = order.Find(from);
        int[] shape = NeuronExport.PopulationShape(node);
        string name = from + ".s";
        if (_previous.Add(name)) State(name, shape);
        return (name, shape);
    }
}
