namespace EdgeAutonomy.Agents;

/// <summary>How a link stands.</summary>
public enum LinkState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Trying to connect.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Up,

    /// <summary>Lost; tries again by itself.</summary>
    Down,

    /// <summary>Refused for a reason that needs a person; tries again slowly.</summary>
    Refused,
}
