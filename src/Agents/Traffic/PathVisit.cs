namespace EdgeAutonomy.Agents;

/// <summary>A stay of a robot at a node.</summary>
/// <param name="Node">Index of the node.</param>
/// <param name="In">When it arrives, from the start of the window.</param>
/// <param name="Out">When it leaves, from the start of the window; not before <paramref name="In"/>.</param>
public readonly record struct PathVisit(int Node, Duration In, Duration Out);
