using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Sleeps to absolute deadlines on CLOCK_MONOTONIC by clock_nanosleep (POSIX.1-2008).</summary>
internal sealed partial class LinuxSleeper : ISleeper
{
    private const int ClockMonotonic = 1, TimerAbsolute = 1;

    /// <inheritdoc/>
    public long Now() => MonotonicTime.Nanoseconds();

    /// <inheritdoc/>
    public int SleepUntil(long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(Math.Max(nanoseconds, 0), 1_000_000_000);
        return ClockNanosleep(ClockMonotonic, TimerAbsolute, new Timespec(seconds, rest), 0);
    }

    /// <inheritdoc/>
    public void Relax() => Thread.SpinWait(1);

    // Returns the error number itself and leaves errno alone. Without SuppressGCTransition on purpose: the call blocks, and a thread that
    // blocks in managed mode stops every garbage collection of the process until it wakes.
    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in Timespec request, nint remaining);

    // struct timespec of 64-bit Linux (glibc and musl): two 64-bit words. 32-bit systems use the portable sleeper.
    private readonly record struct Timespec(long Seconds, long Nanoseconds);
}
