namespace EdgeAutonomy.Perception;

/// <summary>Where a camera looks and how it projects: a pinhole without distortion, mounted level.</summary>
/// <remarks>
/// Bearings are counter-clockwise: a column left of the middle has a positive bearing, atan((cx − u) / f) with cx = (Width − 1) / 2 and
/// u the column's number, so that the bearing is that of the pixel's middle. Immutable.
/// </remarks>
/// <param name="Width">Columns, 1 … 4096.</param>
/// <param name="Height">Rows, 1 … 4096.</param>
/// <param name="HorizontalFieldOfView">Angle from the left to the right edge in radians, in (0, 3).</param>
/// <param name="MountForward">Metres of the camera ahead of the point about which the robot turns, in [−10, 10].</param>
/// <param name="MountYaw">Bearing of the optical axis in the robot's frame in radians, in [−π, π].</param>
public sealed record CameraGeometry(int Width, int Height, double HorizontalFieldOfView, double MountForward = 0, double MountYaw = 0)
{
    /// <summary>Gets the rover's forward camera: 128×128 pixels, 90°, over the point about which the rover turns.</summary>
    public static CameraGeometry Rover { get; } = new(128, 128, Math.PI / 2);

    /// <summary>Gets the focal length in pixels.</summary>
    public double Focal => 0.5 * Width * DeterministicMath.Cos(0.5 * HorizontalFieldOfView) / DeterministicMath.Sin(0.5 * HorizontalFieldOfView);

    /// <summary>Returns the bearing of a column in the robot's frame, in radians, counter-clockwise.</summary>
    /// <param name="column">Column, 0 = middle of the leftmost pixel; fractions allowed.</param>
    public double Bearing(double column) => MountYaw + DeterministicMath.Atan((0.5 * (Width - 1) - column) / Focal);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        OptionRange.Check(Width is >= 1 and <= 4096, nameof(CameraGeometry), nameof(Width), Width, "must be in [1, 4096]");
        OptionRange.Check(Height is >= 1 and <= 4096, nameof(CameraGeometry), nameof(Height), Height, "must be in [1, 4096]");
        OptionRange.Check(HorizontalFieldOfView is > 0 and < 3, nameof(CameraGeometry), nameof(HorizontalFieldOfView), HorizontalFieldOfView, "must be in (0, 3) radians");
        OptionRange.Check(MountForward is >= -10 and <= 10, nameof(CameraGeometry), nameof(MountForward), MountForward, "must be in [-10, 10] metres");
        OptionRange.Check(MountYaw is >= -Math.PI and <= Math.PI, nameof(CameraGeometry), nameof(MountYaw), MountYaw, "must be in [-pi, pi] radians");
    }
}
