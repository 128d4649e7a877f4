using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>The analogue state of all pixels, as arrays, and the pass that moves it over a step.</summary>
/// <remarks>
/// State per pixel is d = signal − memorised value itself, not the memorised value: a leak step of 2e-6 would drown in the rounding near ln 255.
/// The pass is element-wise with a scalar twin of the same operations; the one pixel in a hundred that crosses a threshold leaves it for
/// <see cref="PixelCrossings"/>. One thread; allocation-free.
/// </remarks>
internal sealed class PixelArray
{
    private const int JitterTable = 8192;
    private readonly float[] _lp, _d, _on, _off, _onNominal, _offNominal, _leak, _input, _jitter, _level;
    private readonly float[] _before = new float[64], _change = new float[64]; // one vector each, on its way to the scalar path
    private readonly (int Pixel, float D, float Lp, float Input)[] _hidden = new (int, float, float, float)[PixelNoise.MostPerStep];
    private readonly PixelLayout _layout;
    private readonly PixelCrossings _crossings;
    private readonly RandomStream _jitterPhase;
    private readonly bool _linLog, _scalar, _desynchronised;
    private readonly float _perMicrosecond; // dt/tau per microsecond at full intensity
    private int _hiddenCount;
    private StepInterval _step;

    public PixelArray(PixelLayout layout, EventCameraOptions options, ulong seed, PixelCrossings crossings, bool scalar)
    {
        (_layout, _crossings, _scalar) = (layout, crossings, scalar);
        int n = layout.Count;
        (_lp, _d, _onNominal, _offNominal) = (new float[n], new float[n], new float[n], new float[n]);
        (_on, _off) = (new float[n], new float[n]);
        _leak = options.LeakHz > 0 ? new float[n] : [];
        _input = options.CornerHz > 0 ? new float[n] : [];
        _level = new float[n];
        Array.Fill(_level, float.NaN); // equals nothing: no frame yet
        _linLog = options.Response == LogResponse.LinLog;
        _desynchronised = options.LeakDesynchronised;
        _perMicrosecond = (float)(2 * Math.PI * options.CornerHz * 1e-6);
        _jitterPhase = RandomStream.For(seed, "camera.jitter");
        _jitter = options.LeakHz > 0 && options.LeakJitter > 0 ? new float[JitterTable + 64] : [];
        // The first values follow the last ones once more, so that a vector may start anywhere.
        for (int i = 0; i < _jitter.Length; i++) _jitter[i] = i < JitterTable ? (float)(1 + options.LeakJitter * _jitterPhase.NextGaussian()) : _jitter[i - JitterTable];
        DrawMismatch(options, seed);
    }

    public ReadOnlySpan<float> NominalOn => _onNominal;

    public ReadOnlySpan<float> NominalOff => _offNominal;

    public ReadOnlySpan<float> Difference => _d;

    public ReadOnlySpan<float> Photoreceptor => _lp;

    public void ScaleThresholds(float scale)
    {
        for (int i = 0; i < _on.Length; i++) (_on[i], _off[i]) = (_onNominal[i] * scale, _offNominal[i] * scale);
    }

    /// <summary>Takes the first frame.</summary>
    public void Begin(ReadOnlySpan<float> intensity)
    {
        for (int i = 0; i < _lp.Length; i++) Memorise(i, intensity[i]);
        if (_leak.Length == 0 || !_desynchronised) return;
        // v2e: without a random phase the first leak events of all pixels come together.
        var phase = new RandomStream(_jitterPhase.NextUInt64());
        for (int i = 0; i < _d.Length; i++) _d[i] = phase.NextSingle() * _on[i];
    }

    /// <summary>Makes a pixel memorise what it sees now.</summary>
    public void Memorise(int i, float intensity)
    {
        _lp[i] = FloatMath.Respond(intensity, _linLog);
        if (_input.Length > 0) _input[i] = _lp[i];
        _d[i] = 0;
    }

    /// <summary>Starts a step and returns its interval.</summary>
    public StepInterval BeginStep(long start, long end, long notBefore) =>
        _step = new StepInterval(start, end, notBefore, _jitter.Length > 0 ? 16 * _jitterPhase.NextInt32(JitterTable / 16) : 0);

    /// <summary>Steps the pixels that have noise candidates, event by event in time order, and hides them from the pass over the image.</summary>
    public void StepNoisy(ReadOnlySpan<float> intensity, ReadOnlySpan<PixelNoise.Candidate> due, PixelRegion region)
    {
        int pixels = 0;
        for (int i = 0; i < due.Length;)
        {
            int pixel = due[i].Pixel, first = i;
            while (i < due.Length && due[i].Pixel == pixel) i++;
            var (x, y) = _layout.Place(pixel);
            if (!region.Contains(x, y)) continue;
            float lp = _lp[pixel], a = Advance(pixel, intensity[pixel]);
            float d = _crossings.Follow(pixel, _d[pixel], a, _on[pixel], _off[pixel], due[first..i], intensity[pixel]);
            _hidden[pixels] = (pixel, d, _lp[pixel], _input.Length > 0 ? _input[pixel] : 0);
            pixels++;
            _d[pixel] = float.NaN; // no comparison holds for NaN, so the pass leaves the pixel alone
            _lp[pixel] = lp;
        }
        _hiddenCount = pixels;
    }

    /// <summary>Puts the noisy pixels back after the pass over the image.</summary>
    public void RestoreNoisy()
    {
        for (int i = 0; i < _hiddenCount; i++)
        {
            var (pixel, d, lp, input) = _hidden[i];
            _d[pixel] = d;
            _lp[pixel] = lp;
            if (_input.Length > 0) _input[pixel] = input;
        }
    }

    /// <summary>Steps the pixels [start, start + length) to the end of the interval.</summary>
    public void Step(ReadOnlySpan<float> intensity, int start, int length)
    {
        int end = start + length, i = start;
        if (!_scalar)
        {
            int lanes = Vector<float>.Count;
            for (; i <= end - lanes; i += lanes) StepVector(intensity, i);
        }
        for (; i < end; i++)
        {
            float a = Advance(i, intensity[i]), before = _d[i], d = before + a;
            _d[i] = d;
            if (d >= _on[i] || d <= -_off[i]) _d[i] = _crossings.Follow(i, before, a, _on[i], _off[i], default, 0);
        }
    }

    private void StepVector(ReadOnlySpan<float> intensity, int i)
    {
        var level = new Vector<float>(intensity[i..]);
        if (Vector.EqualsAll(level, new Vector<float>(_level, i)) && Settled(i))
        {
            // Nothing changed: the full computation below gives a = 0 for these pixels. Half of an image is often sky.
            if (_leak.Length > 0) Follow(i, Leak(i));
            else Follow(i, Vector<float>.Zero);
            return;
        }
        level.CopyTo(_level, i);
        var input = FloatMath.Respond(level, _linLog);
        Vector<float> before = new(_lp, i), lp = input;
        if (_input.Length > 0)
        {
            var previous = new Vector<float>(_input, i);
            var eps = (new Vector<float>(255f) * level + new Vector<float>(20f)) * new Vector<float>(1f / 275f) * new Vector<float>(_perMicrosecond * _step.Length);
            var keep = FloatMath.Decay(eps);
            lp = input + (before - previous) * keep - (input - previous) * ((Vector<float>.One - keep) / eps);
            input.CopyTo(_input, i);
        }
        lp.CopyTo(_lp, i);
        var a = lp - before;
        if (_leak.Length > 0) a = a + Leak(i);
        Follow(i, a);
    }

    private bool Settled(int i) => _input.Length == 0 || Vector.EqualsAll(new Vector<float>(_lp, i), new Vector<float>(_input, i));

    private Vector<float> Leak(int i)
    {
        var leak = new Vector<float>(_leak, i) * new Vector<float>((float)_step.Length);
        return _jitter.Length > 0 ? leak * new Vector<float>(_jitter, (_step.JitterPhase + i) & (JitterTable - 1)) : leak;
    }

    private void Follow(int i, Vector<float> a)
    {
        var old = new Vector<float>(_d, i);
        var d = old + a;
        d.CopyTo(_d, i);
        var fired = Vector.GreaterThanOrEqual(d, new Vector<float>(_on, i)) | Vector.LessThanOrEqual(d, -new Vector<float>(_off, i));
        ulong lanes = Lanes(fired);
        if (lanes == 0) return;
        old.CopyTo(_before);
        a.CopyTo(_change);
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            _d[i + lane] = _crossings.Follow(i + lane, _before[lane], _change[lane], _on[i + lane], _off[i + lane], default, 0);
        }
    }

    private static ulong Lanes(Vector<int> mask) => Vector<int>.Count switch
    {
        4 => mask.AsVector128().ExtractMostSignificantBits(),
        8 => mask.AsVector256().ExtractMostSignificantBits(),
        _ => mask.AsVector512().ExtractMostSignificantBits(),
    };

    /// <summary>Moves one pixel's signal to the end of the step and returns its change; the scalar twin of the first half of the pass.</summary>
    private float Advance(int i, float level)
    {
        _level[i] = level;
        float input = FloatMath.Respond(level, _linLog), before = _lp[i], lp = input;
        if (_input.Length > 0)
        {
            float previous = _input[i];
            float eps = (255f * level + 20f) * (1f / 275f) * (_perMicrosecond * _step.Length);
            float keep = FloatMath.Decay(eps);
            lp = input + (before - previous) * keep - (input - previous) * ((1f - keep) / eps);
            _input[i] = input;
        }
        _lp[i] = lp;
        float a = lp - before;
        if (_leak.Length > 0)
        {
            float leak = _leak[i] * _step.Length;
            if (_jitter.Length > 0) leak = leak * _jitter[(_step.JitterPhase + i) & (JitterTable - 1)];
            a = a + leak;
        }
        return a;
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.WriteSpan<float>(_lp);
        w.WriteSpan<float>(_d);
        w.WriteSpan<float>(_input);
        w.Write(_jitterPhase);
    }

    public void Thaw(ref StateReader r)
    {
        r.ReadSpan<float>(_lp);
        r.ReadSpan<float>(_d);
        r.ReadSpan<float>(_input);
        r.Read(_jitterPhase);
        Array.Fill(_level, float.NaN); // only spares work; what follows is the same with or without it
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add((ReadOnlySpan<float>)_lp);
        hasher.Add((ReadOnlySpan<float>)_d);
        hasher.Add((ReadOnlySpan<float>)_input);
        _jitterPhase.AddTo(ref hasher);
    }

    private void DrawMismatch(EventCameraOptions options, ulong seed)
    {
        var mismatch = RandomStream.For(seed, "camera.mismatch");
        for (int i = 0; i < _on.Length; i++)
        {
            _onNominal[i] = (float)Math.Max(0.01, options.ThresholdOn + options.ThresholdSigma * mismatch.NextGaussian());
            _offNominal[i] = (float)Math.Max(0.01, options.ThresholdOff + options.ThresholdSigma * mismatch.NextGaussian());
        }
        var leak = RandomStream.For(seed, "camera.leak");
        for (int i = 0; i < _leak.Length; i++)
        {
            double spread = DeterministicMath.Exp(2.302585092994046 * options.LeakCovDecades * leak.NextGaussian());
            _leak[i] = (float)(options.LeakHz * spread * _onNominal[i] * 1e-6);
        }
    }
}
