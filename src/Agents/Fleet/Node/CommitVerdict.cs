namespace EdgeAutonomy.Agents;

/// <summary>Whether a robot may do what cannot be undone.</summary>
public enum CommitVerdict
{
    /// <summary>Asked; ask again soon.</summary>
    Pending,

    /// <summary>A majority has the task down as this robot's for good, and the lease holds.</summary>
    Granted,

    /// <summary>No: there is no lease, or it could not be promised.</summary>
    Refused,
}
