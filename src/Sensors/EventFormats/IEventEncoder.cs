using System.Buffers;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Turns events into the byte stream of one format; the decoder of that format gives the same events in the same order.</summary>
/// <remarks>
/// Keeps the caller's order; events of one instant that are sorted by (y, polarity, x) pack best (<see cref="EventOrder"/>). State runs across calls. One
/// thread at a time. Allocates only what the writer allocates. No file header is written (<see cref="EventFileWriter"/> does that).
/// </remarks>
public interface IEventEncoder
{
    /// <summary>Gets the format this encoder writes.</summary>
    EventFormat Format { get; }

    /// <summary>Gets the sensor's columns.</summary>
    int Width { get; }

    /// <summary>Gets the sensor's rows.</summary>
    int Height { get; }

    /// <summary>Encodes events.</summary>
    /// <exception cref="ArgumentException">An event lies outside the sensor, its time is negative, or its time steps back or ahead further than the
    /// format can carry; events before it are already written.</exception>
    void Encode(ReadOnlySpan<Event> events, IBufferWriter<byte> output);

    /// <summary>Forgets the state; the next event starts a new stream.</summary>
    void Reset();
}
