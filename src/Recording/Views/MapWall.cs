namespace EdgeAutonomy.Recording;

/// <summary>A wall seen from above, in metres.</summary>
/// <param name="X1">First end, x.</param>
/// <param name="Y1">First end, y.</param>
/// <param name="X2">Second end, x.</param>
/// <param name="Y2">Second end, y.</param>
public readonly record struct MapWall(double X1, double Y1, double X2, double Y2);
