namespace EdgeAutonomy.Agents;

/// <summary>Who wins a task in somebody's belief, seen from the receiver i of a message of the sender k.</summary>
public enum CbbaParty : byte
{
    /// <summary>The receiver.</summary>
    Receiver,

    /// <summary>The sender.</summary>
    Sender,

    /// <summary>A third robot.</summary>
    Third,

    /// <summary>Nobody.</summary>
    Nobody,
}
