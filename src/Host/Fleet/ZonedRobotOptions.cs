using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>How a robot goes about zones.</summary>
internal sealed record ZonedRobotOptions
{
    /// <summary>Gets how it asks, holds and brakes.</summary>
    public ZoneStreamOptions Zones { get; init; } = new();

    /// <summary>Gets how far before the border it asks, in metres: an answer takes a tenth of a second, and who asks too early keeps others out.</summary>
    public double AskMetre { get; init; } = 2;

    /// <summary>Gets how far from a zone it waits for leave, in metres: room for the one that comes out.</summary>
    public double RoomMetre { get; init; } = 0.6;
}
