using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Sums over a recording: enough to compare two decoders, and to describe a file.</summary>
public sealed class EventFileStatistics
{
    /// <summary>Gets how many events there are.</summary>
    public long Events { get; private set; }

    /// <summary>Gets how many of them are ON (brighter).</summary>
    public long On { get; private set; }

    /// <summary>Gets how many of them are OFF (darker).</summary>
    public long Off => Events - On;

    /// <summary>Gets the sum of all columns.</summary>
    public long SumX { get; private set; }

    /// <summary>Gets the sum of all rows.</summary>
    public long SumY { get; private set; }

    /// <summary>Gets the time of the first event in microseconds; 0 when there is none.</summary>
    public long TFirstUs { get; private set; }

    /// <summary>Gets the time of the last event in file order, in microseconds; 0 when there is none.</summary>
    public long TLastUs { get; private set; }

    /// <summary>Gets the rate of the recording: events per second of its own time; 0 when it spans no time.</summary>
    public double EventsPerSecond => TLastUs > TFirstUs ? Events * 1e6 / (TLastUs - TFirstUs) : 0;

    /// <summary>Gets the violations the decoder counted.</summary>
    public DecoderCounters Violations { get; private set; }

    /// <summary>Gets how many events were dropped for a violation.</summary>
    public long Dropped => Violations.EventsDropped;

    /// <summary>Gets how often the format's time wrapped.</summary>
    public int Wraps { get; private set; }

    /// <summary>Gets what the recording is; null when the sums were made from events alone.</summary>
    public EventFileInfo? Info { get; private set; }

    /// <summary>Reads a whole recording and sums it up. Memory does not depend on the file's length.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the caller knows; null = nothing.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="NotSupportedException">The format is recognised, but this version cannot decode it.</exception>
    /// <exception cref="InvalidDataException">The file is no recording.</exception>
    public static EventFileStatistics Of(string path, EventFileOptions? options = null)
    {
        using var reader = EventFile.Open(path, options);
        return Of(reader);
    }

    /// <summary>Reads the rest of a recording and sums it up.</summary>
    public static EventFileStatistics Of(EventFileReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var result = new EventFileStatistics { Info = reader.Info };
        var buffer = new Event[16 * 1024];
        for (int n; (n = reader.Read(buffer)) > 0;) result.Add(buffer.AsSpan(0, n));
        result.Violations = reader.Decoder.Counters;
        result.Wraps = reader.Decoder.Wraps;
        return result;
    }

    /// <summary>Adds events. Does not allocate.</summary>
    public void Add(ReadOnlySpan<Event> events)
    {
        if (events.IsEmpty) return;
        if (Events == 0) TFirstUs = events[0].TimeUs;
        TLastUs = events[^1].TimeUs;
        Events += events.Length;

        // x, y and polarity sit in one 64-bit half of the event: one load serves three sums.
        ref ulong half = ref Unsafe.Add(ref Unsafe.As<Event, ulong>(ref MemoryMarshal.GetReference(events)), 1);
        ulong x = 0, y = 0, on = 0;
        for (nint i = 0; i < events.Length; i++)
        {
            ulong e = Unsafe.Add(ref half, i * 2);
            x += e & 0xFFFF;
            y += e >> 16 & 0xFFFF;
            on += e >> 32 & 0xFF;
        }
        SumX += (long)x;
        SumY += (long)y;
        On += (long)on;
    }
}
