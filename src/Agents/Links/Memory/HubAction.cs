namespace EdgeAutonomy.Agents;

/// <summary>What a client may be allowed to do with a topic.</summary>
public enum HubAction : byte
{
    /// <summary>Publish to it, also by a will.</summary>
    Publish,

    /// <summary>Receive what is published there.</summary>
    Receive,
}
