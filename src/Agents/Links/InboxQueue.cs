namespace EdgeAutonomy.Agents;

/// <summary>What an inbox does with messages that come faster than they are read. Whatever is lost is counted.</summary>
public enum InboxQueue : byte
{
    /// <summary>The latest of every topic is kept.</summary>
    Latest,

    /// <summary>All are kept in order; when full the adapter's thread waits up to 50 ms, then the newest is lost.</summary>
    Commands,

    /// <summary>When full the oldest is lost.</summary>
    Bulk,
}
