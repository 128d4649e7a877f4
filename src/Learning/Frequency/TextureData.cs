namespace EdgeAutonomy.Learning;

/// <summary>Two drifting gratings seen by an event camera; the orientation of one is the class. Channel 0 = darker, 1 = brighter.</summary>
/// <remarks>Sample i is of class i mod classes and a pure function of (seed, i): thread-safe, nothing is stored.</remarks>
public sealed class TextureData : ITrainingData
{
    private const double FineFrom = 1 / 3.6, FineTo = 1 / 2.8, CoarseFrom = 1.0 / 22, CoarseTo = 1.0 / 14;
    private readonly TextureOptions _options;
    private readonly CounterRandom _samples;

    /// <summary>Makes a set.</summary>
    /// <param name="options">The textures.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="part">Which part: sets of other parts have other samples.</param>
    /// <param name="count">Samples.</param>
    public TextureData(TextureOptions options, ulong seed, int part, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _options = options;
        Count = count;
        Size = new MapSize(2, options.Side, options.Side);
        _samples = new CounterRandom(seed).For(0x54455854).For((ulong)part);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public MapSize Size { get; }

    /// <inheritdoc/>
    public int Steps => _options.Steps;

    /// <inheritdoc/>
    public int Classes => _options.Classes;

    /// <inheritdoc/>
    public int ClassOf(int sample) => sample % _options.Classes;

    /// <inheritdoc/>
    public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch)
    {
        var o = _options;
        var own = random ?? _samples.For((ulong)sample);
        // Half of one orientation's share to either side stays free, so that neighbours never touch.
        double angle = (ClassOf(sample) + own.Uniform(0, -0.25, 0.25)) * Math.PI / o.Classes;
        var target = new Grating(own.For(1), angle, 1, o.Fine);
        var other = new Grating(own.For(2), own.Uniform(1, 0, Math.PI), o.Disturbance, !o.Fine);
        var noise = own.For(3);
        int places = o.Side * o.Side;
        ulong at = 0;
        for (int t = 0; t < o.Steps; t++)
        {
            var map = batch.Slice((t * slots + slot) * Size.Count, Size.Count);
            for (int p = 0; p < places; p++)
            {
                int x = p % o.Side, y = p / o.Side;
                double change = target.Change(x, y, t) + other.Change(x, y, t);
                ulong bits = noise.Bits(at++);
                bool kept = (bits & 0xFFFF) >= o.Lost * 65536;
                bool darker = (bits >> 16 & 0xFFFF) < o.Noise * 65536, brighter = (bits >> 32 & 0xFFFF) < o.Noise * 65536;
                map[2 * p] = darker || (kept && change < -o.Threshold) ? 1 : 0;
                map[2 * p + 1] = brighter || (kept && change > o.Threshold) ? 1 : 0;
            }
        }
    }

    // Both drift by an eighth to three eighths of a period per step, either way: speed and direction say nothing of the orientation.
    private readonly struct Grating
    {
        private readonly double _kx, _ky, _omega, _phase, _amplitude;

        public Grating(CounterRandom random, double angle, double amplitude, bool fine)
        {
            double frequency = 2 * Math.PI * (fine ? random.Uniform(0, FineFrom, FineTo) : random.Uniform(0, CoarseFrom, CoarseTo));
            var (sin, cos) = DeterministicMath.SinCos(angle);
            (_kx, _ky, _amplitude) = (frequency * cos, frequency * sin, amplitude);
            _omega = 2 * Math.PI * random.Uniform(1, 0.125, 0.375) * (random.Uniform(2) < 0.5 ? -1 : 1);
            _phase = random.Uniform(3, 0, 2 * Math.PI);
        }

        // cos(φ − ω(t + 1)) − cos(φ − ωt) = 2·sin(ω/2)·sin(φ − ω(t + ½))
        public double Change(int x, int y, int t) =>
            2 * _amplitude * DeterministicMath.Sin(_omega / 2) * DeterministicMath.Sin(_kx * x + _ky * y + _phase - _omega * (t + 0.5));
    }
}
