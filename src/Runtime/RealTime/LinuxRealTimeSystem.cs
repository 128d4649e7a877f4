using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The real-time calls of 64-bit Linux, through the C library.</summary>
internal sealed partial class LinuxRealTimeSystem : IRealTimeSystem
{
    private const int SchedulerFifo = 1, SetTimerSlackOption = 29, LockCurrent = 1, LockFuture = 2, LockOnFault = 4;

    private const string BudgetFile = "/proc/sys/kernel/sched_rt_runtime_us";

    /// <inheritdoc/>
    public bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <inheritdoc/>
    public int ProcessorCount => Environment.ProcessorCount;

    // Thread 0 is the calling thread in both scheduler calls: Linux schedules threads, whatever POSIX says of processes.
    /// <inheritdoc/>
    public int SetFifo(int priority) => ErrorOf(SchedSetScheduler(0, SchedulerFifo, in priority));

    /// <inheritdoc/>
    public int SetAffinity(ReadOnlySpan<ulong> mask) => ErrorOf(SchedSetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), in MemoryMarshal.GetReference(mask)));

    /// <inheritdoc/>
    public int SetTimerSlack(long nanoseconds) => ErrorOf(Prctl(SetTimerSlackOption, (nuint)nanoseconds, 0, 0, 0));

    // On fault: the collector reserves far more address space than it uses, and locking that at once would exhaust the limit.
    /// <inheritdoc/>
    public int LockMemory() => ErrorOf(MemoryLockAll(LockCurrent | LockFuture | LockOnFault));

    /// <inheritdoc/>
    public long? RealTimeBudgetMicroseconds()
    {
        try
        {
            return long.TryParse(File.ReadAllText(BudgetFile).AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a container may hide the file; then there is nothing to warn about
        }
    }

    private static int ErrorOf(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    // struct sched_param is one int, the priority.
    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SchedSetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nuint size, in ulong mask);

    // Variadic in C; on 64-bit Linux whole-number arguments of variadic calls travel in the same registers.
    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "mlockall", SetLastError = true)]
    private static partial int MemoryLockAll(int flags);
}
