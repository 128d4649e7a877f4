namespace EdgeAutonomy.Agents;

/// <summary>A timer of a <see cref="MemoryClock"/>: an event of the hub.</summary>
internal sealed class MemoryTimer(MemoryClock clock, TimerCallback callback, object? state) : ITimer
{
    private long _due = long.MaxValue, _period, _generation;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero && dueTime != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "Timer due time must not be negative.");
        _period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks * 100;
        _due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks * 100;
        Arm();
        return true;
    }

    /// <summary>Plans the firing anew; what was planned before is stale.</summary>
    public void Arm()
    {
        _generation++;
        if (_due != long.MaxValue) clock.Plan(this, _due, _generation);
    }

    public void Fire(long generation)
    {
        if (generation != _generation) return;
        _due = _period > 0 ? _due + _period : long.MaxValue;
        Arm();
        callback(state);
    }

    public void Dispose()
    {
        _generation++;
        clock.Remove(this);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
