using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Runtime;

/// <summary>Waits for the ticks of the framework's periodic timer; it knows no deadlines, only its own period.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "The benchmark measures this timer against RealClock.")]
public sealed class TimerWait : WaitStrategy
{
    private PeriodicTimer? _timer;

    /// <inheritdoc/>
    public override string Name => "PeriodicTimer";

    /// <inheritdoc/>
    public override void Begin(Duration period) => _timer = new PeriodicTimer(TimeSpan.FromTicks(period.Nanoseconds / 100));

    /// <inheritdoc/>
    public override void WaitUntil(Stamp deadline) => _timer!.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer?.Dispose();
        base.Dispose();
    }
}
