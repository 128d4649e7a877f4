using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Measures how many events a second a decoder gives on one thread.</summary>
/// <remarks>
/// The input is one stream of at least the wanted number of events, in memory; the output is one buffer that is used again and again, as a reader does.
/// Each repetition decodes the whole input with a fresh state. Nothing is left out of the figures.
/// </remarks>
public static class DecoderBenchmark
{
    /// <summary>Events the output buffer holds: 1 MiB, which fits the second-level cache of most boards' large cores.</summary>
    private const int OutputEvents = 64 * 1024;

    /// <summary>Measures on a made-up stream: edges that sweep over the sensor, so rows, runs and vectors occur as in a moving scene.</summary>
    /// <param name="format">A format that can be read and written.</param>
    /// <param name="events">The fewest events of the input.</param>
    /// <param name="repetitions">How many times the whole input is decoded; at least 1.</param>
    /// <param name="clock">The clock to measure with; <see cref="TimeProvider.System"/> outside tests.</param>
    public static DecoderFigures Run(EventFormat format, long events, int repetitions, TimeProvider clock)
    {
        var (width, height) = format == EventFormat.Nmnist ? (34, 34) : (1280, 720);
        var scene = Scene(width, height, count: 1 << 20, seed: 1);
        var writer = new ArrayBufferWriter<byte>();
        EventFormats.CreateEncoder(format, width, height).Encode(scene, writer);
        return Run(format, writer.WrittenMemory, width, height, events, repetitions, clock);
    }

    /// <summary>Measures on the payload of a recording, put behind itself until there are enough events.</summary>
    /// <param name="info">The recording.</param>
    /// <param name="events">The fewest events of the input.</param>
    /// <param name="repetitions">How many times the whole input is decoded; at least 1.</param>
    /// <param name="clock">The clock to measure with.</param>
    public static DecoderFigures Run(EventFileInfo info, long events, int repetitions, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(info);
        return Run(info.Format, File.ReadAllBytes(info.Path).AsMemory(info.HeaderBytes), info.Width, info.Height, events, repetitions, clock);
    }

    /// <summary>Measures on given words, put behind themselves until there are enough events.</summary>
    /// <param name="format">The format of the words.</param>
    /// <param name="payload">The words, without a header; must hold at least one event.</param>
    /// <param name="width">The sensor's columns.</param>
    /// <param name="height">The sensor's rows.</param>
    /// <param name="events">The fewest events of the input.</param>
    /// <param name="repetitions">How many times the whole input is decoded; at least 1.</param>
    /// <param name="clock">The clock to measure with.</param>
    /// <exception cref="ArgumentException">The payload holds no event.</exception>
    public static DecoderFigures Run(
        EventFormat format, ReadOnlyMemory<byte> payload, int width, int height, long events, int repetitions, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        var decoder = EventFormats.CreateDecoder(format, new DecoderOptions(width, height));
        var output = new Event[OutputEvents];
        long perCopy = DecodeAll(decoder, payload.Span, output);
        if (perCopy == 0) throw new ArgumentException("The payload holds no event; there is nothing to measure.", nameof(payload));

        int length = payload.Length / decoder.WordBytes * decoder.WordBytes;
        long copies = Math.Max(1, (events + perCopy - 1) / perCopy);
        var input = GC.AllocateUninitializedArray<byte>(checked((int)(length * copies)));
        for (long i = 0; i < copies; i++) payload.Span[..length].CopyTo(input.AsSpan((int)(i * length)));

        var rates = new double[repetitions];
        long decoded = 0;
        for (int r = 0; r < repetitions; r++)
        {
            decoder.Reset();
            long start = clock.GetTimestamp();
            decoded = DecodeAll(decoder, input, output);
            rates[r] = decoded / 1e6 / Math.Max(clock.GetElapsedTime(start).TotalSeconds, 1e-9);
        }
        Array.Sort(rates);
        double median = (rates[(repetitions - 1) / 2] + rates[repetitions / 2]) / 2;
        return new DecoderFigures(format, decoded, input.Length, repetitions, median, rates[0], rates[^1], (double)input.Length / decoded);
    }

    private static long DecodeAll(IEventDecoder decoder, ReadOnlySpan<byte> input, Event[] output)
    {
        long total = 0;
        for (int n; (n = decoder.Decode(input, output, out int consumed)) > 0 || consumed > 0; input = input[consumed..]) total += n;
        return total;
    }

    /// <summary>Vertical edges a few pixels wide that move to the right, seen row by row at random: singles and vectors mixed, times rising.</summary>
    private static Event[] Scene(int width, int height, int count, ulong seed)
    {
        var random = new RandomStream(seed);
        var events = new Event[count];
        long time = 1 << 20;
        for (int k = 0; k < count;)
        {
            time += random.NextInt32(3) == 0 ? 1 : 0;
            ushort y = (ushort)random.NextInt32(height);
            byte polarity = (byte)random.NextInt32(2);
            int x = random.NextInt32(width), run = random.NextInt32(8) == 0 ? 3 + random.NextInt32(12) : 1;
            for (int i = 0; i < run && x < width && k < count; i++, x += 1 + random.NextInt32(2)) events[k++] = new Event(time, (ushort)x, y, polarity);
        }
        return events;
    }
}
