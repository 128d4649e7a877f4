using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Runtime;

/// <summary>The one place of the runtime that reads the machine's time.</summary>
internal static class MonotonicTime
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Returns CLOCK_MONOTONIC in nanoseconds on Linux (there the stopwatch counts exactly that), its equivalent elsewhere.</summary>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "RealClock and MonotonicMeasure are the ports through which real time enters.")]
    public static long Nanoseconds()
    {
        long ticks = Stopwatch.GetTimestamp();
        // The frequency is a JIT-time constant, so this is a plain return on Linux. Elsewhere split, or ticks · 1e9 would overflow in minutes.
        if (Stopwatch.Frequency == NanosecondsPerSecond) return ticks;
        (long seconds, long rest) = Math.DivRem(ticks, Stopwatch.Frequency);
        return seconds * NanosecondsPerSecond + rest * NanosecondsPerSecond / Stopwatch.Frequency;
    }
}
