namespace EdgeAutonomy.Agents;

/// <summary>How a task stands, as its board says.</summary>
public enum TaskState
{
    /// <summary>To be done.</summary>
    Open,

    /// <summary>Nobody may do it: it was about to be done by a robot that vanished, and somebody must look first.</summary>
    Held,

    /// <summary>Done. Final.</summary>
    Done,

    /// <summary>No longer wanted. Final.</summary>
    Cancelled,
}
