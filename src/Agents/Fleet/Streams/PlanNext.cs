namespace EdgeAutonomy.Agents;

/// <summary>Where to head for.</summary>
/// <param name="Node">Index of the node; −1 = stay where you are: not even the nearest node is the robot's own.</param>
/// <param name="From">From when it may be driven to, on the robot's monotonic clock.</param>
/// <param name="IsHold">Whether it is the last that the robot may enter so far: be able to stop there.</param>
public readonly record struct PlanNext(int Node, Stamp From, bool IsHold);
