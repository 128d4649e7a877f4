namespace EdgeAutonomy.Simulation;

/// <summary>What a ray hit.</summary>
public enum HitKind : byte
{
    /// <summary>Nothing within range.</summary>
    None = 0,

    /// <summary>A wall.</summary>
    Wall = 1,

    /// <summary>An obstacle.</summary>
    Obstacle = 2,

    /// <summary>Another robot.</summary>
    Robot = 3,
}
