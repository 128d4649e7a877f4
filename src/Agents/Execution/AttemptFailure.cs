namespace EdgeAutonomy.Agents;

/// <summary>Why one attempt at a decision gave nothing to carry out.</summary>
public enum AttemptFailure
{
    /// <summary>It gave a command that was approved.</summary>
    None,

    /// <summary>The guard refused the proposal.</summary>
    Refused,

    /// <summary>No answer came in time.</summary>
    Deadline,

    /// <summary>The policy failed: an exception, a broken connection, an answer without content.</summary>
    Error,

    /// <summary>The policy was still busy with an earlier question that had been given up.</summary>
    Busy,

    /// <summary>The policy failed too often and is left alone for a while.</summary>
    CircuitOpen,

    /// <summary>The policy was replaced while it was thinking.</summary>
    Replaced,

    /// <summary>The planner was at a loss.</summary>
    NoProposal,
}
