namespace EdgeAutonomy.Runtime;

/// <summary>The calls to the operating system behind <see cref="RealTimeThread"/>; a test puts its own in their place.</summary>
/// <remarks>Each call acts on the calling thread (memory locking: on the process) and returns 0 or the error number.</remarks>
internal interface IRealTimeSystem
{
    /// <summary>Gets whether the system knows these settings at all.</summary>
    bool IsSupported { get; }

    /// <summary>Gets how many processors the system has.</summary>
    int ProcessorCount { get; }

    /// <summary>Puts the thread under SCHED_FIFO.</summary>
    int SetFifo(int priority);

    /// <summary>Restricts the thread to processors; bit k of word k/64 stands for processor k.</summary>
    int SetAffinity(ReadOnlySpan<ulong> mask);

    /// <summary>Sets how much later than asked the kernel may wake the thread, in nanoseconds.</summary>
    int SetTimerSlack(long nanoseconds);

    /// <summary>Keeps all present and future pages in memory once they were touched.</summary>
    int LockMemory();

    /// <summary>Returns for how many microseconds per second real-time threads may run; −1 = without limit, null = not known.</summary>
    long? RealTimeBudgetMicroseconds();
}
