using System.Numerics;
using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Recordings of one class each as coded points, made by the front end that runs on the robot.</summary>
/// <remarks>
/// Every look at a sample takes another random part of its events while training, and always the same one otherwise. Input of the network: feature by place, the
/// groups as rows, the points of a group as columns. Not thread-safe.
/// </remarks>
public sealed class PointData : ITrainingData
{
    private readonly IReadOnlyList<(Event[] Events, int Class)> _samples;
    private readonly EventAugmentation _augmentation;
    private readonly PointEncoder _encoder;
    private readonly PointReservoir _reservoir;
    private readonly RandomStream _random = new(0);
    private readonly byte[] _spikes;
    private Event[] _varied = [];

    /// <summary>Makes a set.</summary>
    /// <param name="samples">Events, within 34 × 34, and class of each sample.</param>
    /// <param name="options">The front end.</param>
    /// <param name="augmentation">How samples are varied while training.</param>
    public PointData(IReadOnlyList<(Event[] Events, int Class)> samples, PointOptions options, EventAugmentation augmentation)
    {
        (_samples, _augmentation) = (samples, augmentation);
        _encoder = new PointEncoder(options);
        _reservoir = new PointReservoir(options.Points);
        _spikes = new byte[options.Places * options.Steps];
        Size = new MapSize(PointEncoder.Features, options.Groups, options.Neighbours);
    }

    /// <inheritdoc/>
    public int Count => _samples.Count;

    /// <inheritdoc/>
    public MapSize Size { get; }

    /// <inheritdoc/>
    public int Steps => _encoder.Options.Steps;

    /// <inheritdoc/>
    public int Classes => 10;

    /// <inheritdoc/>
    public int ClassOf(int sample) => _samples[sample].Class;

    /// <summary>Takes the part of a sample's events that a look without variation sees, and leaves a generator where the network's draws begin.</summary>
    /// <param name="sample">Which.</param>
    /// <param name="random">Takes the generator's place.</param>
    public ReadOnlySpan<Event> Part(int sample, RandomStream random)
    {
        random.Reseed(new CounterRandom(0x504F494E54).Bits((ulong)sample));
        _reservoir.Clear();
        _reservoir.Add(_samples[sample].Events, random);
        return _reservoir.Sample;
    }

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch)
    {
        if (random is { } r)
        {
            var events = Vary(_samples[sample].Events, r);
            _random.Reseed(r.Bits(0x504F));
            _reservoir.Clear();
            _reservoir.Add(events, _random);
            _encoder.Encode(_reservoir.Sample);
        }
        else
        {
            _encoder.Encode(Part(sample, _random));
        }
        Write(slot, slots, batch);
    }

    private ReadOnlySpan<Event> Vary(Event[] events, CounterRandom random)
    {
        if (_augmentation == EventAugmentation.None) return events;
        var variation = new EventVariation(_augmentation, random);
        int n = 0, room = events.Length + variation.NoiseEvents;
        if (_varied.Length < room) _varied = new Event[room];
        foreach (ref readonly var e in events.AsSpan())
        {
            int x = e.X, y = e.Y, time = (int)e.TimeUs;
            if (variation.Apply(ref x, ref y, ref time)) _varied[n++] = new Event(time, (ushort)x, (ushort)y, e.Polarity);
        }
        int length = events.Length == 0 ? 1 : (int)events[^1].TimeUs + 1;
        for (int i = 0; i < variation.NoiseEvents; i++)
        {
            variation.Noise(i, length, out int x, out int y, out int polarity, out int time);
            _varied[n++] = new Event(time, (ushort)x, (ushort)y, (byte)polarity);
        }
        return _varied.AsSpan(0, n);
    }

    private void Write(int slot, int slots, Span<float> batch)
    {
        int n = Size.Count, steps = Steps;
        if (_encoder.Options.Input == PointInput.Current)
        {
            for (int t = 0; t < steps; t++) _encoder.Codes.CopyTo(batch.Slice((t * slots + slot) * n, n));
            return;
        }
        _encoder.Draw(_random, _spikes);
        for (int t = 0; t < steps; t++)
        {
            var target = batch.Slice((t * slots + slot) * n, n);
            target.Clear();
            for (int p = 0; p < _encoder.Options.Places; p++)
            {
                for (uint bits = _spikes[p * steps + t]; bits != 0; bits &= bits - 1) target[p * PointEncoder.Features + BitOperations.TrailingZeroCount(bits)] = 1;
            }
        }
    }
}
