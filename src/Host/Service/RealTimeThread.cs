using System.Runtime.InteropServices;

namespace EdgeAutonomy.Host;

/// <summary>Asks the kernel for what a loop thread needs: scheduler class, cores, exact timers, memory that stays.</summary>
/// <remarks>
/// sched_setscheduler, sched_setaffinity and prctl act on the calling thread, so they are called on the loop's own; only that thread becomes
/// real-time, never the collector's. mlockall goes for the whole process. Linux only; elsewhere every wish counts as refused.
/// The structures are passed as the kernel lays them out (man 2 of each call); nothing is kept by it after the call.
/// </remarks>
internal static partial class RealTimeThread
{
    private const int Fifo = 1, SetTimerSlack = 29; // SCHED_FIFO; PR_SET_TIMERSLACK

    // MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT: without the last, the collector's large reservations would be faulted in at once.
    private const int LockAll = 1 | 2 | 4;

    /// <summary>Applies the settings that belong to the calling thread.</summary>
    /// <returns>One sentence per wish that was refused; empty when all were granted.</returns>
    public static IReadOnlyList<string> ApplyToThread(RealTimeSection wishes)
    {
        var refused = new List<string>();
        if (OperatingSystem.IsLinux())
        {
            // The kernel may wake an ordinary thread 50 us late to save power; one nanosecond of slack turns that off and needs no rights.
            _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0);
            if (wishes.Scheduler == SchedulerClass.Fifo && SetScheduler(0, Fifo, wishes.Priority) != 0)
                refused.Add($"RealTime:Scheduler Fifo with priority {wishes.Priority} was refused ({Reason()}); grant LimitRTPRIO or CAP_SYS_NICE.");
            if (wishes.Affinity.Length > 0 && SetAffinity(wishes.Affinity) != 0)
                refused.Add($"RealTime:Affinity [{string.Join(", ", wishes.Affinity)}] was refused ({Reason()}); name cores that exist and that this process may use.");
        }
        else if (wishes.Scheduler == SchedulerClass.Fifo || wishes.Affinity.Length > 0)
        {
            refused.Add("RealTime:Scheduler and RealTime:Affinity were refused: they need Linux.");
        }
        return refused;
    }

    /// <summary>Applies the settings that belong to the process.</summary>
    /// <returns>One sentence per wish that was refused; empty when all were granted.</returns>
    public static IReadOnlyList<string> ApplyToProcess(RealTimeSection wishes)
    {
        if (!wishes.LockMemory) return [];
        if (!OperatingSystem.IsLinux()) return ["RealTime:LockMemory was refused: it needs Linux."];
        return LockMemory(LockAll) == 0 ? [] : [$"RealTime:LockMemory was refused ({Reason()}); grant LimitMEMLOCK=infinity."];
    }

    private static int SetAffinity(int[] cores)
    {
        Span<ulong> mask = stackalloc ulong[16]; // cpu_set_t: 1024 bits
        mask.Clear();
        foreach (int core in cores) mask[core >> 6] |= 1UL << (core & 63);
        return SetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), in mask[0]);
    }

    private static string Reason() => Marshal.GetLastPInvokeErrorMessage();

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint bytes, in ulong mask);

    [LibraryImport("libc", EntryPoint = "mlockall", SetLastError = true)]
    private static partial int LockMemory(int flags);
}
