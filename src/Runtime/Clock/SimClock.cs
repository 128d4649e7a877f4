namespace EdgeAutonomy.Runtime;

/// <summary>A logical clock that jumps: waiting costs nothing, and whoever drives the simulation moves it.</summary>
/// <remarks>Thread-safe reads; one thread advances. Never sleeps. Allocation-free.</remarks>
public sealed class SimClock : IClock
{
    private long _now;

    /// <summary>Makes a clock that stands at <paramref name="start"/>.</summary>
    public SimClock(Stamp start = default) => _now = start.Nanoseconds;

    /// <inheritdoc/>
    public Stamp Now => new(Volatile.Read(ref _now));

    /// <summary>Moves the clock forward to <paramref name="target"/>; a target in the past changes nothing.</summary>
    public void AdvanceTo(Stamp target)
    {
        if (target.Nanoseconds > _now) Volatile.Write(ref _now, target.Nanoseconds);
    }

    /// <summary>Jumps to <paramref name="deadline"/>.</summary>
    public WaitResult WaitUntil(Stamp deadline)
    {
        AdvanceTo(deadline);
        return new WaitResult(Now, Interrupted: false);
    }

    /// <summary>Does nothing: a simulated wait never blocks.</summary>
    public void Interrupt() { }
}
