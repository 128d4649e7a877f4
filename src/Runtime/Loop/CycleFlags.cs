namespace EdgeAutonomy.Runtime;

/// <summary>What was special about a cycle.</summary>
[Flags]
public enum CycleFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A keyframe was written with this cycle.</summary>
    Keyframe = 1,

    /// <summary>A stage missed its budget or the cycle outlasted its period.</summary>
    MissedDeadline = 2,

    /// <summary>No fresh decision: the guard held or decayed the last command.</summary>
    HeldOutput = 4,

    /// <summary>Slots were skipped or records lost before this cycle.</summary>
    GapBefore = 8,

    /// <summary>The guard changed the proposed action.</summary>
    Guarded = 16,

    /// <summary>A warm-up cycle: the actuator got the safe action.</summary>
    WarmUp = 32,
}
