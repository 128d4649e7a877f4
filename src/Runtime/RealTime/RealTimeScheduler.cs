namespace EdgeAutonomy.Runtime;

/// <summary>How the operating system schedules a loop thread.</summary>
public enum RealTimeScheduler : byte
{
    /// <summary>Like every other thread.</summary>
    Other = 0,

    /// <summary>Before every ordinary thread, until it waits (SCHED_FIFO). Needs CAP_SYS_NICE or a limit on RLIMIT_RTPRIO.</summary>
    Fifo = 1,
}
