namespace EdgeAutonomy.Agents;

/// <summary>What all robots of a site must know alike: ways and zones.</summary>
/// <remarks>Immutable, thread-safe. <see cref="SiteMapFile"/> keeps it.</remarks>
/// <param name="Name">What people call it; may be empty.</param>
/// <param name="Graph">The ways; null = robots drive freely.</param>
/// <param name="Zones">The zones; null = none.</param>
public sealed record SiteMap(string Name, RouteGraph? Graph, ZoneMap? Zones)
{
    /// <summary>The most findings that <see cref="Check"/> returns.</summary>
    public const int MaxFindings = 100;

    private const int MostNamed = 5;

    /// <summary>Looks for what is allowed and probably not meant: nodes that cannot be reached from others or not be left again, nodes at the same place, zones that no way leads through.</summary>
    /// <returns>One sentence each, at most <see cref="MaxFindings"/>; empty = nothing found.</returns>
    public IReadOnlyList<string> Check()
    {
        var findings = new List<string>();
        if (Graph is null) return findings;
        FindParts(Graph, findings);
        FindDoubles(Graph, findings);
        for (int z = 0; z < (Zones?.Count ?? 0) && findings.Count < MaxFindings; z++)
        {
            if (!IsCrossed(Graph, Zones!, z)) findings.Add($"Zone '{Zones![z].Id}': no node or edge lies in it, so no plan ever leads through it.");
        }
        return findings;
    }

    /// <summary>Returns which nodes can be reached from a node.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">Index of the node.</param>
    /// <param name="backwards">Whether those are meant from which it can be reached.</param>
    /// <returns>One value per node; its own is true.</returns>
    public static bool[] Reachable(RouteGraph graph, int from, bool backwards = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, graph.NodeCount);
        var reached = new bool[graph.NodeCount];
        var open = new Stack<int>([from]);
        reached[from] = true;
        while (open.TryPop(out int node))
        {
            foreach (ref readonly var edge in backwards ? graph.To(node) : graph.From(node))
            {
                int next = backwards ? edge.From : edge.To;
                if (reached[next]) continue;
                reached[next] = true;
                open.Push(next);
            }
        }
        return reached;
    }

    // The largest set of nodes that all reach each other counts as the site; whatever lies outside of it is named.
    private static void FindParts(RouteGraph graph, List<string> findings)
    {
        var part = new int[graph.NodeCount];
        Array.Fill(part, -1);
        int main = -1, size = 0, parts = 0;
        // Kosaraju: in the order of finishing, the last first, each unassigned node gathers backwards those that reach it.
        int[] order = Finished(graph);
        var open = new Stack<int>();
        for (int i = order.Length - 1; i >= 0; i--)
        {
            if (part[order[i]] >= 0) continue;
            int count = 0;
            open.Push(order[i]);
            part[order[i]] = parts;
            while (open.TryPop(out int node))
            {
                count++;
                foreach (ref readonly var edge in graph.To(node))
                {
                    if (part[edge.From] >= 0) continue;
                    part[edge.From] = parts;
                    open.Push(edge.From);
                }
            }
            if (count > size) (main, size) = (order[i], count);
            parts++;
        }
        if (parts == 1) return;
        bool[] there = Reachable(graph, main), back = Reachable(graph, main, backwards: true);
        Describe(graph, findings, i => !there[i] && !back[i], $"can neither be reached from '{graph[main].Name}' nor left to it");
        Describe(graph, findings, i => !there[i] && back[i], $"cannot be reached from '{graph[main].Name}'");
        Describe(graph, findings, i => there[i] && !back[i], $"can be reached from '{graph[main].Name}', but there is no way back");
    }

    private static int[] Finished(RouteGraph graph)
    {
        var order = new int[graph.NodeCount];
        var seen = new bool[graph.NodeCount];
        var path = new Stack<(int Node, int Edge)>();
        int count = 0;
        for (int root = 0; root < seen.Length; root++)
        {
            if (seen[root]) continue;
            seen[root] = true;
            path.Push((root, 0));
            while (path.TryPop(out var at))
            {
                var edges = graph.From(at.Node);
                int edge = at.Edge;
                while (edge < edges.Length && seen[edges[edge].To]) edge++;
                if (edge == edges.Length)
                {
                    order[count++] = at.Node;
                    continue;
                }
                path.Push((at.Node, edge + 1));
                seen[edges[edge].To] = true;
                path.Push((edges[edge].To, 0));
            }
        }
        return order;
    }

    private static void Describe(RouteGraph graph, List<string> findings, Func<int, bool> which, string what)
    {
        int[] nodes = [.. Enumerable.Range(0, graph.NodeCount).Where(which)];
        if (nodes.Length == 0 || findings.Count >= MaxFindings) return;
        string names = string.Join(", ", nodes.Take(MostNamed).Select(n => $"'{graph[n].Name}'"));
        findings.Add($"{(nodes.Length == 1 ? "Node" : "Nodes")} {names}{(nodes.Length > MostNamed ? FormattableString.Invariant($" and {nodes.Length - MostNamed} more") : "")} {what}.");
    }

    private static void FindDoubles(RouteGraph graph, List<string> findings)
    {
        var at = new Dictionary<Vector2D, int>();
        for (int i = 0; i < graph.NodeCount && findings.Count < MaxFindings; i++)
        {
            if (!at.TryAdd(graph[i].Position, i)) findings.Add(FormattableString.Invariant($"Nodes '{graph[at[graph[i].Position]].Name}' and '{graph[i].Name}' both lie at {graph[i].Position.X}, {graph[i].Position.Y}."));
        }
    }

    private static bool IsCrossed(RouteGraph graph, ZoneMap zones, int zone)
    {
        for (int i = 0; i < graph.NodeCount; i++)
        {
            if (zones.Distance(zone, graph[i].Position) <= 0) return true;
        }
        var outline = zones[zone].Outline;
        for (int i = 0; i < graph.NodeCount; i++)
        {
            foreach (ref readonly var edge in graph.From(i))
            {
                for (int k = 0; k < outline.Count; k++)
                {
                    if (ClaimLine.Near(graph[edge.From].Position, graph[edge.To].Position, outline[k], outline[(k + 1) % outline.Count], 0)) return true;
                }
            }
        }
        return false;
    }
}
