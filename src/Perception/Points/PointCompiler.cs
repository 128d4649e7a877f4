namespace EdgeAutonomy.Perception;

/// <summary>Makes the populations of a point network from a graph, and refuses graphs that are none with one sentence.</summary>
/// <remarks>
/// Understood: Input → (Affine or Linear → LIF)* → Affine or Linear → Output, where a LIF may also get the spikes of another LIF of its width directly (a residual
/// edge), and where <see cref="PointMetadata.MaxKey"/> stands on two LIF: one takes the maximum over neighbours, one behind it over groups. Hard reset, strict threshold, Euler.
/// </remarks>
internal sealed class PointCompiler
{
    private const int MostNodes = 128, MostWidth = 1024, MostSpikeWords = 1 << 24;
    private readonly NirGraph _graph;
    private readonly PointOptions _options;
    private readonly Dictionary<string, NirNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _into = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _populations = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly List<PointLayer> _layers = [];
    private readonly double _dt;

    private PointCompiler(NirGraph graph, PointOptions options)
    {
        (_graph, _options) = (graph, options);
        if (graph.Nodes.Count > MostNodes) throw new InvalidDataException($"The graph has {graph.Nodes.Count} nodes; a point network has at most {MostNodes}.");
        foreach (var node in graph.Nodes)
        {
            if (!_nodes.TryAdd(node.Name, node)) throw new InvalidDataException($"Two nodes are named '{node.Name}'; names must be unique.");
            _into[node.Name] = [];
        }
        foreach (var edge in graph.Edges)
        {
            if (!_nodes.ContainsKey(edge.From) || !_into.TryGetValue(edge.To, out var into)) throw new InvalidDataException($"The edge '{edge.From}->{edge.To}' ends at a node that is not there.");
            into.Add(edge.From);
        }
        _dt = graph.Metadata["edge_dt"] is NirArray { Count: 1 } dt ? dt.ToDouble()[0] : throw new InvalidDataException("The graph has no metadata 'edge_dt' of one number; export the network again.");
        if (!(_dt > 0 && double.IsFinite(_dt))) throw new InvalidDataException(FormattableString.Invariant($"Metadata 'edge_dt' is {_dt} s; must be above 0 and finite."));
    }

    /// <summary>Compiles a graph.</summary>
    /// <exception cref="InvalidDataException">The graph is not a point network.</exception>
    internal static (IReadOnlyList<PointLayer> Layers, PointReadout Readout) Compile(NirGraph graph, PointOptions options) => new PointCompiler(graph, options).Run();

    private (IReadOnlyList<PointLayer> Layers, PointReadout Readout) Run()
    {
        var output = Only(NirNodeType.Output);
        Only(NirNodeType.Input);
        string last = One(output);
        var (weights, bias, inputs, width) = Synapses(_nodes[last]);
        int source = PopulationOf(One(_nodes[last]));
        if (source < 0) throw new InvalidDataException($"Node '{last}' in front of the output sees the points themselves; it needs neurons between.");
        var from = _layers[source];
        if (from.Width != inputs) throw Mismatch(last, inputs, from.Width);
        if (from.Places != from.Pool || from.Pool != _options.Groups) throw new InvalidDataException($"Node '{last}' sees {from.Places / from.Pool} places; put {PointMetadata.MaxKey} = {PointMetadata.Groups} on the neurons in front of it.");
        int unused = _graph.Nodes.Count - 3 - 2 * _layers.Count;
        if (unused > 0) throw new InvalidDataException($"{unused} nodes do not lead from the input to the output; remove them.");
        long room = _layers.Sum(l => (long)l.Places / l.Pool * _options.Steps * l.Words);
        if (room > MostSpikeWords) throw new InvalidDataException($"The network needs {room * 4} bytes for its spikes, at most {MostSpikeWords * 4L} are allowed; use fewer groups, steps or neurons.");
        foreach (var layer in _layers) layer.Spikes = new uint[layer.Places / layer.Pool * _options.Steps * layer.Words];
        return (_layers, new PointReadout(source, Transposed(weights, inputs, width, width), bias, width));
    }

    // The population that a node's spikes come from, compiled with all in front of it; −1 = the points.
    private int PopulationOf(string name)
    {
        if (_populations.TryGetValue(name, out int known)) return known;
        var node = _nodes[name];
        if (node.Type == NirNodeType.Input) return -1;
        if (node.Type != NirNodeType.LIF) throw new InvalidDataException($"Node '{name}' is {node.Type} where a point network has LIF neurons or its input.");
        if (!_open.Add(name)) throw new InvalidDataException($"Node '{name}' is part of a loop; point networks have none.");
        string? linear = null;
        int skip = -1;
        foreach (string from in _into[name])
        {
            if (_nodes[from].Type is NirNodeType.Affine or NirNodeType.Linear)
            {
                if (linear is not null) throw new InvalidDataException($"Node '{name}' gets '{linear}' and '{from}'; one Affine or Linear node is the rule.");
                linear = from;
            }
            else if (_nodes[from].Type is not (NirNodeType.LIF or NirNodeType.Input))
            {
                throw new InvalidDataException($"Node '{from}' is {_nodes[from].Type}; a point network has Affine, Linear and LIF nodes.");
            }
            else
            {
                if (skip >= 0) throw new InvalidDataException($"Node '{name}' gets more than one residual edge; one is the rule.");
                skip = PopulationOf(from);
                if (skip < 0) throw new InvalidDataException($"Node '{name}' gets the points themselves beside '{linear}'; a residual edge comes from neurons.");
            }
        }
        if (linear is null) throw new InvalidDataException($"Node '{name}' has no Affine or Linear node in front of it.");
        int index = Build(name, linear, PopulationOf(One(_nodes[linear])), skip);
        return _populations[name] = index;
    }

    private int Build(string name, string linear, int source, int skip)
    {
        var (weights, bias, inputs, width) = Synapses(_nodes[linear]);
        int given = source < 0 ? PointEncoder.Features : _layers[source].Width, places = PlacesBehind(source);
        if (given != inputs) throw Mismatch(linear, inputs, given);
        if (skip >= 0 && (_layers[skip].Width != width || PlacesBehind(skip) != places))
        {
            throw new InvalidDataException($"Node '{name}' adds a residual of {_layers[skip].Width} neurons at {PlacesBehind(skip)} places to {width} at {places}; both must agree.");
        }
        int pool = (_nodes[name].Metadata[PointMetadata.MaxKey] as NirText)?.Text switch
        {
            null when _nodes[name].Metadata[PointMetadata.MaxKey] is null => 1,
            PointMetadata.Neighbours when places == _options.Places => _options.Neighbours,
            PointMetadata.Groups when places == _options.Groups => _options.Groups,
            var other => throw new InvalidDataException($"Node '{name}': metadata {PointMetadata.MaxKey} is {(other is null ? "not a text" : $"'{(other.Length > 40 ? other[..40] : other)}'")} at {places} places; must be {PointMetadata.Neighbours} at {_options.Places} or {PointMetadata.Groups} at {_options.Groups}."),
        };
        int padded = (width + 31) & -32;
        var neurons = _nodes[name];
        if ((neurons.Metadata["edge_reset"] as NirText)?.Text is not (null or "zero" or "value")) throw new InvalidDataException($"Node '{name}': metadata edge_reset must be zero or value, point networks reset hard.");
        if ((neurons.Metadata["edge_compare"] as NirText)?.Text is not (null or ">")) throw new InvalidDataException($"Node '{name}': metadata edge_compare must be >.");
        if ((neurons.Metadata["edge_discretisation"] as NirText)?.Text is not (null or "euler")) throw new InvalidDataException($"Node '{name}': metadata edge_discretisation must be euler.");
        double[] tau = PerNeuron(neurons, "tau", width), r = PerNeuron(neurons, "r", width), rest = PerNeuron(neurons, "v_leak", width), threshold = PerNeuron(neurons, "v_threshold", width);
        double[] reset = neurons.Array("v_reset") is null ? new double[width] : PerNeuron(neurons, "v_reset", width);
        foreach (double t in tau)
        {
            if (!(t >= _dt)) throw new InvalidDataException(FormattableString.Invariant($"Node '{name}': tau is {t} s; must be at least edge_dt, {_dt} s."));
        }
        _layers.Add(new PointLayer
        {
            Source = source,
            Skip = skip,
            Inputs = inputs,
            Width = width,
            Places = places,
            Pool = pool,
            Weights = Transposed(weights, inputs, width, padded),
            Bias = Fill(padded, width, i => bias[i]),
            Decay = Fill(padded, width, i => 1 - _dt / tau[i]),
            Leak = Fill(padded, width, i => _dt / tau[i] * rest[i]),
            Gain = Fill(padded, width, i => _dt / tau[i] * r[i]),
            Threshold = Fill(padded, width, i => threshold[i], float.PositiveInfinity),
            Reset = Fill(padded, width, i => reset[i]),
        });
        return _layers.Count - 1;
    }

    private int PlacesBehind(int population) => population < 0 ? _options.Places : _layers[population].Places / _layers[population].Pool;

    private static (float[] Weights, float[] Bias, int Inputs, int Width) Synapses(NirNode node)
    {
        if (node.Type is not (NirNodeType.Affine or NirNodeType.Linear)) throw new InvalidDataException($"Node '{node.Name}' is {node.Type} where a point network has Affine or Linear.");
        if (node.Metadata["edge_delays"] is not null) throw new InvalidDataException($"Node '{node.Name}' has delays; point networks have none.");
        var weight = node.Required("weight");
        if (weight.Shape.Length != 2 || weight.Shape[0] is < 1 or > MostWidth || weight.Shape[1] is < 1 or > MostWidth)
        {
            throw new InvalidDataException($"Node '{node.Name}': weight is {weight}; must be [out, in], each 1 to {MostWidth}.");
        }
        int width = weight.Shape[0], inputs = weight.Shape[1];
        float[] bias = node.Type == NirNodeType.Affine ? node.Required("bias").ToSingle() : new float[width];
        if (bias.Length != width) throw new InvalidDataException($"Node '{node.Name}': bias has {bias.Length} numbers, weight has {width} rows; export the network again.");
        float[] weights = weight.ToSingle();
        CheckFinite(node, "weight", weights);
        CheckFinite(node, "bias", bias);
        return (weights, bias, inputs, width);
    }

    private static double[] PerNeuron(NirNode node, string parameter, int width)
    {
        var array = node.Required(parameter);
        double[] values = array.Count == 1 || array.Count == width ? array.ToDouble() : throw new InvalidDataException($"Node '{node.Name}': {parameter} has {array.Count} numbers, the weights in front give {width}.");
        foreach (double v in values)
        {
            if (!double.IsFinite(v) || Math.Abs(v) > float.MaxValue) throw new InvalidDataException(FormattableString.Invariant($"Node '{node.Name}': {parameter} holds {v}; must be finite."));
        }
        if (values.Length == width) return values;
        var all = new double[width];
        Array.Fill(all, values[0]);
        return all;
    }

    private static void CheckFinite(NirNode node, string parameter, float[] values)
    {
        foreach (float v in values)
        {
            if (!float.IsFinite(v)) throw new InvalidDataException(FormattableString.Invariant($"Node '{node.Name}': {parameter} holds {v}; must be finite."));
        }
    }

    private static float[] Transposed(float[] weights, int inputs, int width, int padded)
    {
        var result = new float[inputs * padded];
        for (int o = 0; o < width; o++)
        {
            for (int i = 0; i < inputs; i++) result[i * padded + o] = weights[o * inputs + i];
        }
        return result;
    }

    private static float[] Fill(int padded, int width, Func<int, double> value, float rest = 0)
    {
        var result = new float[padded];
        for (int i = 0; i < padded; i++) result[i] = i < width ? (float)value(i) : rest;
        return result;
    }

    private NirNode Only(NirNodeType type)
    {
        var found = _graph.Nodes.Where(n => n.Type == type).ToArray();
        return found.Length == 1 ? found[0] : throw new InvalidDataException($"The graph has {found.Length} {type} nodes; a point network has one.");
    }

    private string One(NirNode node) => _into[node.Name] is [var from] ? from : throw new InvalidDataException($"{_into[node.Name].Count} edges lead to node '{node.Name}' ({node.Type}); one is the rule.");

    private static InvalidDataException Mismatch(string name, int inputs, int given) => new($"Node '{name}' takes {inputs} inputs, the node in front gives {given}; export the network again.");
}
