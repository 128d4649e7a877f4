using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Runtime;

/// <summary>Sleeps by the framework's millisecond sleep, for systems without clock_nanosleep; the spin makes up for what it lacks.</summary>
/// <remarks>It may wake a scheduler tick late (15 ms on Windows without a raised timer resolution): good for development, not for control.</remarks>
internal sealed class PortableSleeper : ISleeper
{
    /// <inheritdoc/>
    public long Now() => MonotonicTime.Nanoseconds();

    /// <inheritdoc/>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "This is the sleep behind IClock.WaitUntil where the operating system has no better one.")]
    public int SleepUntil(long nanoseconds)
    {
        long milliseconds = (nanoseconds - Now()) / 1_000_000 - 1; // one short, because the sleep rounds up
        Thread.Sleep((int)Math.Clamp(milliseconds, 0, 1000));
        return 0;
    }

    /// <inheritdoc/>
    public void Relax() => Thread.SpinWait(1);
}
