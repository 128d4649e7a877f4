namespace EdgeAutonomy.Runtime;

/// <summary>What one cycle decided from measured time, or was told from outside its inbox: an input like any other, so it is recorded and a replay applies it.</summary>
/// <remarks>A replay never measures these again, because it runs on another machine at another speed.</remarks>
public struct MeasuredDecisions
{
    /// <summary>A bit per stage that missed its budget.</summary>
    public ulong Missed;

    /// <summary>A bit per stage that took more than twice its budget.</summary>
    public ulong Doubled;

    /// <summary>Slots skipped before the cycle.</summary>
    public int SkippedSlots;

    /// <summary>Whether the cycle counts as a missed deadline.</summary>
    public bool CycleMissed;

    /// <summary>Whether the cycle left less slack than the ladder wants.</summary>
    public bool SlackShort;

    /// <summary>Whether the watchdog had asked for a stop when the ladder was evaluated.</summary>
    public bool WatchdogStop;

    /// <summary>Whether the guard had been stopped from another thread when the action passed it.</summary>
    public bool GuardStopped;
}
