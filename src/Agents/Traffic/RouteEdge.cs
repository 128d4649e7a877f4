namespace EdgeAutonomy.Agents;

/// <summary>A straight way from one node to another, in one direction.</summary>
/// <param name="From">Index of the node it leaves.</param>
/// <param name="To">Index of the node it reaches.</param>
/// <param name="Length">Metres.</param>
/// <param name="MaxSpeed">The greatest speed allowed on it, m/s.</param>
public readonly record struct RouteEdge(int From, int To, double Length, double MaxSpeed);
