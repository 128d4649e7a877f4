using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A clock whose origin is the moment it was made, for loops that start from time zero, such as those of a simulated world.</summary>
/// <remarks>Without it a simulated world would have to live through all the days since the machine was switched on. Thread rules of the inner clock.</remarks>
public sealed class OffsetClock : IClock
{
    private readonly IClock _inner;
    private readonly Duration _offset;

    /// <summary>Makes the clock; it shows zero now.</summary>
    public OffsetClock(IClock inner)
    {
        _inner = inner;
        _offset = inner.Now - Stamp.Zero;
    }

    /// <inheritdoc/>
    public Stamp Now => _inner.Now - _offset;

    /// <inheritdoc/>
    public WaitResult WaitUntil(Stamp deadline)
    {
        var result = _inner.WaitUntil(deadline + _offset);
        return result with { Woke = result.Woke - _offset };
    }

    /// <inheritdoc/>
    public void Interrupt() => _inner.Interrupt();
}
