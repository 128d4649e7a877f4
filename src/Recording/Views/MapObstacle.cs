namespace EdgeAutonomy.Recording;

/// <summary>An obstacle seen from above, in metres.</summary>
/// <param name="X">Centre, x.</param>
/// <param name="Y">Centre, y.</param>
/// <param name="Radius">Radius of its disc.</param>
/// <param name="Moves">Whether it can move.</param>
public readonly record struct MapObstacle(double X, double Y, double Radius, bool Moves);
