using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Real-time settings of the loop threads.</summary>
public sealed class RealTimeSection
{
    /// <summary>Gets the scheduler class.</summary>
    [Option("Scheduler class of the loop threads; Fifo needs the right to it (LimitRTPRIO).")]
    public RealTimeScheduler Scheduler { get; init; } = RealTimeScheduler.Other;

    /// <summary>Gets the priority under Fifo.</summary>
    [Option("Priority under Fifo.", Min = 1, Max = 99)]
    public int Priority { get; init; } = 80;

    /// <summary>Gets the cores the loop threads run on.</summary>
    [Option("Cores the loop threads run on; empty = all.", Min = 0, Max = 1023)]
    public int[] Affinity { get; init; } = [];

    /// <summary>Gets whether memory is locked.</summary>
    [Option("Lock the process's memory, so that no page fault delays a cycle.")]
    public bool LockMemory { get; init; }

    /// <summary>Gets what happens when the system refuses a setting.</summary>
    [Option("What happens when the system refuses: Warn goes on without it, Strict does not start.")]
    public RealTimeErrorPolicy OnError { get; init; } = RealTimeErrorPolicy.Warn;

    /// <summary>Returns the settings as the runtime takes them.</summary>
    public RealTimeOptions ToOptions() => new()
    {
        Scheduler = Scheduler,
        Priority = Priority,
        Affinity = Affinity,
        LockMemory = LockMemory,
        OnError = OnError,
    };
}
