namespace EdgeAutonomy.Runtime;

/// <summary>A clock that relives a recording: every wait ends at the next recorded instant.</summary>
/// <remarks>
/// Without a time scale it never waits; with one it waits in real time, so that a viewer sees the recording at that speed, while the
/// logical instants stay exactly the recorded ones. After the last instant it behaves like <see cref="SimClock"/>: it jumps to the deadline.
/// <para><see cref="Now"/>: any thread. <see cref="WaitUntil"/>: one thread. Allocation-free.</para>
/// </remarks>
public sealed class ReplayClock : IClock
{
    private readonly IReadOnlyList<Stamp> _instants;
    private readonly IClock? _pacing;
    private readonly double _timeScale;
    private long _now;
    private int _next;
    private Stamp _pacingOrigin;

    /// <summary>Makes a clock that never waits.</summary>
    /// <param name="instants">The recorded instants of waking, one per wait, not decreasing.</param>
    /// <exception cref="ArgumentException">An instant lies before its predecessor.</exception>
    public ReplayClock(IReadOnlyList<Stamp> instants)
    {
        ArgumentNullException.ThrowIfNull(instants);
        for (int i = 1; i < instants.Count; i++)
        {
            if (instants[i] < instants[i - 1])
            {
                throw new ArgumentException($"Replay clock: instant {i} is {instants[i]}, before instant {i - 1} at {instants[i - 1]}; time may not go back.", nameof(instants));
            }
        }
        _instants = instants;
        _now = instants.Count > 0 ? instants[0].Nanoseconds : 0;
    }

    /// <summary>Makes a clock that replays at a speed.</summary>
    /// <param name="instants">The recorded instants of waking, one per wait, not decreasing.</param>
    /// <param name="timeScale">Recorded seconds per real second; positive and finite, 1 = as it was, 2 = twice as fast.</param>
    /// <param name="pacing">The clock that the waiting is done on, usually a <see cref="RealClock"/>.</param>
    /// <exception cref="ArgumentException">An instant lies before its predecessor, or the scale is not positive.</exception>
    public ReplayClock(IReadOnlyList<Stamp> instants, double timeScale, IClock pacing) : this(instants)
    {
        ArgumentNullException.ThrowIfNull(pacing);
        if (!(timeScale > 0) || double.IsInfinity(timeScale))
        {
            throw new ArgumentOutOfRangeException(nameof(timeScale), timeScale, $"Replay clock: time scale is {timeScale}; must be positive and finite.");
        }
        _timeScale = timeScale;
        _pacing = pacing;
    }

    /// <inheritdoc/>
    public Stamp Now => new(Volatile.Read(ref _now));

    /// <summary>Gets how many recorded instants were relived.</summary>
    public int Position => _next;

    /// <summary>Gets whether no recorded instant is left.</summary>
    public bool IsExhausted => _next >= _instants.Count;

    /// <summary>Moves to the next recorded instant, whatever the deadline, or to the deadline when none is left.</summary>
    /// <returns>The recorded instant; Interrupted when the real-time wait was interrupted, in which case the instant is still unused.</returns>
    public WaitResult WaitUntil(Stamp deadline)
    {
        var target = IsExhausted ? Stamp.Max(deadline, Now) : _instants[_next];
        if (_pacing is not null && !Pace(target)) return new WaitResult(Now, Interrupted: true);
        if (!IsExhausted) _next++;
        Volatile.Write(ref _now, target.Nanoseconds);
        return new WaitResult(target, Interrupted: false);
    }

    /// <summary>Ends a real-time wait; without a time scale there is none to end.</summary>
    public void Interrupt() => _pacing?.Interrupt();

    private bool Pace(Stamp target)
    {
        var first = _instants.Count > 0 ? _instants[0] : Stamp.Zero;
        if (_next == 0) _pacingOrigin = _pacing!.Now;
        var elapsed = new Duration((long)((target - first).Nanoseconds / _timeScale));
        return !_pacing!.WaitUntil(_pacingOrigin + elapsed).Interrupted;
    }
}
