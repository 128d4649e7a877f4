using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>Cuts a stream of events into overlapping windows and keeps a uniform sample of each.</summary>
/// <remarks>
/// Window k covers [k·S, k·S + W), S = W / overlap: windows lie at the same times however the stream is cut into packets. An event costs one offer to each open
/// window. Events older than all open windows are dropped and counted; a jump ahead in time ends the open windows and leaves out those in the gap.
/// Feed a span until it is used up; each time a window ends, its sample is ready until the next call. Allocation-free; not thread-safe.
/// </remarks>
public sealed class PointWindows : IFreezable, IPayload
{
    // Keeps every sum of times below far from overflow; 36,000 years.
    private const long Latest = 1L << 60;
    private readonly PointReservoir[] _open;
    private readonly int _strideUs;
    private PointReservoir _ended;
    private long _first;
    private bool _started;

    /// <summary>Makes windows that have seen nothing.</summary>
    /// <param name="options">Length, overlap and sample size.</param>
    /// <param name="random">The stage's generator; its state is frozen here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public PointWindows(PointOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        Random = random;
        _strideUs = options.WindowUs / options.Overlap;
        _open = new PointReservoir[options.Overlap];
        for (int i = 0; i < _open.Length; i++) _open[i] = new PointReservoir(options.Points);
        _ended = new PointReservoir(options.Points);
    }

    /// <summary>Gets the generator of the samples.</summary>
    public RandomStream Random { get; }

    /// <summary>Gets the sample of the window that ended last.</summary>
    public ReadOnlySpan<Event> Sample => _ended.Sample;

    /// <summary>Gets how many events that window had.</summary>
    public long Seen => _ended.Seen;

    /// <summary>Gets when it began, in microseconds.</summary>
    public long StartUs { get; private set; }

    /// <summary>Gets when it ended, in microseconds.</summary>
    public long EndUs => StartUs + (long)_strideUs * _open.Length;

    /// <summary>Gets how many events came after the end of all windows they belong to, or with a time that cannot be.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes events until a window ends or all are taken.</summary>
    /// <param name="events">Events, in time order; small steps back are fine.</param>
    /// <param name="at">The next event to take; 0 for a new span. Moved on.</param>
    /// <param name="endUs">No event before this time comes any more after the span; windows that end by then end.</param>
    /// <returns>Whether a window with at least one event ended; call again with the same span until it is false.</returns>
    public bool Next(ReadOnlySpan<Event> events, ref int at, long endUs)
    {
        for (; at < events.Length; at++)
        {
            ref readonly var e = ref events[at];
            if (e.TimeUs is < -Latest or > Latest)
            {
                Dropped++;
                continue;
            }
            long last = FloorDivide(e.TimeUs);
            if (!_started) (_started, _first) = (true, last - _open.Length + 1);
            if (last >= _first + _open.Length && End(last - _open.Length + 1)) return true;
            if (last < _first) Dropped++;
            else Offer(e, last);
        }
        return _started && endUs is >= -Latest and <= Latest && End(FloorDivide(endUs) - _open.Length + 1);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_first);
        hasher.Add(_started ? 1 : 0);
        hasher.Add(Dropped);
        Random.AddTo(ref hasher);
        foreach (var r in _open)
        {
            hasher.Add(r.Seen);
            hasher.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(r.Sample));
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_open.Length);
        w.Write(_strideUs);
        w.Write(_first);
        w.Write(_started);
        w.Write(StartUs);
        w.Write(Dropped);
        w.Write(Random);
        foreach (var r in _open) r.Freeze(w);
        _ended.Freeze(w);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Point windows");
        Thaw(ref r);
        r.End();
    }

    internal void Thaw(ref StateReader r)
    {
        r.Expect(_open.Length, "overlap");
        r.Expect(_strideUs, "stride");
        _first = r.Read<long>();
        _started = r.ReadBoolean();
        StartUs = r.Read<long>();
        Dropped = r.Read<long>();
        r.Require(_first is >= -Latest and <= Latest && StartUs is >= -Latest * 2 and <= Latest * 2, "a window's time");
        r.Read(Random);
        foreach (var reservoir in _open) reservoir.Thaw(ref r);
        _ended.Thaw(ref r);
    }

    private void Offer(in Event e, long last)
    {
        // The windows last − overlap + 1 … last hold the event; those before the first open one have ended.
        for (long k = Math.Max(_first, last - _open.Length + 1); k <= last; k++) _open[Slot(k)].Add(e, Random);
    }

    // Ends windows until `first` is the first open one, or until one that has events has ended.
    private bool End(long first)
    {
        // Past the open ones there is nothing to end: the rest of a gap is jumped over.
        long stop = Math.Min(first, _first + _open.Length);
        while (_first < stop)
        {
            int slot = Slot(_first);
            bool any = _open[slot].Seen > 0;
            if (any)
            {
                (_ended, _open[slot]) = (_open[slot], _ended);
                StartUs = _first * _strideUs;
                _open[slot].Clear();
            }
            _first++;
            if (any) return true;
        }
        if (first > _first) _first = first;
        return false;
    }

    private int Slot(long k) => (int)(((k % _open.Length) + _open.Length) % _open.Length);

    private long FloorDivide(long t)
    {
        long q = t / _strideUs;
        return t % _strideUs < 0 ? q - 1 : q;
    }
}
