namespace EdgeAutonomy.Runtime;

/// <summary>Sleeps until a little before the deadline and spins the rest: what <see cref="RealClock"/> does by default.</summary>
public sealed class NanosleepSpinWait : WaitStrategy
{
    private readonly RealClock _clock = new();

    /// <inheritdoc/>
    public override string Name => "nanosleep+spin";

    /// <inheritdoc/>
    public override void WaitUntil(Stamp deadline) => _clock.WaitUntil(deadline);
}
