namespace EdgeAutonomy.Agents;

/// <summary>A robot that needs a plan for the next window.</summary>
/// <param name="Rid">Its id.</param>
/// <param name="Start">The node where it stands, or that it is driving to already.</param>
/// <param name="Goal">The node where it wants to be.</param>
/// <param name="Radius">Its radius with its load and its tracking error, metres.</param>
/// <param name="Speed">The speed it keeps, m/s.</param>
/// <param name="Position">Where it is at the start of the window.</param>
/// <param name="Delay">When it reaches <paramref name="Start"/>, from the start of the window; zero if it stands there.</param>
/// <param name="Urgency">Higher goes first.</param>
public readonly record struct PlanRequest(string Rid, int Start, int Goal, double Radius, double Speed, Vector2D Position, Duration Delay, int Urgency = 0);
