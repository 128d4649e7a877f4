namespace EdgeAutonomy.Perception;

/// <summary>Makes one plain graph out of nested ones: names are paths, edges are references, Input and Output are there.</summary>
internal sealed class FlatGraph
{
    // Deeper than any tool nests; a chain of thousands would end the stack.
    private const int DeepestNesting = 64;

    private const int MostNodes = 10_000;

    private readonly List<FlatNode> _nodes = [];

    private FlatGraph(List<string> warnings) => Warnings = warnings;

    internal List<string> Warnings { get; }

    /// <summary>Gets the nodes, in the ordinal order of their names.</summary>
    internal IReadOnlyList<FlatNode> Nodes => _nodes;

    internal FlatNode Input { get; private set; } = null!;

    internal IReadOnlyList<FlatNode> Outputs { get; private set; } = [];

    /// <summary>Flattens a graph.</summary>
    /// <exception cref="SpikingModelException">It cannot be run.</exception>
    internal static FlatGraph Of(NirGraph graph, List<string> warnings)
    {
        var flat = new FlatGraph(warnings);
        flat.Add(graph, "", 0);
        if (flat._nodes.Count > MostNodes) throw new SpikingModelException($"The network has {flat._nodes.Count} nodes; at most {MostNodes} are allowed.");
        if (flat._nodes.Count == 0) throw new SpikingModelException("The network has no nodes; there is nothing to run.");
        flat.FindInput();
        flat.FindOutputs();
        flat.LeaveOutDeadEnds();
        foreach (var node in flat._nodes)
        {
            node.Inputs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            if (node.Inputs.Count == 0 && node != flat.Input && !node.IsNeuron) throw node.Error("gets no input; add an edge to it or remove it.");
        }
        flat._nodes.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return flat;
    }

    private Dictionary<string, (FlatNode? Entry, FlatNode? Exit)> Add(NirGraph graph, string prefix, int depth)
    {
        if (depth > DeepestNesting) throw new SpikingModelException(prefix, $"Graph '{prefix}' is nested {depth} levels deep; at most {DeepestNesting} are allowed.");
        var ends = new Dictionary<string, (FlatNode? Entry, FlatNode? Exit)>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            string path = prefix + node.Name;
            (FlatNode?, FlatNode?) end;
            if (node.Type == NirNodeType.NIRGraph)
            {
                if (node.Graph is null) throw new SpikingModelException(path, $"Node '{path}' is a NIRGraph without a graph inside.");
                int before = _nodes.Count;
                Add(node.Graph, path + "/", depth + 1);
                end = (Only(before, NirNodeType.Input, path + "/"), Only(before, NirNodeType.Output, path + "/"));
            }
            else
            {
                bool isInner = depth > 0 && node.Type is NirNodeType.Input or NirNodeType.Output;
                var flat = new FlatNode(path, node.Type, node, isInner);
                _nodes.Add(flat);
                end = (flat, flat);
            }
            if (!ends.TryAdd(node.Name, end)) throw new SpikingModelException(path, $"Two nodes are named '{path}'; a name must be unique in its graph.");
        }
        Connect(graph, ends, prefix);
        return ends;
    }

    private void Connect(NirGraph graph, Dictionary<string, (FlatNode? Entry, FlatNode? Exit)> ends, string prefix)
    {
        var seen = new HashSet<NirEdge>();
        foreach (var edge in graph.Edges)
        {
            string text = $"'{prefix}{edge.From}' -> '{prefix}{edge.To}'";
            foreach (string end in (string[])[edge.From, edge.To])
            {
                if (!ends.ContainsKey(end)) throw new SpikingModelException(prefix + end, $"Edge {text} names a missing node '{prefix}{end}'; the graph has {Names(ends)}. Export the network again.");
            }
            if (!seen.Add(edge))
            {
                Warnings.Add($"Edge {text} is there more than once; counted once.");
                continue;
            }
            var from = ends[edge.From].Exit ?? throw new SpikingModelException(prefix + edge.From, $"Edge {text} leaves a nested graph that has not exactly one Output.");
            var to = ends[edge.To].Entry ?? throw new SpikingModelException(prefix + edge.To, $"Edge {text} enters a nested graph that has not exactly one Input.");
            if (to.Type == NirNodeType.Input && !to.IsInner) throw to.Error($"has an edge into it, from '{from.Name}'; an Input gets its signal from outside.");
            if (from.Type == NirNodeType.Output && !from.IsInner) throw from.Error($"has an edge out of it, to '{to.Name}'; connect the node before it instead.");
            from.Outputs.Add(to);
            to.Inputs.Add(from);
        }
    }

    private static string Names(Dictionary<string, (FlatNode? Entry, FlatNode? Exit)> ends)
    {
        const int Most = 12;
        var names = ends.Keys.Order(StringComparer.Ordinal).Take(Most).ToArray();
        return string.Join(", ", names.Select(n => $"'{n}'")) + (ends.Count > Most ? " …" : "");
    }

    // The one Input or Output directly inside a nested graph; null where there is none or more than one.
    private FlatNode? Only(int from, NirNodeType type, string prefix)
    {
        FlatNode? only = null;
        for (int i = from; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            if (node.Type != type || !node.Name.StartsWith(prefix, StringComparison.Ordinal) || node.Name.AsSpan(prefix.Length).Contains('/')) continue;
            if (only is not null) return null;
            only = node;
        }
        return only;
    }

    private void FindInput()
    {
        var inputs = _nodes.FindAll(n => n.Type == NirNodeType.Input && !n.IsInner);
        if (inputs.Count > 1) throw inputs[1].Error($"is a second Input beside '{inputs[0].Name}'; a network has one: concatenate the signals or split the network.");
        if (inputs.Count == 1)
        {
            Input = inputs[0];
            return;
        }
        var roots = _nodes.FindAll(n => n.Inputs.Count == 0);
        if (roots.Count != 1)
        {
            string names = roots.Count == 0 ? "every node has an edge into it" : $"{roots.Count} nodes lack an edge into them ('{roots[0].Name}', '{roots[1].Name}' …)";
            throw new SpikingModelException($"The network has no Input node, and {names}, so it is not clear where signals come in; add an Input node.");
        }
        Input = new FlatNode(FreeName("input"), NirNodeType.Input, null, false);
        Input.Outputs.Add(roots[0]);
        roots[0].Inputs.Add(Input);
        _nodes.Add(Input);
        Warnings.Add($"The network has no Input node; one was put before '{roots[0].Name}'.");
    }

    private void FindOutputs()
    {
        var outputs = _nodes.FindAll(n => n.Type == NirNodeType.Output && !n.IsInner);
        if (outputs.Count == 0)
        {
            var leaves = _nodes.FindAll(n => n.Outputs.Count == 0 && n != Input);
            if (leaves.Count == 0) throw new SpikingModelException("The network has no Output node, and every node has an edge out of it, so it is not clear what comes out; add an Output node.");
            foreach (var leaf in leaves)
            {
                var output = new FlatNode(FreeName(leaves.Count == 1 ? "output" : $"output.{leaf.Name}"), NirNodeType.Output, null, false);
                output.Inputs.Add(leaf);
                leaf.Outputs.Add(output);
                outputs.Add(output);
                _nodes.Add(output);
                Warnings.Add($"The network has no Output node; one was put behind '{leaf.Name}'.");
            }
        }
        outputs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        Outputs = outputs;
    }

    // What no output can see costs time for nothing.
    private void LeaveOutDeadEnds()
    {
        var live = new HashSet<FlatNode>(Outputs);
        var open = new Stack<FlatNode>(Outputs);
        while (open.TryPop(out var node))
        {
            foreach (var input in node.Inputs)
            {
                if (live.Add(input)) open.Push(input);
            }
        }
        live.Add(Input);
        foreach (var node in _nodes.Where(n => !live.Contains(n))) Warnings.Add($"Node '{node.Name}' ({node.Type}) leads to no Output; left out.");
        _nodes.RemoveAll(n => !live.Contains(n));
        foreach (var node in _nodes) node.Outputs.RemoveAll(n => !live.Contains(n));
    }

    private string FreeName(string wanted)
    {
        string name = wanted;
        for (int i = 2; _nodes.Exists(n => n.Name == name); i++) name = $"{wanted}{i}";
        return name;
    }
}
