namespace EdgeAutonomy.Runtime;

/// <summary>The real-time settings of a loop thread; section <c>RealTime</c> of the configuration.</summary>
public sealed record RealTimeOptions
{
    /// <summary>Gets how the thread is scheduled; default <see cref="RealTimeScheduler.Other"/>.</summary>
    public RealTimeScheduler Scheduler { get; init; }

    /// <summary>Gets the priority under <see cref="RealTimeScheduler.Fifo"/>, 1 … 99; default 80. 99 would compete with the kernel's own threads.</summary>
    public int Priority { get; init; } = 80;

    /// <summary>Gets the processors the thread may run on, from 0; empty (the default) = all.</summary>
    public IReadOnlyList<int> Affinity { get; init; } = [];

    /// <summary>Gets whether the process keeps its memory from being paged out; default false. Set a GC heap limit together with it.</summary>
    public bool LockMemory { get; init; }

    /// <summary>Gets what to do when a setting cannot be made; default <see cref="RealTimeErrorPolicy.Warn"/>.</summary>
    public RealTimeErrorPolicy OnError { get; init; }
}
