namespace EdgeAutonomy.Recording;

/// <summary>How often views become messages, and how they look.</summary>
public sealed record ViewChannelOptions
{
    /// <summary>Gets the most images per second and loop; positive.</summary>
    public double ImageHz { get; init; } = 5;

    /// <summary>Gets the most messages per second of every other channel; positive.</summary>
    public double OtherHz { get; init; } = 10;

    /// <summary>Gets the most paths per second and loop: a path is sent whole, 50 bytes per pose; positive.</summary>
    public double PathHz { get; init; } = 2;

    /// <summary>Gets whether images go out as plain bytes (foxglove.RawImage, mono8) instead of PNG: more bytes, less work.</summary>
    public bool RawImages { get; init; }

    /// <summary>Gets how many poses of a path are kept per loop, in [2, 100000].</summary>
    public int PathPoses { get; init; } = 500;

    /// <summary>Gets the metres a robot must have moved before its path gets another pose; positive.</summary>
    public double PathStep { get; init; } = 0.05;

    /// <summary>Gets how far a sector is drawn whose range is not known, in metres.</summary>
    public double SectorRange { get; init; } = 3;

    /// <summary>Gets where the camera sits: metres ahead of the robot's middle.</summary>
    public double CameraAhead { get; init; } = 0.15;

    /// <summary>Gets where the camera sits: metres above the ground.</summary>
    public double CameraUp { get; init; } = 0.2;
}
