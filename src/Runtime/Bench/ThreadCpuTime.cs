using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The processor time of the calling thread.</summary>
internal static partial class ThreadCpuTime
{
    private const int ClockThreadCpuTime = 3;

    /// <summary>Returns the nanoseconds the calling thread has run; 0 where the system does not tell (not 64-bit Linux).</summary>
    public static long Nanoseconds() => RealClock.HasExactSleep && ClockGetTime(ClockThreadCpuTime, out var time) == 0 ? time.Seconds * 1_000_000_000 + time.Rest : 0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    private readonly record struct Timespec(long Seconds, long Rest);
}
