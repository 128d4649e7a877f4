namespace EdgeAutonomy.Perception;

/// <summary>Breaks the loops of a graph at its neurons and orders its nodes so that every signal is there when it is needed.</summary>
/// <remarks>
/// A loop is opened where it begins: at the neuron that is the fewest edges away from the Input (the first by name among equals). What comes back to it through
/// nodes without state comes from neurons of the loop (maybe from itself), and the edges out of those neurons carry the spikes of the step before. So the way forward
/// has no delay and every way back has one step. The order depends on names only, never on the order of edges in a file.
/// </remarks>
internal static class GraphOrder
{
    /// <summary>Fills <see cref="FlatNode.Delayed"/> and returns the nodes in order.</summary>
    /// <exception cref="SpikingModelException">A loop has no neuron in it.</exception>
    internal static List<FlatNode> Of(FlatGraph graph)
    {
        var distance = Distances(graph);
        while (true)
        {
            var order = Sort(graph.Nodes);
            if (order.Count == graph.Nodes.Count) return order;
            var loop = Loop(graph.Nodes, [.. order]);
            var start = loop.Where(n => n.IsNeuron).MinBy(n => distance.GetValueOrDefault(n, int.MaxValue))
                ?? throw new SpikingModelException(loop[0].Name, $"The nodes {string.Join(", ", loop.Take(8).Select(n => $"'{n.Name}'"))} form a loop without a neuron, so no signal in it is ever defined; put a neuron into the loop or remove an edge.");
            Open(start, [.. loop]);
        }
    }

    private static Dictionary<FlatNode, int> Distances(FlatGraph graph)
    {
        var distance = new Dictionary<FlatNode, int> { [graph.Input] = 0 };
        var open = new Queue<FlatNode>([graph.Input]);
        while (open.TryDequeue(out var node))
        {
            foreach (var next in node.Outputs)
            {
                if (distance.TryAdd(next, distance[node] + 1)) open.Enqueue(next);
            }
        }
        return distance;
    }

    // Kahn's algorithm; among the nodes that are ready the first by name goes first.
    private static List<FlatNode> Sort(IReadOnlyList<FlatNode> nodes)
    {
        var waiting = nodes.ToDictionary(n => n, n => n.Inputs.Count(i => !n.Delayed.Contains(i)));
        var ready = new SortedSet<FlatNode>(nodes.Where(n => waiting[n] == 0), Comparer<FlatNode>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));
        var order = new List<FlatNode>(nodes.Count);
        while (ready.Min is { } node)
        {
            ready.Remove(node);
            order.Add(node);
            foreach (var next in node.Outputs)
            {
                if (!next.Delayed.Contains(node) && --waiting[next] == 0) ready.Add(next);
            }
        }
        return order;
    }

    // A strongly connected part that nothing unsorted leads into, in the order of names: of the parts that remain, one whose ancestors are all inside it.
    private static List<FlatNode> Loop(IReadOnlyList<FlatNode> nodes, HashSet<FlatNode> sorted)
    {
        HashSet<FlatNode>? smallest = null;
        foreach (var node in nodes)
        {
            if (sorted.Contains(node)) continue;
            var above = Ancestors(node, sorted);
            if (smallest is null || above.Count < smallest.Count) smallest = above;
        }
        return [.. nodes.Where(smallest!.Contains)];
    }

    private static HashSet<FlatNode> Ancestors(FlatNode node, HashSet<FlatNode> sorted)
    {
        var found = new HashSet<FlatNode>();
        var open = new Stack<FlatNode>([node]);
        while (open.TryPop(out var at))
        {
            foreach (var input in at.Inputs)
            {
                if (!at.Delayed.Contains(input) && !sorted.Contains(input) && found.Add(input)) open.Push(input);
            }
        }
        return found;
    }

    private static void Open(FlatNode start, HashSet<FlatNode> loop)
    {
        var seen = new HashSet<FlatNode> { start };
        var open = new Stack<FlatNode>([start]);
        while (open.TryPop(out var at))
        {
            foreach (var input in at.Inputs)
            {
                if (!loop.Contains(input) || at.Delayed.Contains(input)) continue;
                if (input.IsNeuron) at.Delayed.Add(input);
                else if (seen.Add(input)) open.Push(input);
            }
        }
    }
}
