namespace EdgeAutonomy.Learning;

/// <summary>Samples of the temporal-motif task: every channel fires once, at the onset plus its delay in the class plus jitter, among noise.</summary>
/// <remarks>
/// Each class gives the same delays to other groups (a permutation), so that counts per channel, counts over all, and the course of the population's rate have
/// one distribution for all classes: only the relation between channels tells the class. Onsets are uniform in the first T − 2D steps, so that the last D steps
/// are left for the delays of a network. Sample i is of class i mod classes and a pure function of (seed, i): thread-safe, nothing is stored.
/// </remarks>
public sealed class MotifData : ITrainingData
{
    private readonly MotifOptions _options;
    private readonly CounterRandom _samples;
    private readonly int[,] _delays;

    /// <summary>Makes a set.</summary>
    /// <param name="options">The task.</param>
    /// <param name="seed">The seed of the motifs and samples.</param>
    /// <param name="part">Which part: 0 for training; sets of other parts have the same motifs and other samples.</param>
    /// <param name="count">Samples.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    public MotifData(MotifOptions options, ulong seed, int part, int count)
    {
        if (options.Groups < 2 || options.Channels < options.Groups || options.Channels % options.Groups != 0) throw new ArgumentException($"{options.Channels} channels in {options.Groups} groups: groups must be 2 or more and divide the channels.", nameof(options));
        if (options.Classes < 2) throw new ArgumentException($"Classes is {options.Classes}; must be 2 or more.", nameof(options));
        if (options.Span < options.Groups || options.Steps <= 2 * options.Span) throw new ArgumentException($"Span is {options.Span} with {options.Groups} groups and {options.Steps} steps; must be at least the groups and less than half the steps.", nameof(options));
        if (!(options.Jitter >= 0) || !(options.NoiseFrom >= 0) || !(options.NoiseTo >= options.NoiseFrom) || options.NoiseTo > 1) throw new ArgumentException($"Jitter {options.Jitter}, noise {options.NoiseFrom} to {options.NoiseTo}; jitter must be 0 or more, noise in [0, 1] and in order.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        _options = options;
        Count = count;
        Size = new MapSize(options.Channels);
        var random = new CounterRandom(seed).For(0x4D4F544946);
        _samples = random.For(1).For((ulong)part);
        _delays = Motifs(options, random.For(0));
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public MapSize Size { get; }

    /// <inheritdoc/>
    public int Steps => _options.Steps;

    /// <inheritdoc/>
    public int Classes => _options.Classes;

    /// <summary>Returns the delay of a channel in a class, in steps.</summary>
    /// <param name="label">The class.</param>
    /// <param name="channel">The channel.</param>
    public int DelayOf(int label, int channel) => _delays[label, channel / (_options.Channels / _options.Groups)];

    /// <inheritdoc/>
    public int ClassOf(int sample) => sample % _options.Classes;

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch)
    {
        int n = _options.Channels, label = ClassOf(sample);
        for (int t = 0; t < Steps; t++) batch.Slice((t * slots + slot) * n, n).Clear();
        var own = random ?? _samples.For((ulong)sample);
        ulong at = 0;
        int onset = (int)own.Uniform(at++, 0, Steps - 2 * _options.Span);
        for (int c = 0; c < n; c++)
        {
            double time = onset + DelayOf(label, c) + _options.Jitter * Normal(own, ref at);
            batch[((int)Math.Clamp(Math.Floor(time + 0.5), 0, Steps - 1) * slots + slot) * n + c] = 1;
        }
        int low = (int)Math.Ceiling(_options.NoiseFrom * n), high = Math.Max(low, (int)(_options.NoiseTo * n)), noise = (int)own.Uniform(at++, low, high + 1);
        while (noise > 0)
        {
            int cell = (int)own.Uniform(at++, 0, Steps * n);
            ref float spike = ref batch[(cell / n * slots + slot) * n + cell % n];
            // A cell that is taken is drawn again: the count of spikes must not depend on how the motif lies.
            if (spike != 0) continue;
            spike = 1;
            noise--;
        }
    }

    // Evenly spread delays in an order of its own for each class; two classes never share one.
    private static int[,] Motifs(MotifOptions o, CounterRandom random)
    {
        var delays = new int[o.Classes, o.Groups];
        var order = new int[o.Groups];
        ulong attempt = 0;
        for (int label = 0; label < o.Classes; label++)
        {
            bool isNew;
            do
            {
                if (attempt > 1000UL * (ulong)o.Classes) throw new ArgumentException($"{o.Groups} groups have fewer orders than {o.Classes} classes need.", nameof(o));
                random.For(attempt++).Shuffle(order);
                for (int g = 0; g < o.Groups; g++) delays[label, g] = order[g] * (o.Span - 1) / (o.Groups - 1);
                isNew = true;
                for (int other = 0; other < label && isNew; other++) isNew = Differ(delays, label, other, o.Groups);
            }
            while (!isNew);
        }
        return delays;
    }

    private static bool Differ(int[,] delays, int a, int b, int groups)
    {
        for (int g = 0; g < groups; g++)
        {
            if (delays[a, g] != delays[b, g]) return true;
        }
        return false;
    }

    // Marsaglia's polar method.
    private static double Normal(CounterRandom random, ref ulong at)
    {
        while (true)
        {
            double u = random.Uniform(at++, -1, 1), v = random.Uniform(at++, -1, 1), s = u * u + v * v;
            if (s is > 0 and < 1) return u * Math.Sqrt(-2 * DeterministicMath.Log(s) / s);
        }
    }
}
