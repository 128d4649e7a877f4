namespace EdgeAutonomy.Simulation;

/// <summary>How an obstacle moves.</summary>
public enum MotionKind : byte
{
    /// <summary>Not at all.</summary>
    Still = 0,

    /// <summary>Along its waypoints, over and over.</summary>
    Loop = 1,

    /// <summary>Straight on, mirrored by walls and other obstacles.</summary>
    Bounce = 2,
}
