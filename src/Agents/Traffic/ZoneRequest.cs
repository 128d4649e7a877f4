namespace EdgeAutonomy.Agents;

/// <summary>What a robot asks.</summary>
public enum ZoneAsk : byte
{
    /// <summary>All of these zones, or none.</summary>
    Acquire,

    /// <summary>More time for zones that it holds.</summary>
    Renew,

    /// <summary>It is out of these zones.</summary>
    Release,

    /// <summary>To a new coordinator: these are the zones that it holds; none is an answer too.</summary>
    Report,
}

/// <summary>A request for zones, as it travels (topic <c>r/&lt;rid&gt;/zone/req</c>); the sender is in the topic.</summary>
/// <param name="Inc">Incarnation of the robot.</param>
/// <param name="Seq">Number of the request, from 1 per incarnation.</param>
/// <param name="Ask">What it asks.</param>
/// <param name="Zones">Ids of the zones.</param>
/// <param name="Route">Ids of all zones that it will need until it is outside of zones again, in the order of its way.</param>
/// <param name="DurationMs">For how long, milliseconds.</param>
/// <param name="Urgency">Higher goes first; waiting makes up for it.</param>
/// <param name="Term">For reports: the term of the coordinator that it answers.</param>
public sealed record ZoneRequest(uint Inc, ulong Seq, ZoneAsk Ask, IReadOnlyList<string> Zones, IReadOnlyList<string> Route, int DurationMs, int Urgency = 0, uint Term = 0);
