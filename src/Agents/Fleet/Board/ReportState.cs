namespace EdgeAutonomy.Agents;

/// <summary>What a robot says about its task.</summary>
public enum ReportState
{
    /// <summary>It works on it.</summary>
    Working,

    /// <summary>It is done. Repeated until the board has noted it, also after a restart.</summary>
    Done,

    /// <summary>The robot stopped between "about to do" and "done", and does not know.</summary>
    Interrupted,

    /// <summary>The robot has looked: it was not done.</summary>
    NotDone,

    /// <summary>The robot gave it up.</summary>
    Failed,
}
