namespace EdgeAutonomy.Perception;

/// <summary>The image motion in one tile.</summary>
public struct MotionTile
{
    /// <summary>Direction of the image motion in radians in (−π, π], 0 = to the right, π/2 = down; NaN = not known.</summary>
    public float Direction;

    /// <summary>Speed in pixels per second; NaN = not known. Between the slowest and the fastest speed of the kernel.</summary>
    public float Speed;

    /// <summary>How far the direction can be trusted, in [0, 1]: the length of the mean direction under the class probabilities; 0 = not known.</summary>
    public float Confidence;

    /// <summary>Events that speak here, fading with the window.</summary>
    public float Events;

    /// <summary>Gets whether anything is known.</summary>
    public readonly bool IsKnown => Confidence > 0;
}
