namespace EdgeAutonomy.Agents.Tests;

/// <summary>Time that moves only when a test moves it, timers fired on the mover's thread in the order of their due times.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly List<VirtualTimer> _timers = [];
    private readonly Lock _gate = new();
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) + Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves on by some time, firing what falls due.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Now + by;
        while (FireNext(end))
        {
        }
        Volatile.Write(ref _ticks, end.Ticks);
    }

    /// <summary>Completes after some virtual time, or as cancelled.</summary>
    public Task Pass(TimeSpan wait, CancellationToken cancel = default)
    {
        var done = new TaskCompletionSource();
        CreateTimer(_ => done.TrySetResult(), null, wait, Timeout.InfiniteTimeSpan);
        cancel.Register(() => done.TrySetCanceled(cancel));
        return done.Task;
    }

    /// <summary>Runs asynchronous work to its end on this thread, moving time to the next timer whenever everybody waits.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var before = SynchronizationContext.Current;
        // Continuations run inside whatever completes them only where no context is set; that makes the order exact.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (!FireNext(TimeSpan.MaxValue)) throw new InvalidOperationException("Everybody waits and no timer is left: the work hangs.");
            }
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private bool FireNext(TimeSpan until)
    {
        VirtualTimer? next;
        lock (_gate)
        {
            next = _timers.Where(t => t.Due <= until.Ticks).MinBy(t => t.Due);
            if (next is null) return false;
            _ticks = Math.Max(_ticks, next.Due);
            next.Due = long.MaxValue;
            _timers.Remove(next);
        }
        next.Callback();
        return true;
    }

    private sealed class VirtualTimer(VirtualTime owner, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public long Due { get; set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : owner._ticks + dueTime.Ticks;
            return true;
        }

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
