using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Cuts a stream of events into packets: by time, by count, by whichever comes first, or at boundaries that the consumer names.</summary>
/// <remarks>
/// <para>Feed it spans of any length: how the stream is cut into spans does not change the packets. Give a packet, call <see cref="Fill"/> until it returns
/// true, use the packet, go on with the rest of the span; keep the same packet until it is complete.</para>
/// <para>Slices by time lie on a fixed grid and are half-open. A silent stretch gives empty packets. An event earlier than its packet's window came
/// late: it is delivered in that packet and counted in <see cref="LateEvents"/>. A slice closed by count reaches from its first event's time to its last one's
/// plus 1 µs; when both limits are set it is cut off at the grid, and what shares the last microsecond may stand in the next packet.</para>
/// <para>A packet that is too small drops what does not fit and counts it (<see cref="EventPacket.Dropped"/>). Allocation-free. One thread at a time.</para>
/// </remarks>
public sealed class EventSlicer
{
    private readonly long _periodUs;
    private readonly int _count;
    private readonly SliceAlignment _alignment;
    private long _gridStart, _windowStart;
    private int _taken;
    private bool _started, _open;

    private EventSlicer(long periodUs, int count, SliceAlignment alignment)
    {
        _periodUs = periodUs;
        _count = count;
        _alignment = alignment;
    }

    /// <summary>Gets how many events were delivered in a later slice than the one their time belongs to.</summary>
    public long LateEvents { get; private set; }

    /// <summary>Gets how many slices were completed.</summary>
    public long Slices { get; private set; }

    /// <summary>Makes a slicer by time.</summary>
    /// <param name="periodUs">Length of a slice in microseconds; positive.</param>
    /// <param name="alignment">Where the boundaries lie.</param>
    public static EventSlicer ByTime(long periodUs, SliceAlignment alignment = SliceAlignment.StreamStart)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(periodUs);
        return new EventSlicer(periodUs, int.MaxValue, alignment);
    }

    /// <summary>Makes a slicer by count.</summary>
    /// <param name="events">Events in a slice; positive.</param>
    public static EventSlicer ByCount(int events)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(events);
        return new EventSlicer(0, events, SliceAlignment.StreamStart);
    }

    /// <summary>Makes a slicer that closes a slice at the time boundary or at a count, whichever comes first; the time grid stays where it is.</summary>
    /// <param name="periodUs">Length of a time slice in microseconds; positive.</param>
    /// <param name="events">The most events in a slice; positive.</param>
    /// <param name="alignment">Where the boundaries lie.</param>
    public static EventSlicer ByTimeOrCount(long periodUs, int events, SliceAlignment alignment = SliceAlignment.StreamStart)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(periodUs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(events);
        return new EventSlicer(periodUs, events, alignment);
    }

    /// <summary>Makes a slicer whose boundaries the consumer names, with <see cref="FillUntil"/>.</summary>
    /// <param name="startUs">Start of the first window in microseconds; events before it are late.</param>
    public static EventSlicer ByBoundary(long startUs) => new(0, int.MaxValue, SliceAlignment.StreamStart) { _windowStart = startUs, _started = true };

    /// <summary>Returns how many events from the front are earlier than a boundary: the position of the first that is not, or the length.</summary>
    public static int CountBefore(ReadOnlySpan<Event> events, long boundaryUs)
    {
        int n = 0;
        while (n < events.Length && events[n].TimeUs < boundaryUs) n++;
        return n;
    }

    /// <summary>Moves events into the packet until the slice is complete or the events run out.</summary>
    /// <param name="events">The next events of the stream.</param>
    /// <param name="packet">The packet being filled; emptied when a new slice begins.</param>
    /// <param name="consumed">How many events were taken; give the rest again.</param>
    /// <returns>True when the packet is complete.</returns>
    public bool Fill(ReadOnlySpan<Event> events, EventPacket packet, out int consumed)
    {
        ArgumentNullException.ThrowIfNull(packet);
        consumed = 0;
        if (events.IsEmpty) return false;
        if (!_started) Start(events[0].TimeUs);
        Open(packet, events[0].TimeUs);
        int room = _count - _taken;
        var within = events[..Math.Min(events.Length, room)];
        long boundary = _gridStart + _periodUs;
        int n = _periodUs == 0 ? within.Length : CountBefore(within, boundary);
        Take(within[..n], packet, _periodUs == 0 ? long.MinValue : _gridStart);
        consumed = n;
        if (_taken == _count)
        {
            CloseByCount(packet, events[n - 1].TimeUs);
            return true;
        }
        if (n == within.Length) return false;
        CloseByTime(packet, boundary);
        return true;
    }

    /// <summary>Tells the slicer how far time has come without events (<see cref="IEventDecoder.TimeUs"/>), so that silence gives slices too.</summary>
    /// <param name="timeUs">No event that follows is earlier.</param>
    /// <param name="packet">The packet being filled.</param>
    /// <returns>True when the packet is complete; ask again for the next one. Always false when the slicer has no period or no event came yet.</returns>
    public bool AdvanceTo(long timeUs, EventPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (!_started || _periodUs == 0 || timeUs < _gridStart + _periodUs) return false;
        Open(packet, _gridStart);
        CloseByTime(packet, _gridStart + _periodUs);
        return true;
    }

    /// <summary>Moves the events before a boundary into the packet; events at or behind it stay with the caller.</summary>
    /// <param name="events">The next events of the stream.</param>
    /// <param name="boundaryUs">End of the window in microseconds, exclusive; must not step back.</param>
    /// <param name="packet">The packet being filled.</param>
    /// <param name="consumed">How many events were taken; give the rest again, with the next boundary.</param>
    /// <returns>True when an event at or behind the boundary was met. Otherwise more events may belong to the window; when the caller knows that none do,
    /// <see cref="Finish"/> closes it.</returns>
    public bool FillUntil(ReadOnlySpan<Event> events, long boundaryUs, EventPacket packet, out int consumed)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (!_started) (_started, _windowStart) = (true, events.IsEmpty ? boundaryUs : Math.Min(events[0].TimeUs, boundaryUs));
        if (boundaryUs < _windowStart)
            throw new ArgumentOutOfRangeException(nameof(boundaryUs), boundaryUs, $"The boundary must not lie before the window's start, {_windowStart} us.");
        if (!_open) packet.Reset(_windowStart, boundaryUs);
        _open = true;
        packet.EndUs = boundaryUs;
        consumed = CountBefore(events, boundaryUs);
        Take(events[..consumed], packet, _windowStart);
        if (consumed == events.Length) return false;
        Close();
        _windowStart = boundaryUs;
        return true;
    }

    /// <summary>Ends the stream, or the window of <see cref="FillUntil"/>: completes the slice being filled.</summary>
    /// <returns>True when a slice was open; the packet is then complete, its window's end as planned.</returns>
    public bool Finish(EventPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (!_open) return false;
        if (_periodUs == 0 && _count < int.MaxValue && packet.Count > 0) packet.EndUs = packet.Events[^1].TimeUs + 1;
        Close();
        _windowStart = packet.EndUs;
        return true;
    }

    private void Start(long firstUs)
    {
        _started = true;
        _gridStart = _periodUs == 0 || _alignment == SliceAlignment.StreamStart ? firstUs : FloorTo(firstUs, _periodUs);
        _windowStart = _gridStart;
    }

    private void Open(EventPacket packet, long firstUs)
    {
        if (_open) return;
        _open = true;
        if (_periodUs == 0) packet.Reset(firstUs, firstUs + 1);
        else packet.Reset(Math.Min(_windowStart, _gridStart + _periodUs), _gridStart + _periodUs);
    }

    private void Take(ReadOnlySpan<Event> events, EventPacket packet, long startUs)
    {
        foreach (ref readonly var e in events)
        {
            if (e.TimeUs < startUs) LateEvents++;
        }
        packet.Append(events);
        _taken += events.Length;
    }

    private void CloseByTime(EventPacket packet, long boundary)
    {
        packet.EndUs = boundary;
        Close();
        _gridStart = _windowStart = boundary;
    }

    private void CloseByCount(EventPacket packet, long lastUs)
    {
        packet.EndUs = Math.Max(lastUs + 1, packet.StartUs);
        Close();
        _windowStart = packet.EndUs;
    }

    private void Close()
    {
        _open = false;
        _taken = 0;
        Slices++;
    }

    private static long FloorTo(long value, long step) => (value >= 0 ? value / step : (value - step + 1) / step) * step;
}
