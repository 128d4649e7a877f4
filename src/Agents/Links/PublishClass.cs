namespace EdgeAutonomy.Agents;

/// <summary>What becomes of a message that cannot go out at once.</summary>
public enum PublishClass : byte
{
    /// <summary>Only the latest of a topic counts; nothing is kept while the link is down. Quality 0.</summary>
    Beacon,

    /// <summary>Only the latest of a topic counts, and it is sent again after every connection. Quality 1.</summary>
    State,

    /// <summary>Every one counts: queued up to a limit and to its deadline, then dropped and counted. Quality 1.</summary>
    Command,

    /// <summary>Large and not urgent: on a connection of its own where there is one, paced. Quality 1.</summary>
    Bulk,
}
