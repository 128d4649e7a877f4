namespace EdgeAutonomy.Runtime.Messages;

/// <summary>What perception knows about one angular sector of the image.</summary>
public struct SectorEstimate
{
    /// <summary>Bearing of the sector's middle in radians, in the robot's frame, counter-clockwise.</summary>
    public float Bearing;

    /// <summary>Time to contact in seconds: depth along the optical axis over own speed, Z/v; +∞ = nothing approaches; NaN = not known.</summary>
    public float TimeToContact;

    /// <summary>How far <see cref="TimeToContact"/> can be trusted, in [0, 1]; 0 = not known.</summary>
    public float Confidence;

    /// <summary>Distance to the nearest thing in metres, from ranges or from time to contact and own speed; NaN = not known.</summary>
    public float Range;

    /// <summary>Events per second in the sector.</summary>
    public float EventRate;
}
