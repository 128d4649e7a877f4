using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>The ways that all robots of a site share: nodes, directed straight edges, and the corridors among them.</summary>
/// <remarks>A corridor is a longest chain of nodes with exactly two neighbours each: two robots cannot pass each other in it. Immutable, thread-safe.</remarks>
public sealed class RouteGraph
{
    /// <summary>The most nodes of a graph.</summary>
    public const int MaxNodes = 1 << 20;

    private readonly RouteNode[] _nodes;
    private readonly RouteEdge[] _out, _in;
    private readonly int[] _outStart, _inStart;
    private readonly int[][] _corridors;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes a graph.</summary>
    /// <param name="nodes">Names and positions.</param>
    /// <param name="edges">From, to, and the greatest speed in m/s (infinite = no limit).</param>
    /// <exception cref="ArgumentException">A name is doubled or empty, a position is no number, or an edge leads nowhere, to itself, twice to the same node, or has no speed.</exception>
    public RouteGraph(IReadOnlyList<(string Name, Vector2D Position)> nodes, IReadOnlyList<(int From, int To, double MaxSpeed)> edges)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        if (nodes.Count is 0 or > MaxNodes) throw new ArgumentException($"Route graph: {nodes.Count} nodes; must be 1 to {MaxNodes}.", nameof(nodes));
        for (int i = 0; i < nodes.Count; i++)
        {
            if (string.IsNullOrEmpty(nodes[i].Name) || !_byName.TryAdd(nodes[i].Name, i)) throw new ArgumentException($"Route graph: node {i} has the name '{nodes[i].Name}', which is empty or taken.", nameof(nodes));
            if (!nodes[i].Position.IsFinite) throw new ArgumentException($"Route graph: node '{nodes[i].Name}' lies at {nodes[i].Position}; must be finite.", nameof(nodes));
        }
        var all = new RouteEdge[edges.Count];
        for (int i = 0; i < all.Length; i++)
        {
            (int from, int to, double speed) = edges[i];
            if ((uint)from >= (uint)nodes.Count || (uint)to >= (uint)nodes.Count || from == to) throw new ArgumentException($"Route graph: edge {i} goes from {from} to {to}; must join two of {nodes.Count} nodes.", nameof(edges));
            if (!(speed > 0)) throw new ArgumentException($"Route graph: edge {i} has the greatest speed {speed}; must be positive.", nameof(edges));
            all[i] = new RouteEdge(from, to, Vector2D.Distance(nodes[from].Position, nodes[to].Position), speed);
        }
        (_out, _outStart) = Sorted(all, nodes.Count, e => e.From, e => e.To);
        (_in, _inStart) = Sorted(all, nodes.Count, e => e.To, e => e.From);
        for (int i = 1; i < _out.Length; i++)
        {
            if (_out[i].From == _out[i - 1].From && _out[i].To == _out[i - 1].To) throw new ArgumentException($"Route graph: two edges go from {_out[i].From} to {_out[i].To}; one is enough.", nameof(edges));
        }
        _corridors = FindCorridors(nodes.Count, out int[] corridorOf);
        _nodes = new RouteNode[nodes.Count];
        for (int i = 0; i < _nodes.Length; i++) _nodes[i] = new RouteNode(nodes[i].Name, nodes[i].Position, corridorOf[i]);
    }

    /// <summary>Gets the number of nodes.</summary>
    public int NodeCount => _nodes.Length;

    /// <summary>Gets the number of directed edges.</summary>
    public int EdgeCount => _out.Length;

    /// <summary>Gets the number of corridors.</summary>
    public int CorridorCount => _corridors.Length;

    /// <summary>Gets a node.</summary>
    public RouteNode this[int node] => _nodes[node];

    /// <summary>Makes a graph from a grid: one node per free cell, edges both ways to the four neighbours.</summary>
    /// <param name="free">Whether a cell is free, <c>[y * width + x]</c>.</param>
    /// <param name="width">Cells along x.</param>
    /// <param name="height">Cells along y.</param>
    /// <param name="cell">Size of a cell, metres.</param>
    /// <param name="origin">Centre of cell (0, 0), metres.</param>
    /// <param name="node">For every cell its node, −1 = none; same layout.</param>
    /// <exception cref="ArgumentException">The sizes disagree, or no cell is free.</exception>
    public static RouteGraph FromGrid(ReadOnlySpan<bool> free, int width, int height, double cell, Vector2D origin, out int[] node)
    {
        if (width <= 0 || height <= 0 || (long)width * height != free.Length) throw new ArgumentException($"Route grid: {width} × {height} cells, but {free.Length} values.", nameof(free));
        if (!(cell > 0 && double.IsFinite(cell))) throw new ArgumentException($"Route grid: cell is {cell} m; must be positive.", nameof(cell));
        var nodes = new List<(string, Vector2D)>();
        var edges = new List<(int, int, double)>();
        node = new int[free.Length];
        for (int i = 0; i < free.Length; i++)
        {
            node[i] = -1;
            if (!free[i]) continue;
            node[i] = nodes.Count;
            nodes.Add((string.Create(CultureInfo.InvariantCulture, $"{i % width},{i / width}"), origin + new Vector2D(i % width * cell, i / width * cell)));
            foreach (int back in (ReadOnlySpan<int>)[i % width > 0 ? i - 1 : -1, i - width])
            {
                if (back < 0 || node[back] < 0) continue;
                edges.Add((node[back], node[i], double.PositiveInfinity));
                edges.Add((node[i], node[back], double.PositiveInfinity));
            }
        }
        return new RouteGraph(nodes, edges);
    }

    /// <summary>Returns the edges that leave a node, by the node they reach.</summary>
    public ReadOnlySpan<RouteEdge> From(int node) => _out.AsSpan(_outStart[node].._outStart[node + 1]);

    /// <summary>Returns the edges that reach a node, by the node they leave.</summary>
    public ReadOnlySpan<RouteEdge> To(int node) => _in.AsSpan(_inStart[node].._inStart[node + 1]);

    /// <summary>Returns the nodes of a corridor, from one end to the other.</summary>
    public ReadOnlySpan<int> Corridor(int corridor) => _corridors[corridor];

    /// <summary>Returns the index of a node by its name, −1 if there is none.</summary>
    public int Find(string name) => _byName.TryGetValue(name, out int node) ? node : -1;

    /// <summary>Returns how many time steps an edge takes at a speed: at least one, arriving exactly on a step.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="speed">The robot's speed, m/s.</param>
    /// <param name="step">The length of a step.</param>
    public static int Ticks(in RouteEdge edge, double speed, Duration step)
    {
        // A hair of slack: 1 m at 1 m/s in steps of 0.1 s is ten steps, whatever the last digit says.
        double ticks = edge.Length / Math.Min(speed, edge.MaxSpeed) / step.Seconds - 1e-9;
        return ticks >= 1 << 20 ? 1 << 20 : Math.Max(1, (int)Math.Ceiling(ticks));
    }

    /// <summary>Returns for every node how many steps the way to a goal takes when nobody is in the way; <see cref="int.MaxValue"/> = none.</summary>
    /// <param name="goal">The goal.</param>
    /// <param name="speed">The robot's speed, m/s.</param>
    /// <param name="step">The length of a step.</param>
    /// <param name="blocked">Nodes that no way leads through; empty = all are free.</param>
    public int[] TicksTo(int goal, double speed, Duration step, ReadOnlySpan<bool> blocked = default)
    {
        var ticks = new int[_nodes.Length];
        Array.Fill(ticks, int.MaxValue);
        var open = new PriorityQueue<int, long>();
        ticks[goal] = 0;
        open.Enqueue(goal, goal);
        while (open.TryDequeue(out int node, out long key))
        {
            if ((int)(key >> 24) != ticks[node]) continue;
            foreach (ref readonly var edge in To(node))
            {
                long next = ticks[node] + (long)Ticks(edge, speed, step);
                if (next >= ticks[edge.From] || next > int.MaxValue / 2 || (!blocked.IsEmpty && blocked[edge.From])) continue;
                ticks[edge.From] = (int)next;
                open.Enqueue(edge.From, next << 24 | (uint)edge.From);
            }
        }
        return ticks;
    }

    private static (RouteEdge[] Edges, int[] Start) Sorted(RouteEdge[] edges, int nodes, Func<RouteEdge, int> first, Func<RouteEdge, int> second)
    {
        RouteEdge[] sorted = [.. edges.OrderBy(first).ThenBy(second)];
        var start = new int[nodes + 1];
        foreach (var edge in edges) start[first(edge) + 1]++;
        for (int i = 0; i < nodes; i++) start[i + 1] += start[i];
        return (sorted, start);
    }

    private int[][] FindCorridors(int nodes, out int[] corridorOf)
    {
        var neighbours = new int[nodes][];
        for (int i = 0; i < nodes; i++)
        {
            var set = new SortedSet<int>();
            foreach (var e in From(i)) set.Add(e.To);
            foreach (var e in To(i)) set.Add(e.From);
            neighbours[i] = [.. set];
        }
        corridorOf = new int[nodes];
        Array.Fill(corridorOf, -1);
        var corridors = new List<int[]>();
        for (int i = 0; i < nodes; i++)
        {
            if (neighbours[i].Length != 2 || corridorOf[i] >= 0) continue;
            var chain = new LinkedList<int>([i]);
            corridorOf[i] = corridors.Count;
            Extend(neighbours, corridorOf, i, neighbours[i][0], n => chain.AddFirst(n));
            Extend(neighbours, corridorOf, i, neighbours[i][1], n => chain.AddLast(n));
            corridors.Add([.. chain]);
        }
        return [.. corridors];

        void Extend(int[][] near, int[] of, int back, int node, Action<int> add)
        {
            while (near[node].Length == 2 && of[node] < 0)
            {
                of[node] = corridors.Count;
                add(node);
                (back, node) = (node, near[node][0] == back ? near[node][1] : near[node][0]);
            }
        }
    }
}
