using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>The noise events of a pixel array as one stream of candidates in time: shot noise, and hot pixels.</summary>
/// <remarks>
/// Arrivals are exponential in time and carried over from step to step, so the stream does not depend on the step size and costs nothing while
/// no candidate falls due. One thread; allocation-free.
/// </remarks>
internal sealed class PixelNoise
{
    /// <summary>The most candidates of one step.</summary>
    public const int MostPerStep = 8192;

    private const double Never = double.PositiveInfinity;
    private readonly RandomStream _random;
    private readonly Candidate[] _due = new Candidate[MostPerStep];
    private readonly int[] _hot, _alias;
    private readonly double[] _keep;
    private readonly double _weight;
    private readonly double _hotHz;
    private readonly int _pixels;
    private double _shotRate, _nextShotUs = Never, _nextHotUs = Never;

    /// <summary>Makes the stream.</summary>
    /// <param name="pixels">Pixels of the array.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="seed">Seed of the camera.</param>
    /// <param name="on">ON thresholds at scale 1.</param>
    /// <param name="off">OFF thresholds at scale 1.</param>
    public PixelNoise(int pixels, EventCameraOptions options, ulong seed, ReadOnlySpan<float> on, ReadOnlySpan<float> off)
    {
        _pixels = pixels;
        (_keep, _alias) = options.ShotHz > 0 ? (new double[2 * pixels], new int[2 * pixels]) : ([], []);
        for (int i = 0; i < _keep.Length; i++) _keep[i] = i < pixels ? options.ThresholdOn / on[i] : options.ThresholdOff / off[i - pixels];
        _weight = Alias(_keep, _alias) * options.ShotHz / 2;
        _random = RandomStream.For(seed, "camera.noise");
        var place = RandomStream.For(seed, "camera.hot");
        _hot = new int[(int)Math.Round(pixels * options.HotFraction)];
        for (int i = 0; i < _hot.Length; i++) _hot[i] = place.NextInt32(pixels);
        _hotHz = options.HotHz;
    }

    /// <summary>Gets how many candidates found no room and were left out.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets the candidates of the step, sorted by pixel, then time.</summary>
    public ReadOnlySpan<Candidate> Due => _due.AsSpan(0, Count);

    /// <summary>Gets how many candidates the step has.</summary>
    public int Count { get; private set; }

    /// <summary>Starts the stream at <paramref name="nowUs"/>; memoryless, so it may be done at any time.</summary>
    /// <param name="thresholdScale">Multiplier on all thresholds; noise falls in inverse proportion.</param>
    /// <param name="nowUs">Present time in microseconds.</param>
    public void SetRate(double thresholdScale, long nowUs)
    {
        _shotRate = _weight / thresholdScale;
        _nextShotUs = _shotRate > 0 ? nowUs + _random.NextExponential() * 1e6 / _shotRate : Never;
        double hotRate = _hot.Length * _hotHz;
        if (_nextHotUs == Never && hotRate > 0) _nextHotUs = nowUs + _random.NextExponential() * 1e6 / hotRate;
    }

    /// <summary>Draws the candidates up to <paramref name="endUs"/>.</summary>
    public void Draw(long endUs)
    {
        Count = 0;
        for (; _nextShotUs <= endUs; _nextShotUs += _random.NextExponential() * 1e6 / _shotRate)
        {
            int cell = _random.NextInt32(_keep.Length);
            if (_random.NextDouble() >= _keep[cell]) cell = _alias[cell];
            bool on = cell < _pixels;
            Add(new Candidate(on ? cell : cell - _pixels, Ceiling(_nextShotUs), on, Hot: false, _random.NextSingle()));
        }
        for (; _nextHotUs <= endUs; _nextHotUs += _random.NextExponential() * 1e6 / (_hot.Length * _hotHz))
        {
            Add(new Candidate(_hot[_random.NextInt32(_hot.Length)], Ceiling(_nextHotUs), On: true, Hot: true, 0));
        }
        if (Count > 1) _due.AsSpan(0, Count).Sort();
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_random);
        w.Write(_shotRate);
        w.Write(_nextShotUs);
        w.Write(_nextHotUs);
        w.Write(Dropped);
    }

    public void Thaw(ref StateReader reader)
    {
        reader.Read(_random);
        _shotRate = reader.Read<double>();
        _nextShotUs = reader.Read<double>();
        _nextHotUs = reader.Read<double>();
        Dropped = reader.Read<long>();
        Count = 0;
    }

    public void AddTo(ref StateHasher hasher)
    {
        _random.AddTo(ref hasher);
        hasher.Add(_nextShotUs);
        hasher.Add(_nextHotUs);
    }

    // Walker's alias method (Vose's construction): pixels with low thresholds fire more often, and drawing one costs the same for any spread.
    // With thinning against the most sensitive pixel instead, one threshold of 0.01 among 0.2 would cost twenty candidates per event.
    private static double Alias(Span<double> weights, Span<int> alias)
    {
        double sum = 0;
        foreach (double w in weights) sum += w;
        if (weights.Length == 0) return 0;
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= weights.Length / sum;
            alias[i] = i;
            (weights[i] < 1 ? small : large).Push(i);
        }
        while (small.Count > 0 && large.Count > 0)
        {
            int low = small.Pop(), high = large.Pop();
            alias[low] = high;
            weights[high] -= 1 - weights[low];
            (weights[high] < 1 ? small : large).Push(high);
        }
        foreach (int rest in small) weights[rest] = 1;
        foreach (int rest in large) weights[rest] = 1;
        return sum;
    }

    private static long Ceiling(double us) => (long)Math.Ceiling(us);

    private void Add(in Candidate candidate)
    {
        if (Count < _due.Length) _due[Count++] = candidate;
        else Dropped++;
    }

    /// <summary>A possible noise event; <see cref="Chance"/> decides by thinning whether it happens.</summary>
    internal readonly record struct Candidate(int Pixel, long TimeUs, bool On, bool Hot, float Chance) : IComparable<Candidate>
    {
        public int CompareTo(Candidate other)
        {
            int byPixel = Pixel.CompareTo(other.Pixel);
            if (byPixel != 0) return byPixel;
            int byTime = TimeUs.CompareTo(other.TimeUs);
            return byTime != 0 ? byTime : Chance.CompareTo(other.Chance);
        }
    }
}
