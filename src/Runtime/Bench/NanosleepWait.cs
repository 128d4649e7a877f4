namespace EdgeAutonomy.Runtime;

/// <summary>Sleeps to the absolute deadline by clock_nanosleep and does not spin.</summary>
public sealed class NanosleepWait : WaitStrategy
{
    private readonly RealClock _clock = new(Duration.Zero);

    /// <inheritdoc/>
    public override string Name => "nanosleep";

    /// <inheritdoc/>
    public override void WaitUntil(Stamp deadline) => _clock.WaitUntil(deadline);
}
