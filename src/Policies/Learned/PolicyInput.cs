namespace EdgeAutonomy.Policies;

/// <summary>One number that a learned policy looks at.</summary>
/// <param name="Name">What it is, such as "goal_distance_m".</param>
/// <param name="Low">The value that becomes −1; in the unit that the name says.</param>
/// <param name="High">The value that becomes 1; above <paramref name="Low"/>. Values outside are cut off: the network has seen no others.</param>
public sealed record PolicyInput(string Name, double Low, double High);
