namespace EdgeAutonomy.Simulation;

/// <summary>Where a robot starts.</summary>
/// <param name="X">Metres east.</param>
/// <param name="Y">Metres north.</param>
/// <param name="Heading">Radians counter-clockwise from +x.</param>
public readonly record struct StartSpec(double X, double Y, double Heading);
