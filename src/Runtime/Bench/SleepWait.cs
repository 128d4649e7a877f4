using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Runtime;

/// <summary>Sleeps whole milliseconds towards the deadline and gives the processor away for the rest.</summary>
public sealed class SleepWait : WaitStrategy
{
    /// <inheritdoc/>
    public override string Name => "Thread.Sleep";

    /// <inheritdoc/>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "The benchmark measures this sleep against RealClock.")]
    public override void WaitUntil(Stamp deadline)
    {
        for (long left = deadline.Nanoseconds - MonotonicTime.Nanoseconds(); left > 0; left = deadline.Nanoseconds - MonotonicTime.Nanoseconds())
        {
            Thread.Sleep((int)(left / 1_000_000));
        }
    }
}
