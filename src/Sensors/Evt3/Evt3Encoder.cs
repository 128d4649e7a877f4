using System.Buffers;
using System.Buffers.Binary;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Encodes Prophesee EVT3.0 with vectors: three or more events of one instant, row and polarity inside one aligned block of 32 columns become
/// VECT_BASE_X, VECT_12, VECT_12, VECT_8; others one ADDR_X each.</summary>
/// <remarks>
/// Events that form a vector must follow one another with rising x. A block that would reach over the right border is written as single events, so a
/// healthy stream counts no violation. TIME_HIGH is written at each 4096 µs, through silence too. Time is written modulo 2^24 µs and the decoder counts the
/// wraps from its first word on: times of a stream that starts at t₀ come back less the multiple of 2^24 in t₀. See <see cref="IEventEncoder"/>.
/// </remarks>
public sealed class Evt3Encoder : IEventEncoder
{
    // Silence longer than one loop is written in strides of 1024 steps: the decoder would take steps of 2048 for steps back.
    private const long Period = 1L << 24, MaxAheadUs = 1L << 36, LongStride = 1024;
    private const int MinVector = 3;
    private long _high = -1;
    private int _low, _row = -1;

    /// <summary>Makes an encoder.</summary>
    /// <param name="width">Columns, 1 … 2048.</param>
    /// <param name="height">Rows, 1 … 2048.</param>
    public Evt3Encoder(int width, int height)
    {
        EncoderChecks.Size(width, height, 2048);
        Width = width;
        Height = height;
    }

    /// <inheritdoc/>
    public EventFormat Format => EventFormat.Evt3;

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<Event> events, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (!events.IsEmpty)
        {
            ref readonly var e = ref events[0];
            long from = _high < 0 ? e.TimeUs : _high << 12 | (long)_low;
            if (EncoderChecks.Fault(e, Width, Height, from, MaxAheadUs, EncoderChecks.MaxBack(from, Period)) is { } fault) throw new ArgumentException(fault, nameof(events));
            Time(e.TimeUs, output);
            var span = output.GetSpan(10);
            int at = 0;
            if (e.Y != _row) at = Put(span, at, e.Y);
            _row = e.Y;
            int count = VectorLength(events, out uint mask);
            if (count >= MinVector)
            {
                at = Put(span, at, 0x3u << 12 | PolarityBit(e) | (uint)(e.X & ~31));
                at = Put(span, at, 0x4u << 12 | mask & 0xFFF);
                at = Put(span, at, 0x4u << 12 | mask >> 12 & 0xFFF);
                at = Put(span, at, 0x5u << 12 | mask >> 24);
            }
            else
            {
                count = 1;
                at = Put(span, at, 0x2u << 12 | PolarityBit(e) | e.X);
            }
            output.Advance(at);
            events = events[count..];
        }
    }

    /// <summary>Encodes an external trigger.</summary>
    /// <exception cref="ArgumentException">The time is negative or the id does not fit 4 bits.</exception>
    public void EncodeTrigger(in ExternalTrigger trigger, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (trigger.TimeUs < 0 || trigger.Id > 15) throw new ArgumentException($"EVT3 cannot carry trigger {trigger}; time must be >= 0 and id <= 15.", nameof(trigger));
        Time(trigger.TimeUs, output);
        output.Advance(Put(output.GetSpan(2), 0, 0xAu << 12 | (uint)trigger.Id << 8 | trigger.Value & 1u));
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _high = -1;
        _low = 0;
        _row = -1;
    }

    /// <summary>Returns how many events from the front fit one vector group, and their pixels as a mask over the aligned block.</summary>
    private int VectorLength(ReadOnlySpan<Event> events, out uint mask)
    {
        var first = events[0];
        int block = first.X & ~31, previous = -1, n = 0;
        mask = 0;
        if (block + 32 > Width) return 1;
        while (n < events.Length)
        {
            ref readonly var e = ref events[n];
            if (e.TimeUs != first.TimeUs || e.Y != first.Y || e.Polarity != first.Polarity || (e.X & ~31) != block || e.X <= previous) break;
            previous = e.X;
            mask |= 1u << (e.X - block);
            n++;
        }
        return n;
    }

    private void Time(long timeUs, IBufferWriter<byte> output)
    {
        long high = timeUs >> 12;
        if (high != _high)
        {
            if (_high >= 0 && high > _high)
            {
                long stride = high - _high <= 4096 ? 1 : LongStride;
                while (_high + stride < high) TimeHigh(_high + stride, output);
            }
            TimeHigh(high, output);
        }
        int low = (int)(timeUs & 0xFFF);
        if (low == _low) return;
        _low = low;
        output.Advance(Put(output.GetSpan(2), 0, 0x6u << 12 | (uint)low));
    }

    private void TimeHigh(long high, IBufferWriter<byte> output)
    {
        _high = high;
        _low = 0;
        output.Advance(Put(output.GetSpan(2), 0, 0x8u << 12 | (uint)(high & 0xFFF)));
    }

    private static uint PolarityBit(in Event e) => (e.Polarity & 1u) << 11;

    private static int Put(Span<byte> span, int at, uint word)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(span[at..], (ushort)word);
        return at + 2;
    }
}
