namespace EdgeAutonomy.Simulation;

/// <summary>A point on an obstacle's way.</summary>
/// <param name="X">Metres east.</param>
/// <param name="Y">Metres north.</param>
public readonly record struct Waypoint(double X, double Y);
