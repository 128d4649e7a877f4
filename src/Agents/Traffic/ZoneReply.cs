namespace EdgeAutonomy.Agents;

/// <summary>How a request for zones stands.</summary>
public enum ZoneState : byte
{
    /// <summary>Sent, not answered: not granted.</summary>
    Requested,

    /// <summary>Granted for the duration in the reply.</summary>
    Granted,

    /// <summary>Waiting.</summary>
    Queued,

    /// <summary>Refused; the reason says why.</summary>
    Rejected,

    /// <summary>The lease ran out.</summary>
    Expired,

    /// <summary>The zone was closed: it is not renewed.</summary>
    Revoked,

    /// <summary>Given back.</summary>
    Released,
}

/// <summary>The answer to a request for zones, as it travels (topic <c>r/&lt;coordinator&gt;/zone/grant/&lt;rid&gt;</c>).</summary>
/// <param name="Inc">Incarnation of the robot that it is for.</param>
/// <param name="Seq">Number of its request.</param>
/// <param name="Epoch">Grows with every answer; the term of the coordinator in the upper half.</param>
/// <param name="State">How the request stands.</param>
/// <param name="Zones">Ids of the zones it is about.</param>
/// <param name="DurationMs">How long a grant holds, from the instant at which the robot sent its request.</param>
/// <param name="Reason">Why it was refused; empty otherwise.</param>
public sealed record ZoneReply(uint Inc, ulong Seq, ulong Epoch, ZoneState State, IReadOnlyList<string> Zones, int DurationMs, string Reason);
