namespace EdgeAutonomy.Agents;

/// <summary>A message of another robot, as a stream gets it.</summary>
public readonly ref struct FleetMessage
{
    /// <summary>Gets who sent it, from the topic.</summary>
    public required string From { get; init; }

    /// <summary>Gets the levels behind the stream's own, in UTF-8; empty = none.</summary>
    public ReadOnlySpan<byte> Rest { get; init; }

    /// <summary>Gets what was sent.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Gets whether it is an old one that the broker kept: never fresh.</summary>
    public bool Retained { get; init; }

    /// <summary>Gets the number that joins a reply to its request; 0 = none.</summary>
    public ulong Correlation { get; init; }

    /// <summary>Gets the robot's monotonic time.</summary>
    public Stamp Now { get; init; }
}
