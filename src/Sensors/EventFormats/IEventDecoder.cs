using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Turns a byte stream of one event format into events, however the stream is cut into pieces.</summary>
/// <remarks>
/// Decoding a stream cut at arbitrary places gives exactly the events, triggers and counters of one call on the whole: undecoded tail bytes,
/// format state and vector events that found no room are kept inside. Never throws on bad words (they are counted), never allocates after
/// construction, and never hands out an event outside the sensor. Time is microseconds, unwrapped, 64-bit. One thread at a time. The stream starts
/// behind a file header (<see cref="EventFileReader"/> skips it).
/// </remarks>
public interface IEventDecoder
{
    /// <summary>Gets the format this decoder reads.</summary>
    EventFormat Format { get; }

    /// <summary>Gets the sensor's columns.</summary>
    int Width { get; }

    /// <summary>Gets the sensor's rows.</summary>
    int Height { get; }

    /// <summary>Gets the size of the format's words or records, in bytes.</summary>
    int WordBytes { get; }

    /// <summary>Gets how far time has come: no event of a healthy stream that follows is earlier. It moves in a silent scene too, where the format has
    /// time words. <see cref="long.MinValue"/> before the first time.</summary>
    long TimeUs { get; }

    /// <summary>Gets what was subtracted from every time, in microseconds; 0 with <see cref="TimeOrigin.Absolute"/>.</summary>
    long ShiftUs { get; }

    /// <summary>Gets how often the format's time counter wrapped.</summary>
    int Wraps { get; }

    /// <summary>Gets how many events were handed out since the start or the last <see cref="Reset"/>.</summary>
    long EventCount { get; }

    /// <summary>Gets the violations counted since the start or the last <see cref="Reset"/>.</summary>
    ref readonly DecoderCounters Counters { get; }

    /// <summary>Decodes bytes into events.</summary>
    /// <param name="bytes">The next piece of the stream; any length, may end inside a word.</param>
    /// <param name="output">Takes the events; what lies behind the returned count is unspecified afterwards.</param>
    /// <param name="consumed">How many bytes were taken; give the rest again. All of them whenever fewer events than <paramref name="output"/> holds are returned.</param>
    /// <returns>How many events were written.</returns>
    int Decode(ReadOnlySpan<byte> bytes, Span<Event> output, out int consumed);

    /// <summary>Takes external triggers that were met, oldest first.</summary>
    /// <remarks>At most 256 are kept; later ones are counted as <see cref="DecoderViolation.TriggersDropped"/>.</remarks>
    /// <returns>How many were written.</returns>
    int ReadTriggers(Span<ExternalTrigger> output);

    /// <summary>Ends the stream: counts an incomplete word as <see cref="DecoderViolation.TruncatedTail"/> and groups left open as broken.</summary>
    /// <remarks>Events that found no room are not lost: get them with <see cref="Decode"/> on an empty span, before or after.</remarks>
    void Flush();

    /// <summary>Forgets everything: state, tail, counters, triggers. The next byte is the first of a new stream.</summary>
    void Reset();
}
