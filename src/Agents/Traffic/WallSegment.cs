namespace EdgeAutonomy.Agents;

/// <summary>A straight piece of wall between two points; a post where both are one.</summary>
/// <param name="Start">One end, metres.</param>
/// <param name="End">The other end, metres.</param>
public readonly record struct WallSegment(Vector2D Start, Vector2D End);
