namespace EdgeAutonomy.Runtime;

/// <summary>Shows a runtime clock as a <see cref="TimeProvider"/>, so that hosting, logging and links at the rim live in the same time.</summary>
/// <remarks>
/// Over a <see cref="RealClock"/> timers are those of the system. Over any other clock a timer fires when <see cref="FireDueTimers"/> finds
/// it due, on the thread that calls it: whoever moves the simulated clock calls it afterwards, so timers are part of the simulation's order.
/// <para>Thread-safe. For the rim only: creating timers allocates.</para>
/// </remarks>
public sealed class ClockTimeProvider : TimeProvider
{
    private readonly IClock _clock;
    private readonly long _originUtcTicks;
    private readonly List<ClockTimer> _timers = [];
    private readonly Lock _gate = new();

    /// <summary>Makes a provider.</summary>
    /// <param name="clock">The clock to show.</param>
    /// <param name="originUtc">The calendar time at the clock's stamp 0.</param>
    public ClockTimeProvider(IClock clock, DateTimeOffset originUtc)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _originUtcTicks = originUtc.UtcTicks;
    }

    /// <summary>Makes a provider over the real clock whose calendar starts from the system's.</summary>
    public static ClockTimeProvider ForRealTime(RealClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new ClockTimeProvider(clock, System.GetUtcNow() - TimeSpan.FromTicks(clock.Now.Nanoseconds / 100));
    }

    /// <summary>Gets the ticks per second of <see cref="GetTimestamp"/>: nanoseconds.</summary>
    public override long TimestampFrequency => 1_000_000_000;

    /// <summary>Returns the clock's stamp in nanoseconds.</summary>
    public override long GetTimestamp() => _clock.Now.Nanoseconds;

    /// <summary>Returns the calendar time at the clock's stamp, to 100 ns.</summary>
    public override DateTimeOffset GetUtcNow() => new(_originUtcTicks + _clock.Now.Nanoseconds / 100, TimeSpan.Zero);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (_clock is RealClock) return base.CreateTimer(callback, state, dueTime, period);
        var timer = new ClockTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    /// <summary>Fires, in the order of their due times, all timers that are due at the clock's present stamp.</summary>
    /// <returns>How many callbacks ran. Always 0 over a real clock.</returns>
    public int FireDueTimers()
    {
        int fired = 0;
        while (NextDue() is { } timer)
        {
            timer.Fire();
            fired++;
        }
        return fired;
    }

    private ClockTimer? NextDue()
    {
        lock (_gate)
        {
            ClockTimer? best = null;
            foreach (var timer in _timers)
            {
                // Strictly earlier, so that of two timers due together the older one goes first.
                if (timer.Due <= GetTimestamp() && (best is null || timer.Due < best.Due)) best = timer;
            }
            best?.MoveOn();
            return best;
        }
    }

    private sealed class ClockTimer(ClockTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private long _period;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : owner.GetTimestamp() + dueTime.Ticks * 100;
                _period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks * 100;
                return true;
            }
        }

        public void MoveOn() => Due = _period > 0 ? Due + _period : long.MaxValue;

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (owner._gate) owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
