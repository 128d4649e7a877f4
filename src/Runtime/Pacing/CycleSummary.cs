namespace EdgeAutonomy.Runtime;

/// <summary>What a pacer may know about the cycle that just ended. Logical quantities only, so the choice replays.</summary>
public readonly struct CycleSummary
{
    /// <summary>Gets the cycle's number.</summary>
    public ulong CycleId { get; init; }

    /// <summary>Gets the cycle's logical time.</summary>
    public Stamp Tag { get; init; }

    /// <summary>Gets the time since the previous cycle.</summary>
    public Duration Dt { get; init; }

    /// <summary>Gets the grid index of the period that led to this cycle.</summary>
    public byte PeriodIndex { get; init; }

    /// <summary>Gets how many items (events) the sensor delivered.</summary>
    public int Items { get; init; }

    /// <summary>Gets the local error in units of the tolerance; NaN when not estimated.</summary>
    public float StepError { get; init; }

    /// <summary>Gets the time to the nearest contact in seconds; +∞ when none.</summary>
    public float TimeToContact { get; init; }

    /// <summary>Gets the grid index the policy proposed, or −1.</summary>
    public sbyte ProposedIndex { get; init; }

    /// <summary>Gets the longest period the policy can answer for.</summary>
    public Duration PeriodLimit { get; init; }

    /// <summary>Gets the lowest trust of any stream, in [0, 1].</summary>
    public float Trust { get; init; }

    /// <summary>Gets the rung after this cycle.</summary>
    public Rung Rung { get; init; }
}
