namespace EdgeAutonomy.Agents;

/// <summary>How a client loses its connection.</summary>
public enum DisconnectMode : byte
{
    /// <summary>It says farewell and disconnects; no will.</summary>
    Graceful,

    /// <summary>Its socket closes; the will is published.</summary>
    Abrupt,

    /// <summary>Nothing passes any more in either direction; both ends notice after 1.5 times the keep-alive, or never when it ends before.</summary>
    Frozen,
}
