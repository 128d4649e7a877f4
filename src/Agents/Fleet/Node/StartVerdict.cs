namespace EdgeAutonomy.Agents;

/// <summary>Whether a robot may begin a task, or go on with it, and if not, why.</summary>
public enum StartVerdict
{
    /// <summary>It may.</summary>
    Yes,

    /// <summary>The task is not known, or not open.</summary>
    NotOpen,

    /// <summary>Another robot has it, or nobody.</summary>
    NotMine,

    /// <summary>The claim is too young.</summary>
    Settling,

    /// <summary>No majority has granted the lease, or it ran out.</summary>
    NoLease,
}
