using System.Buffers;
using System.Buffers.Binary;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Encodes N-MNIST files (.bin, .bs2): 5 bytes an event.</summary>
/// <remarks>
/// Time is written modulo 2^23 µs, and the format has no time words: silence of 4.2 s or more cannot be carried and is refused. Times of a
/// stream that starts at t₀ come back less the multiple of 2^23 in t₀. See <see cref="IEventEncoder"/>.
/// </remarks>
public sealed class NmnistEncoder : IEventEncoder
{
    private const int RecordBytes = 5, EventsPerSpan = 1024;
    private const long HalfPeriod = 1L << 22;
    private long _timeUs = -1;

    /// <summary>Makes an encoder.</summary>
    /// <param name="width">Columns, 1 … 256.</param>
    /// <param name="height">Rows, 1 … 256.</param>
    public NmnistEncoder(int width, int height)
    {
        EncoderChecks.Size(width, height, 256);
        Width = width;
        Height = height;
    }

    /// <inheritdoc/>
    public EventFormat Format => EventFormat.Nmnist;

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
            var span = output.GetSpan(some.Length * RecordBytes);
            int at = 0;
            foreach (ref readonly var e in some)
            {
                long from = _timeUs < 0 ? e.TimeUs : _timeUs;
                if (EncoderChecks.Fault(e, Width, Height, from, HalfPeriod, EncoderChecks.MaxBack(from, 2 * HalfPeriod)) is { } fault)
                {
                    output.Advance(at);
                    throw new ArgumentException(fault, nameof(events));
                }
                _timeUs = e.TimeUs;
                span[at] = (byte)e.X;
                span[at + 1] = (byte)e.Y;
                span[at + 2] = (byte)((e.Polarity & 1) << 7 | (int)(e.TimeUs >> 16 & 0x7F));
                BinaryPrimitives.WriteUInt16BigEndian(span[(at + 3)..], (ushort)e.TimeUs);
                at += RecordBytes;
            }
            output.Advance(at);
            events = events[some.Length..];
        }
    }

    /// <inheritdoc/>
    public void Reset() => _timeUs = -1;
}
