namespace EdgeAutonomy.Runtime;

/// <summary>Latencies and counters of one loop, in fixed memory.</summary>
/// <remarks>Written by the loop thread; other threads may read at any time and can see values that are a cycle apart.</remarks>
public sealed class LoopStatistics
{
    internal LoopStatistics(int stages)
    {
        Stages = new LatencyHistogram[stages];
        for (int i = 0; i < stages; i++) Stages[i] = new LatencyHistogram();
    }

    /// <summary>Gets a histogram per stage, nanoseconds.</summary>
    public LatencyHistogram[] Stages { get; }

    /// <summary>Gets the histogram from waking to the end of the last stage, nanoseconds.</summary>
    public LatencyHistogram EndToEnd { get; } = new();

    /// <summary>Gets the histogram of how late the loop woke, nanoseconds.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Gets the finished cycles.</summary>
    public long Cycles { get; internal set; }

    /// <summary>Gets the cycles in which a budget or the period was missed.</summary>
    public long Misses { get; internal set; }

    /// <summary>Gets the slots that were skipped because the loop was late.</summary>
    public long SkippedSlots { get; internal set; }

    /// <summary>Gets the cycles with a failed stage.</summary>
    public long Failures { get; internal set; }

    /// <summary>Gets the cycles whose action the guard held or changed.</summary>
    public long Guarded { get; internal set; }

    /// <summary>Gets the items (events) the sensor delivered.</summary>
    public long Items { get; internal set; }

    /// <summary>Gets the items the sensor lost.</summary>
    public long Dropped { get; internal set; }

    /// <summary>Gets the energy used so far, in joule; an estimate unless a meter measures it.</summary>
    public double EnergyJoules { get; internal set; }

    /// <summary>Gets the rung in force.</summary>
    public Rung Rung { get; internal set; }

    /// <summary>Gets the worst rung so far.</summary>
    public Rung WorstRung { get; internal set; }

    /// <summary>Gets the grid index in force.</summary>
    public byte PeriodIndex { get; internal set; }

    /// <summary>Gets why it is in force.</summary>
    public PeriodReason PeriodReason { get; internal set; }

    internal void Count(Cycle cycle, bool missed, bool failed)
    {
        var bounds = cycle.BoundariesNs;
        for (int i = 0; i < Stages.Length; i++) Stages[i].Record(bounds[i + 1] - bounds[i], cycle.Id);
        EndToEnd.Record(cycle.BusyNs, cycle.Id);
        Lateness.Record(Math.Max(0, cycle.Lateness.Nanoseconds), cycle.Id);
        PeriodIndex = cycle.PeriodIndex;
        PeriodReason = cycle.PeriodReason;
        Rung = cycle.Rung;
        if (cycle.Rung > WorstRung) WorstRung = cycle.Rung;
        Cycles++;
        SkippedSlots += cycle.SkippedSlots;
        Items += cycle.Report.Items;
        Dropped += cycle.Report.Dropped;
        EnergyJoules += cycle.Energy.TotalMicrojoule * 1e-6;
        if (missed) Misses++;
        if (failed) Failures++;
        if ((cycle.Flags & (CycleFlags.HeldOutput | CycleFlags.Guarded)) != 0) Guarded++;
    }
}
