namespace EdgeAutonomy.Simulation;

/// <summary>The rendered event camera of a robot: level, looking ahead, above the robot's centre.</summary>
public sealed record CameraSpec
{
    /// <summary>Gets the columns; 0 = no camera.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Gets the rows.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Gets the horizontal field of view in degrees.</summary>
    public double FieldOfViewDegrees { get; init; } = 90;

    /// <summary>Gets the height above the ground in metres.</summary>
    public double MountHeight { get; init; } = 0.2;

    /// <summary>Gets the pixels' properties by name: default, clean, noisy or ideal (<see cref="EventCameraOptions.Preset"/>).</summary>
    public string Preset { get; init; } = "default";

    /// <summary>Gets how far anything may move in the image between two frames in pixels; the world renders no more often than needed for that.</summary>
    public double MaxMotionPixels { get; init; } = 1;

    /// <summary>Gets the image motion in pixels below which reading the sensor does not make it render once more.</summary>
    public double ReadMotionPixels { get; init; } = 0.2;

    /// <summary>Gets the longest time between two frames in milliseconds.</summary>
    public int MaxStepMs { get; init; } = 20;

    /// <summary>Gets how many events the camera keeps until they are read; further ones are dropped and counted.</summary>
    public int QueueCapacity { get; init; } = 1 << 16;

    /// <summary>Gets whether there is a camera.</summary>
    public bool Present => Width > 0;
}
