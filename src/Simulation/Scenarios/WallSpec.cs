namespace EdgeAutonomy.Simulation;

/// <summary>A straight wall of a scenario.</summary>
/// <param name="X1">Metres east of one end.</param>
/// <param name="Y1">Metres north of one end.</param>
/// <param name="X2">Metres east of the other end.</param>
/// <param name="Y2">Metres north of the other end.</param>
/// <param name="Surface">How it looks.</param>
public readonly record struct WallSpec(double X1, double Y1, double X2, double Y2, Surface Surface);
