namespace EdgeAutonomy.Perception;

/// <summary>How the points about which groups are made are chosen.</summary>
public enum PointCentroids
{
    /// <summary>Farthest-point sampling: each one is the point farthest from all before it. Evenest, points × groups distances.</summary>
    Farthest,

    /// <summary>One point of each occupied cell of a grid, then a second one, and so on: one pass over the points.</summary>
    VoxelGrid,
}
