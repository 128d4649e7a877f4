using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Lets through at most so many messages per second of logical time.</summary>
/// <remarks>A quarter of an interval of earliness is forgiven, so that views at the very rate of the limit are not halved by their jitter; the debt is
/// kept, so that the mean rate holds. Time that runs backwards (a seek in a replay) starts anew.</remarks>
internal struct ViewRate(double hz)
{
    private readonly long _interval = (long)Math.Max(1, 1e9 / hz);
    private long _next = long.MinValue, _last = long.MinValue;

    /// <summary>Tells whether a message is due now, without taking its turn.</summary>
    public readonly bool IsDue(Stamp now) => _last == long.MinValue || now.Nanoseconds < _last || now.Nanoseconds >= _next - _interval / 4;

    /// <summary>Takes the turn of a message that was sent.</summary>
    public void Sent(Stamp now)
    {
        long time = now.Nanoseconds;
        bool regular = _last != long.MinValue && time >= _last && _next + _interval > time;
        _next = (regular ? _next : time) + _interval;
        _last = time;
    }
}
