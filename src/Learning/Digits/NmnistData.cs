using System.Globalization;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Learning;

/// <summary>N-MNIST recordings as time steps of 2 × 34 × 34; channel = polarity bit (0 = OFF, 1 = ON).</summary>
/// <remarks>
/// Events are kept in 4 bytes each (x, y, polarity, 19 bits of microseconds), so that 1,000 recordings take 17 MB; steps are made of them on demand, varied
/// or not. The list is text, "sample TAB class" per line, lines with # left out; the recordings lie beside it as NUMBER.bs2. Thread-safe once loaded.
/// </remarks>
public sealed class NmnistData : ITrainingData
{
    /// <summary>Rows and columns.</summary>
    public const int Side = 34;

    private const int TimeBits = 19, MaxSamples = 100_000;
    private const long MaxFileBytes = 1 << 22;
    private readonly uint[][] _events;
    private readonly int[] _classes;
    private readonly NmnistOptions _options;

    private NmnistData(uint[][] events, int[] classes, NmnistOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.StepUs, 1);
        (_events, _classes, _options) = (events, classes, options);
    }

    /// <inheritdoc/>
    public int Count => _events.Length;

    /// <inheritdoc/>
    public MapSize Size { get; } = new(2, Side, Side);

    /// <inheritdoc/>
    public int Steps => _options.Steps;

    /// <inheritdoc/>
    public int Classes => 10;

    /// <summary>Gets how many events all samples have.</summary>
    public long EventCount => _events.Sum(e => (long)e.Length);

    /// <summary>Loads the recordings of a list.</summary>
    /// <param name="folder">The folder that holds train1K.txt, test100.txt and the recordings, or one that holds nmnist-small or events/nmnist-small.</param>
    /// <param name="list">The list: train1K.txt or test100.txt.</param>
    /// <param name="options">How they become steps.</param>
    /// <exception cref="InvalidDataException">The folder, the list or a recording is absent or damaged; the message names it.</exception>
    public static NmnistData Load(string? folder, string list, NmnistOptions options)
    {
        string place = Find(folder, list), path = Path.Combine(place, list);
        List<uint[]> events = [];
        List<int> classes = [];
        var decoder = new NmnistDecoder(new DecoderOptions(Side, Side));
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            if (text.Length == 0 || text[0] == '#') continue;
            var parts = text.Split('\t', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int sample)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int label) || label > 9 || events.Count >= MaxSamples)
            {
                throw new InvalidDataException($"{path}, line {line}: '{(text.Length > 40 ? text[..40] : text)}' is not a sample and a class 0 … 9 with a tab between; restore the list.");
            }
            events.Add(Read(Path.Combine(place, FormattableString.Invariant($"{sample}.bs2")), decoder));
            classes.Add(label);
        }
        if (events.Count == 0) throw new InvalidDataException($"{path}: no samples are listed; restore the list.");
        return new NmnistData([.. events], [.. classes], options);
    }

    /// <summary>Makes a set of events that are at hand.</summary>
    /// <param name="samples">Events and class of each sample; events beyond 34 × 34 or 524 ms are left out.</param>
    /// <param name="options">How they become steps.</param>
    public static NmnistData Of(IReadOnlyList<(Event[] Events, int Class)> samples, NmnistOptions options) =>
        new(samples.Select(s => Pack(s.Events)).ToArray(), samples.Select(s => s.Class).ToArray(), options);

    /// <summary>Returns the same recordings with other steps.</summary>
    /// <param name="options">How they become steps.</param>
    public NmnistData With(NmnistOptions options) => new(_events, _classes, options);

    /// <inheritdoc/>
    public int ClassOf(int sample) => _classes[sample];

    /// <summary>Returns a recording's events in the order of the file, times in microseconds.</summary>
    public Event[] EventsOf(int sample) =>
        Array.ConvertAll(_events[sample], e => new Event(e >> 13, (ushort)(e & 63), (ushort)(e >> 6 & 63), (byte)(e >> 12 & 1)));

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch)
    {
        int n = Size.Count;
        for (int t = 0; t < Steps; t++) batch.Slice((t * slots + slot) * n, n).Clear();
        var variation = random is { } r ? new EventVariation(_options.Augmentation, r) : null;
        foreach (uint e in _events[sample])
        {
            int x = (int)(e & 63), y = (int)(e >> 6 & 63), polarity = (int)(e >> 12 & 1), time = (int)(e >> 13);
            if (variation is not null && !variation.Apply(ref x, ref y, ref time)) continue;
            Put(x, y, polarity, time, slot, slots, batch);
        }
        if (variation is null) return;
        for (int i = 0; i < variation.NoiseEvents; i++)
        {
            variation.Noise(i, Steps * _options.StepUs, out int x, out int y, out int polarity, out int time);
            Put(x, y, polarity, time, slot, slots, batch);
        }
    }

    private void Put(int x, int y, int polarity, int time, int slot, int slots, Span<float> batch)
    {
        if (time < 0) return;
        int t = time / _options.StepUs;
        if (t >= Steps) return;
        ref float cell = ref batch[(t * slots + slot) * Size.Count + (y * Side + x) * 2 + polarity];
        cell = _options.Counts ? cell + 1 : 1;
    }

    private static string Find(string? folder, string list)
    {
        if (folder is not null)
        {
            foreach (string below in (string[])["", "nmnist-small", Path.Combine("events", "nmnist-small")])
            {
                string place = Path.Combine(folder, below);
                if (File.Exists(Path.Combine(place, list))) return place;
            }
        }
        throw new InvalidDataException($"N-MNIST: {list} is neither in '{folder ?? "(no data folder)"}' nor in nmnist-small or events/nmnist-small below it; put the 1,100 recordings (*.bs2) with train1K.txt and test100.txt there.");
    }

    private static uint[] Read(string path, NmnistDecoder decoder)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new InvalidDataException($"{path}: the list names this recording, but it is absent; restore the folder.");
        if (file.Length is 0 or > MaxFileBytes || file.Length % 5 != 0) throw new InvalidDataException($"{path}: {file.Length} bytes; a recording has 5 bytes an event and at most {MaxFileBytes}. The file is damaged.");
        byte[] bytes = File.ReadAllBytes(path);
        var events = new Event[bytes.Length / 5];
        decoder.Reset();
        int count = decoder.Decode(bytes, events, out _);
        if (count != events.Length) throw new InvalidDataException($"{path}: {events.Length - count} of {events.Length} events lie outside {Side} x {Side}; the file is damaged.");
        return Pack(events);
    }

    private static uint[] Pack(Event[] events)
    {
        var packed = new List<uint>(events.Length);
        foreach (ref readonly var e in events.AsSpan())
        {
            if (e.X < Side && e.Y < Side && (ulong)e.TimeUs < 1u << TimeBits) packed.Add((uint)e.TimeUs << 13 | (uint)(e.Polarity & 1) << 12 | (uint)e.Y << 6 | e.X);
        }
        return [.. packed];
    }
}
