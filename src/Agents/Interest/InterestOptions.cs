namespace EdgeAutonomy.Agents;

/// <summary>How robots find those near them.</summary>
public sealed record InterestOptions
{
    /// <summary>Gets the distance within which robots must know each other, metres; default 10.</summary>
    public double Radius { get; init; } = 10;

    /// <summary>Gets by how much of a cell a robot leaves its cell before it counts as being in another; default 0.1.</summary>
    public double Hysteresis { get; init; } = 0.1;

    /// <summary>Gets the size of a cell, metres: twice the radius.</summary>
    public double CellSize => 2 * Radius;

    /// <summary>Gets how long after the acknowledgement of the last subscription the surroundings count as known; default 1 s.</summary>
    public Duration Settle { get; init; } = Duration.FromSeconds(1);
}
