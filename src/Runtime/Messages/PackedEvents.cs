using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>Events in four bytes each instead of sixteen, without loss: what recordings and keyframes hold.</summary>
/// <remarks>
/// A word holds, from its low end, twelve bits of column, twelve of row, one of polarity and seven of time since the event before (0 … 126 µs). An event that
/// does not fit (later, earlier, or beyond column or row 4095) is the word 0xFFFFFFFF and the sixteen bytes of the event itself. Allocation-free.
/// </remarks>
public static class PackedEvents
{
    /// <summary>The most bytes that one event takes.</summary>
    public const int MaxBytesPerEvent = 20;

    private const uint Escape = uint.MaxValue;

    // Set bits where a column or row of 4096 or more, another polarity than 0 and 1, or a spare byte would have some.
    private const ulong Outside = 0xFFFFFFFEF000F000;

    /// <summary>Packs events.</summary>
    /// <param name="events">In any order; in time order they pack best.</param>
    /// <param name="startUs">The time that the first event is counted from.</param>
    /// <param name="target">At least <see cref="MaxBytesPerEvent"/> bytes per event.</param>
    /// <returns>The bytes written.</returns>
    public static int Pack(ReadOnlySpan<Event> events, long startUs, Span<byte> target)
    {
        long before = startUs;
        ref byte at = ref MemoryMarshal.GetReference(target);
        if (target.Length < (long)events.Length * MaxBytesPerEvent) throw new ArgumentException($"{events.Length} events need {(long)events.Length * MaxBytesPerEvent} bytes of room; there are {target.Length}.", nameof(target));
        int written = 0;
        foreach (ref readonly var e in events)
        {
            ulong step = (ulong)(e.TimeUs - before);
            before = e.TimeUs;
            // The eight bytes behind the time as one word: column, row, polarity and three spare bytes that are zero. One test says that all fits.
            ulong place = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref Unsafe.As<Event, byte>(ref Unsafe.AsRef(in e)), sizeof(long)));
            if (step < 127 && (place & Outside) == 0)
            {
                uint word = (uint)step << 25 | (uint)(place >> 8) & 0x1000000 | (uint)(place >> 4) & 0xFFF000 | (uint)place & 0xFFF;
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, written), word);
                written += 4;
                continue;
            }
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, written), Escape);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, written + 4), e);
            written += MaxBytesPerEvent;
        }
        return written;
    }

    /// <summary>Unpacks exactly as many events as <paramref name="target"/> has room for.</summary>
    /// <param name="packed">What <see cref="Pack"/> wrote.</param>
    /// <param name="startUs">The same start.</param>
    /// <param name="target">Where the events go.</param>
    /// <exception cref="InvalidDataException">The bytes end early, or bytes are left.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, long startUs, Span<Event> target)
    {
        long before = startUs;
        int at = 0;
        for (int i = 0; i < target.Length; i++)
        {
            if (packed.Length - at < 4) throw Truncated(i, target.Length);
            uint word = MemoryMarshal.Read<uint>(packed[at..]);
            at += 4;
            if (word != Escape)
            {
                before += word >> 25;
                target[i] = new Event(before, (ushort)(word & 0xFFF), (ushort)(word >> 12 & 0xFFF), (byte)(word >> 24 & 1));
                continue;
            }
            if (packed.Length - at < 16) throw Truncated(i, target.Length);
            var e = MemoryMarshal.Read<Event>(packed[at..]);
            at += 16;
            before = e.TimeUs;
            target[i] = new Event(before, e.X, e.Y, e.Polarity); // anew, so that the spare bytes are zero whatever was read
        }
        if (at != packed.Length) throw new InvalidDataException($"Packed events: {packed.Length - at} bytes are left after {target.Length} events; the recording is damaged.");
    }

    private static InvalidDataException Truncated(int event1, int count) => new($"Packed events: the bytes end at event {event1} of {count}; the recording is damaged.");
}
