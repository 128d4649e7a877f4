namespace EdgeAutonomy.Agents;

/// <summary>Where a robot drives now to follow its plan.</summary>
/// <param name="Node">Index of the node that it drives to; −1 = it stays where it is.</param>
/// <param name="Point">The place to drive to in a straight line, metres.</param>
/// <param name="Speed">How fast at most, m/s: not to be early at the next node of the plan, and to stop where the way ends that is its own; 0 = it is there, or waits.</param>
/// <param name="IsLate">Whether it is behind its plan: plan anew.</param>
public readonly record struct RouteAdvice(int Node, Vector2D Point, double Speed, bool IsLate);
