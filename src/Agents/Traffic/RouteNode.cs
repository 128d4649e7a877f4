namespace EdgeAutonomy.Agents;

/// <summary>A place on a route graph where a robot can stop.</summary>
/// <param name="Name">Its name, as in orders; unique in the graph.</param>
/// <param name="Position">Metres.</param>
/// <param name="Corridor">Index of the corridor it lies in, −1 = none.</param>
public readonly record struct RouteNode(string Name, Vector2D Position, int Corridor);
