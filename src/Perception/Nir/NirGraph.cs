namespace EdgeAutonomy.Perception;

/// <summary>A network as NIR describes it: nodes and edges; immutable. What files hold, what training writes and what the engine compiles.</summary>
/// <remarks>
/// The order of nodes and edges carries no meaning. Beyond NIR, our own keys in the metadata say what NIR leaves open; a reader that does not know them gets
/// the nearest network that NIR can say. On the graph: <c>edge_dt</c> (seconds per step). On a neuron: <c>edge_reset</c> (zero, subtract, subtract-pending,
/// subtract-delayed, value), <c>edge_compare</c> (&gt; or &gt;=), <c>edge_discretisation</c> (euler, exponential), <c>edge_levels</c> (integer spikes 0 … L; 1 = binary). On
/// Linear and Affine: <c>edge_delays</c> (uint8 [out, in], steps), <c>edge_delay_dt</c>. On SumPool2d: <c>edge_pool</c> = max.
/// </remarks>
/// <param name="nodes">The nodes, each name once.</param>
/// <param name="edges">The edges.</param>
/// <param name="metadata">What only some readers know; null = none.</param>
/// <param name="version">The version that the file states, informational.</param>
public sealed class NirGraph(IReadOnlyList<NirNode> nodes, IReadOnlyList<NirEdge> edges, NirGroup? metadata = null, string version = "1.0") : IEquatable<NirGraph>
{
    /// <summary>Gets the nodes.</summary>
    public IReadOnlyList<NirNode> Nodes { get; } = nodes;

    /// <summary>Gets the edges.</summary>
    public IReadOnlyList<NirEdge> Edges { get; } = edges;

    /// <summary>Gets what only some readers know.</summary>
    public NirGroup Metadata { get; } = metadata ?? NirGroup.Empty;

    /// <summary>Gets the version that the file states.</summary>
    public string Version { get; } = version;

    /// <summary>Finds a node.</summary>
    /// <returns>Null where there is none of that name.</returns>
    public NirNode? Find(string name)
    {
        foreach (var node in Nodes)
        {
            if (node.Name == name) return node;
        }
        return null;
    }

    /// <summary>Tells whether both hold the same nodes and edges, in whatever order.</summary>
    public bool Equals(NirGraph? other) =>
        other is not null && other.Nodes.Count == Nodes.Count && other.Edges.Count == Edges.Count && other.Metadata.Equals(Metadata)
        && Nodes.All(n => n.Equals(other.Find(n.Name)))
        && Edges.Order(EdgeOrder).SequenceEqual(other.Edges.Order(EdgeOrder));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NirGraph);

    /// <inheritdoc/>
    public override int GetHashCode() => (Nodes.Count << 16) ^ Edges.Count;

    private static Comparer<NirEdge> EdgeOrder { get; } = Comparer<NirEdge>.Create((a, b) =>
        string.CompareOrdinal(a.From, b.From) is not 0 and int c ? c : string.CompareOrdinal(a.To, b.To));
}
