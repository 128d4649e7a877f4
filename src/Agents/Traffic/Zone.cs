namespace EdgeAutonomy.Agents;

/// <summary>What a robot does when it loses the lease of a zone while it is inside.</summary>
public enum ZoneLossPolicy : byte
{
    /// <summary>It stops and keeps occupying the zone.</summary>
    Stop,

    /// <summary>It leaves by the nearest way.</summary>
    Evacuate,

    /// <summary>It drives on if the leases of the rest of its way are valid; else it stops.</summary>
    Continue,
}

/// <summary>A part of the floor that only so many robots may be in at once.</summary>
/// <param name="Id">Its name: 1 to 32 of <c>A-Z a-z 0-9 _ . : -</c>.</param>
/// <param name="Outline">Its corners in order, metres; at least three.</param>
/// <param name="Capacity">How many robots may be inside.</param>
/// <param name="Policy">What a robot does that loses its lease inside.</param>
/// <param name="Corridor">The corridor it belongs to, empty = none: robots of opposite directions exclude each other in a whole corridor.</param>
/// <param name="Order">Its place along the corridor.</param>
public sealed record Zone(string Id, IReadOnlyList<Vector2D> Outline, int Capacity = 1, ZoneLossPolicy Policy = ZoneLossPolicy.Stop, string Corridor = "", int Order = 0);
