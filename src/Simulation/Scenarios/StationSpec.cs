namespace EdgeAutonomy.Simulation;

/// <summary>A place that robots are sent to.</summary>
/// <param name="Name">Short name for people.</param>
/// <param name="X">Metres east.</param>
/// <param name="Y">Metres north.</param>
/// <param name="Radius">Metres within which it counts as reached.</param>
public readonly record struct StationSpec(string Name, double X, double Y, double Radius = 0.35);
