namespace EdgeAutonomy.Agents;

/// <summary>One timer for many deadlines: armed at the earliest.</summary>
/// <remarks>Lives under the lock of its <see cref="LinkOutbox"/>, which the call takes too.</remarks>
internal sealed class DeadlineTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _at = long.MaxValue;

    public DeadlineTimer(TimeProvider time, Action expire)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((Action)state!)(), expire, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Now => _time.GetTimestamp();

    public long After(int seconds) => Now + seconds * _time.TimestampFrequency;

    /// <summary>What is left of an expiry in whole seconds, rounded up; 0 stays "never".</summary>
    public int Left(int expirySeconds, long deadline, long now) =>
        expirySeconds == 0 || deadline == long.MaxValue ? expirySeconds : (int)Math.Clamp((deadline - now + _time.TimestampFrequency - 1) / _time.TimestampFrequency, 1, expirySeconds);

    /// <summary>Calls at a deadline, unless an earlier one is set; <see cref="long.MaxValue"/> = not at all.</summary>
    public void Arm(long deadline)
    {
        if (deadline >= _at) return;
        _at = deadline;
        // A millisecond late rather than early: an early one finds nothing to do and comes again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, _time.GetElapsedTime(Now, deadline).TotalMilliseconds) + 1), Timeout.InfiniteTimeSpan);
    }

    public void Fired() => _at = long.MaxValue;

    public void Dispose() => _timer.Dispose();
}
