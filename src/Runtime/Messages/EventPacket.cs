using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>A reusable buffer of events of one time window, from <see cref="StartUs"/> to <see cref="EndUs"/>.</summary>
/// <remarks>A slicer's window is half open, [start, end); a camera that interpolates between two frames stamps events in (start, end].
/// Fixed capacity: what does not fit is dropped and counted in <see cref="Dropped"/>, so a burst can never allocate on a loop thread.
/// One writer, then readers; not thread-safe.</remarks>
public sealed class EventPacket : IPayload, IFreezable
{
    private readonly Event[] _events;

    /// <summary>Makes an empty packet.</summary>
    /// <param name="capacity">The most events it can hold; positive.</param>
    public EventPacket(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _events = GC.AllocateArray<Event>(capacity, pinned: true);
    }

    /// <summary>Gets or sets the sensor's columns; 0 = unknown.</summary>
    public int Width { get; set; }

    /// <summary>Gets or sets the sensor's rows; 0 = unknown.</summary>
    public int Height { get; set; }

    /// <summary>Gets the start of the window in microseconds.</summary>
    public long StartUs { get; private set; }

    /// <summary>Gets or sets the end of the window in microseconds.</summary>
    public long EndUs { get; set; }

    /// <summary>Gets how many events the packet holds.</summary>
    public int Count { get; private set; }

    /// <summary>Gets how many events did not fit since <see cref="Reset"/>.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets the most events the packet can hold.</summary>
    public int Capacity => _events.Length;

    /// <summary>Gets the events, in the order of arrival.</summary>
    public ReadOnlySpan<Event> Events => _events.AsSpan(0, Count);

    /// <summary>Gets the free space behind the events; write there and call <see cref="Advance"/>.</summary>
    public Span<Event> Free => _events.AsSpan(Count);

    /// <summary>Empties the packet and opens a new window.</summary>
    public void Reset(long startUs, long endUs)
    {
        StartUs = startUs;
        EndUs = endUs;
        Count = 0;
        Dropped = 0;
    }

    /// <summary>Takes over <paramref name="count"/> events that were written to <see cref="Free"/>.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_events.Length - Count), nameof(count));
        Count += count;
    }

    /// <summary>Adds one event, or counts it as dropped when the packet is full.</summary>
    public void Append(in Event e)
    {
        if (Count < _events.Length) _events[Count++] = e;
        else Dropped++;
    }

    /// <summary>Adds events; those that do not fit are counted as dropped.</summary>
    public void Append(ReadOnlySpan<Event> events)
    {
        int n = Math.Min(events.Length, _events.Length - Count);
        events[..n].CopyTo(Free);
        Count += n;
        Dropped += events.Length - n;
    }

    /// <summary>Counts events as dropped.</summary>
    public void CountDropped(long events) => Dropped += events;

    /// <summary>Makes this packet a copy of another, as far as it fits.</summary>
    public void CopyFrom(EventPacket source)
    {
        Reset(source.StartUs, source.EndUs);
        Width = source.Width;
        Height = source.Height;
        Dropped = source.Dropped;
        Append(source.Events);
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(StartUs);
        hasher.Add(EndUs);
        hasher.Add(Dropped);
        hasher.Add((ulong)(uint)Width | (ulong)(uint)Height << 32);
        hasher.AddBytes(MemoryMarshal.AsBytes(Events));
    }

    /// <summary>Writes the window and its events, packed (<see cref="PackedEvents"/>).</summary>
    public void Freeze(IBufferWriter<byte> writer) => Freeze(new StateWriter(writer));

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Event packet");
        Thaw(ref r);
        r.End();
    }

    internal void Freeze(StateWriter w)
    {
        w.Write(Width);
        w.Write(Height);
        w.Write(StartUs);
        w.Write(EndUs);
        w.Write(Dropped);
        w.Write(Count);
        var room = w.Target.GetSpan(Math.Max(1, Count * PackedEvents.MaxBytesPerEvent + sizeof(int)));
        int bytes = PackedEvents.Pack(Events, StartUs, room[sizeof(int)..]);
        MemoryMarshal.Write(room, bytes);
        w.Target.Advance(sizeof(int) + bytes);
    }

    internal void Thaw(ref StateReader r)
    {
        int width = r.Read<int>(), height = r.Read<int>();
        long start = r.Read<long>(), end = r.Read<long>(), dropped = r.Read<long>();
        int count = r.ReadInt32(0, Capacity);
        PackedEvents.Unpack(r.ReadBytes(), start, _events.AsSpan(0, count));
        (Width, Height, StartUs, EndUs, Dropped, Count) = (width, height, start, end, dropped, count);
    }
}
