namespace EdgeAutonomy.Agents;

/// <summary>How a robot takes part in the granting of zones.</summary>
public sealed record ZoneStreamOptions
{
    /// <summary>Gets the numbers that granter and holder share.</summary>
    public ZoneOptions Zones { get; init; } = new();

    /// <summary>Gets how the robot brakes and asks.</summary>
    public ZoneHolderOptions Robot { get; init; } = new();

    /// <summary>Gets all robots that drive through zones; null = not known.</summary>
    /// <remarks>
    /// Where it is known, a new coordinator grants as soon as all of them have reported what they hold, and nothing before it has seen where each of them stands: one that broke down in a zone keeps it, also when the coordinator that saw it
    /// there is gone. <see cref="ZoneStream.Vouch"/> is the operator's word for one that is not seen.
    /// </remarks>
    public IReadOnlyCollection<string>? Users { get; init; }

    /// <summary>Gets by how much positions may be wrong, metres; default 0.1.</summary>
    public double PositionError { get; init; } = 0.1;

    /// <summary>Gets the map that the zones are on; robots on others are outside. Default 0.</summary>
    public ushort Map { get; init; }

    /// <summary>Gets whether a new coordinator skips its wait; only tests turn it on, to show that it matters.</summary>
    internal bool GrantsAtOnce { get; init; }
}
