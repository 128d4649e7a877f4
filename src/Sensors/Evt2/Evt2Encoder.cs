using System.Buffers;
using System.Buffers.Binary;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Encodes Prophesee EVT2.0: one 32-bit word an event, and a TIME_HIGH word whenever time / 64 µs changes.</summary>
/// <remarks>Time is written modulo 2^34 µs; the decoder finds the wraps. See <see cref="IEventEncoder"/> for the contract.</remarks>
public sealed class Evt2Encoder : IEventEncoder
{
    private const long Period = 1L << 34, MaxAheadUs = Period / 2;
    private const int EventsPerSpan = 512;
    private long _high = -1;

    /// <summary>Makes an encoder.</summary>
    /// <param name="width">Columns, 1 … 2048.</param>
    /// <param name="height">Rows, 1 … 2048.</param>
    public Evt2Encoder(int width, int height)
    {
        EncoderChecks.Size(width, height, 2048);
        Width = width;
        Height = height;
    }

    /// <inheritdoc/>
    public EventFormat Format => EventFormat.Evt2;

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
            var some = events[..Math.Min(events.Length, EventsPerSpan)];
            var span = output.GetSpan(some.Length * 8);
            int at = 0;
            foreach (ref readonly var e in some)
            {
                // What is wrong with this event must not cost the ones before it.
                long from = _high < 0 ? e.TimeUs : _high << 6;
                if (EncoderChecks.Fault(e, Width, Height, from, MaxAheadUs, EncoderChecks.MaxBack(from, Period)) is { } fault)
                {
                    output.Advance(at);
                    throw new ArgumentException(fault, nameof(events));
                }
                at += TimeHigh(e.TimeUs, span[at..]);
                uint word = (uint)(e.Polarity & 1) << 28 | (uint)(e.TimeUs & 63) << 22 | (uint)e.X << 11 | e.Y;
                BinaryPrimitives.WriteUInt32LittleEndian(span[at..], word);
                at += 4;
            }
            output.Advance(at);
            events = events[some.Length..];
        }
    }

    /// <summary>Encodes an external trigger.</summary>
    /// <exception cref="ArgumentException">The time is negative or the id does not fit 5 bits.</exception>
    public void EncodeTrigger(in ExternalTrigger trigger, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (trigger.TimeUs < 0 || trigger.Id > 31) throw new ArgumentException($"EVT2 cannot carry trigger {trigger}; time must be >= 0 and id <= 31.", nameof(trigger));
        var span = output.GetSpan(8);
        int at = TimeHigh(trigger.TimeUs, span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[at..], 0xAu << 28 | (uint)(trigger.TimeUs & 63) << 22 | (uint)trigger.Id << 8 | trigger.Value & 1u);
        output.Advance(at + 4);
    }

    /// <inheritdoc/>
    public void Reset() => _high = -1;

    private int TimeHigh(long timeUs, Span<byte> span)
    {
        if (timeUs >> 6 == _high) return 0;
        _high = timeUs >> 6;
        BinaryPrimitives.WriteUInt32LittleEndian(span, 0x8u << 28 | (uint)(_high & 0x0FFFFFFF));
        return 4;
    }
}
