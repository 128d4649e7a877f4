namespace EdgeAutonomy.Perception;

/// <summary>A connection between two nodes of one graph, by name. Several edges into a node sum.</summary>
/// <param name="From">Where the signal comes from.</param>
/// <param name="To">Where it goes.</param>
public readonly record struct NirEdge(string From, string To);
