namespace EdgeAutonomy.Perception;

/// <summary>The nodes of a network in an order of computing, and the edges that carry the step before.</summary>
/// <remarks>A cycle is broken where a neuron's output leaves for it: a recurrent edge carries the spikes of the previous step.</remarks>
internal sealed class NodeOrder
{
    private readonly Dictionary<string, NirNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _sources = new(StringComparer.Ordinal), _targets = new(StringComparer.Ordinal);
    private readonly HashSet<NirEdge> _delayed = [];

    private NodeOrder(NirGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (!_nodes.TryAdd(node.Name, node)) throw new InvalidDataException($"The network has two nodes '{node.Name}'.");
            _sources.Add(node.Name, []);
            _targets.Add(node.Name, []);
        }
        // Old files hold edges twice; the order carries no meaning, so ours is by name and the model always the same.
        foreach (var edge in graph.Edges.Distinct().OrderBy(e => e.From, StringComparer.Ordinal).ThenBy(e => e.To, StringComparer.Ordinal))
        {
            foreach (string end in (string[])[edge.From, edge.To])
            {
                if (!_nodes.ContainsKey(end)) throw new InvalidDataException($"The edge '{edge.From}->{edge.To}' names a node '{end}' that the network does not have.");
            }
            _sources[edge.To].Add(edge.From);
            _targets[edge.From].Add(edge.To);
        }
    }

    /// <summary>Gets the nodes, each after those that it needs.</summary>
    public IReadOnlyList<NirNode> Nodes { get; private set; } = [];

    /// <summary>Gets the names of the neurons whose spikes go back into them.</summary>
    public HashSet<string> Delayed { get; } = new(StringComparer.Ordinal);

    public static NodeOrder Of(NirGraph graph)
    {
        var order = new NodeOrder(graph);
        order.BreakCycles();
        order.Sort();
        return order;
    }

    public NirNode Find(string name) => _nodes[name];

    public IReadOnlyList<string> Sources(string node) => _sources[node];

    public bool IsDelayed(string from, string to) => _delayed.Contains(new NirEdge(from, to));

    private static bool IsNeuron(NirNode node) => node.Type is NirNodeType.I or NirNodeType.IF or NirNodeType.LI or NirNodeType.LIF or NirNodeType.CubaLI or NirNodeType.CubaLIF;

    private void BreakCycles()
    {
        foreach (var neuron in _nodes.Values.Where(IsNeuron))
        {
            var reached = Reach(neuron.Name, _targets);
            if (!reached.Contains(neuron.Name)) continue;
            var back = Reach(neuron.Name, _sources);
            foreach (string name in reached.Where(back.Contains))
            {
                if (name != neuron.Name && IsNeuron(_nodes[name]))
                    throw ExportContext.Unsupported(neuron, $"it lies on a cycle together with '{name}', and which of their edges carries the step before is not said");
            }
            foreach (string target in _targets[neuron.Name].Where(t => t == neuron.Name || (back.Contains(t) && reached.Contains(t)))) _delayed.Add(new NirEdge(neuron.Name, target));
            Delayed.Add(neuron.Name);
        }
    }

    private void Sort()
    {
        var waiting = _nodes.Keys.ToDictionary(n => n, n => _sources[n].Count(s => !IsDelayed(s, n)), StringComparer.Ordinal);
        var ready = new Queue<string>(_nodes.Keys.Where(n => waiting[n] == 0).Order(StringComparer.Ordinal));
        var sorted = new List<NirNode>();
        while (ready.TryDequeue(out string? name))
        {
            sorted.Add(_nodes[name]);
            foreach (string target in _targets[name])
            {
                if (!IsDelayed(name, target) && --waiting[target] == 0) ready.Enqueue(target);
            }
        }
        if (sorted.Count < _nodes.Count)
            throw new InvalidDataException($"The nodes {string.Join(", ", _nodes.Keys.Where(n => waiting[n] > 0).Order(StringComparer.Ordinal).Select(n => $"'{n}'"))} lie on or behind a cycle without a neuron, which has no beginning.");
        Nodes = sorted;
    }

    private static HashSet<string> Reach(string start, Dictionary<string, List<string>> next)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(next[start]);
        while (open.TryPop(out string? name))
        {
            if (!reached.Add(name)) continue;
            foreach (string further in next[name]) open.Push(further);
        }
        return reached;
    }
}
