namespace EdgeAutonomy.Agents;

/// <summary>A place on the robot's map, in metres.</summary>
/// <param name="X">East.</param>
/// <param name="Y">North.</param>
public readonly record struct MapPoint(double X, double Y)
{
    /// <summary>Gets whether both coordinates are numbers.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}
