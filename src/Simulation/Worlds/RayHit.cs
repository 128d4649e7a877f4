namespace EdgeAutonomy.Simulation;

/// <summary>The truth about what lies in one direction from a robot.</summary>
/// <param name="Range">Metres from the robot's centre to the surface; +∞ = nothing.</param>
/// <param name="ClosingSpeed">Metres per second at which the surface point that was hit comes nearer; negative = it goes away.</param>
/// <param name="Kind">What was hit.</param>
/// <param name="Index">Which wall, obstacle or robot; −1 = nothing.</param>
public readonly record struct RayHit(double Range, double ClosingSpeed, HitKind Kind, int Index)
{
    /// <summary>Gets the time in seconds until the point would reach the robot's centre at the present closing speed; +∞ = it does not approach.</summary>
    public double TimeToContact => ClosingSpeed > 1e-9 ? Range / ClosingSpeed : double.PositiveInfinity;
}
