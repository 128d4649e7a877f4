namespace EdgeAutonomy.Agents;

/// <summary>The clock of one robot in a hub's virtual time: a monotonic one that runs a little fast or slow, and a wall clock that may be wrong and jump.</summary>
/// <remarks>
/// Exact: the reading is <c>offset + t + ⌊t·ppb/10⁹⌋</c> of the hub's nanoseconds t, in whole numbers. Timers made here fire inside
/// <see cref="MemoryHub.RunUntil"/>, in the order of all other events. Over a live hub it shows the hub's own <see cref="TimeProvider"/>.
/// </remarks>
public sealed class MemoryClock : TimeProvider
{
    private const long Billion = 1_000_000_000;

    // 2030-01-01T00:00:00Z is the wall clock's reading where it is right and the hub's time is 0.
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MemoryHub _hub;
    private readonly List<MemoryTimer> _timers = [];
    private readonly long _start;
    private long _offset, _wallError;

    internal MemoryClock(MemoryHub hub, Duration offset, int driftPpb, Duration wallError)
    {
        if (Math.Abs((long)driftPpb) > 100_000_000) throw new ArgumentOutOfRangeException(nameof(driftPpb), driftPpb, "Clock drift must be within ±100,000,000 ppb (10 %).");
        (_hub, _start, _offset, DriftPpb, _wallError) = (hub, hub.NowNs, offset.Nanoseconds, driftPpb, wallError.Nanoseconds);
    }

    /// <summary>Gets how much faster it runs than the hub's time, in parts per 10⁹; ±1,000,000 is the ρ = 10⁻³ of the fault model.</summary>
    public int DriftPpb { get; }

    /// <summary>Gets the monotonic reading.</summary>
    public Stamp Now => new(_hub.Live is { } live ? (long)(live.GetTimestamp() * ((double)Billion / live.TimestampFrequency)) : Reading(_hub.NowNs));

    /// <summary>Gets the ticks per second of <see cref="GetTimestamp"/>: nanoseconds, but over a live hub those of its provider.</summary>
    public override long TimestampFrequency => _hub.Live?.TimestampFrequency ?? Billion;

    /// <summary>Returns the monotonic reading in nanoseconds.</summary>
    public override long GetTimestamp() => _hub.Live?.GetTimestamp() ?? Reading(_hub.NowNs);

    /// <summary>Returns the wall clock's reading, right or wrong.</summary>
    public override DateTimeOffset GetUtcNow() => _hub.Live is { } live ? live.GetUtcNow() : Epoch.AddTicks((Reading(_hub.NowNs) - _offset + _start + _wallError) / 100);

    /// <summary>Returns when, in the hub's time, this clock first reads at least some monotonic instant: where a simulation's driver has to step a node
    /// that wants to be called then.</summary>
    /// <param name="reading">The instant on this clock.</param>
    /// <returns>An instant not before the clock was made. The answer holds until the clock jumps.</returns>
    public Stamp HubTime(Stamp reading)
    {
        long local = reading.Nanoseconds - _offset;
        if (local <= 0) return new Stamp(_start);
        if (local > long.MaxValue / 4) return new Stamp(long.MaxValue / 4);
        long scale = Billion + DriftPpb, whole = Math.DivRem(local, scale, out long rest);
        long elapsed = local - (whole * DriftPpb + rest * DriftPpb / scale);
        // The estimate is within two of the answer: one rounding here and one in the reading.
        while (Elapsed(elapsed) < local) elapsed++;
        while (elapsed > 0 && Elapsed(elapsed - 1) >= local) elapsed--;
        return new Stamp(_start + elapsed);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (_hub.Live is { } live) return live.CreateTimer(callback, state, dueTime, period);
        lock (_hub.Gate)
        {
            var timer = new MemoryTimer(this, callback, state);
            _timers.Add(timer);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    /// <summary>Jumps.</summary>
    internal void JumpBy(Duration jump, bool monotonic)
    {
        if (!monotonic)
        {
            _wallError += jump.Nanoseconds;
            return;
        }
        // A monotonic clock never goes back. The wall clock shares the jump: the machine slept.
        long forward = Math.Max(0, jump.Nanoseconds);
        _offset += forward;
        _wallError += forward;
        foreach (var timer in _timers.ToArray()) timer.Arm();
    }

    internal void Plan(MemoryTimer timer, long dueReading, long generation) =>
        _hub.Schedule.Add(Math.Max(_hub.NowNs, HubTime(new Stamp(dueReading)).Nanoseconds), new HubEvent { Kind = HubEventKind.Timer, State = timer, Number = generation });

    internal void Remove(MemoryTimer timer)
    {
        lock (_hub.Gate) _timers.Remove(timer);
    }

    private long Reading(long hubNs) => _offset + Elapsed(hubNs - _start);

    private long Elapsed(long t)
    {
        // In two parts, so that nothing overflows in 292 years.
        long seconds = Math.DivRem(t, Billion, out long rest), product = rest * DriftPpb;
        return t + seconds * DriftPpb + (product >= 0 ? product / Billion : -((-product + Billion - 1) / Billion));
    }
}
