namespace EdgeAutonomy.Agents;

/// <summary>What a binary fleet message holds behind its prefix (docs/fleet.md, envelopes).</summary>
public enum FleetKind : byte
{
    /// <summary>Not a message.</summary>
    None = 0,

    /// <summary>Where a robot is and how it moves: <see cref="Agents.Beacon"/>.</summary>
    Beacon = 1,

    /// <summary>Tracks of what a robot sees.</summary>
    Tracks = 2,

    /// <summary>The heartbeat of the coordinator; its epoch is the term. Nothing behind the prefix.</summary>
    Heartbeat = 3,

    /// <summary>A piece of a network in federated learning.</summary>
    Chunk = 4,

    /// <summary>The answer to a heartbeat; behind the prefix the number of the beat, 8 bytes.</summary>
    HeartbeatAck = 5,

    /// <summary>A question for the time; behind the prefix the asker's clock, 8 bytes.</summary>
    TimeAsk = 6,

    /// <summary>Its answer; behind the prefix the number and the clock of the question, and the clock at its arrival and at the answer, 8 bytes each.</summary>
    TimeTell = 7,
}
