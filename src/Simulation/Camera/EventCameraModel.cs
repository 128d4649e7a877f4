using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>Turns intensity frames into events: the pixel array of an event camera with the non-idealities of v2e and the timing of ESIM.</summary>
/// <remarks>
/// <para>Between two frames the (low-passed) log signal of a pixel is a straight line; each crossing of a threshold gives an event at the
/// interpolated microsecond, in (t0, t1]. State per pixel is d = signal − memorised value itself, not the memorised value: a leak step of 2e-6
/// would drown in the rounding near ln 255.</para>
/// <para>Frames may come at any spacing. Sources: ESIM (rpg_esim), v2e (emulator.py). The photoreceptor low-pass is solved exactly for a
/// linear input instead of v2e's Euler step, so it needs no sub-steps and is right for any frame spacing.</para>
/// <para>Same seed and frames give identical events on every vector width. One thread; <see cref="Step"/> does not allocate.</para>
/// <example><code>
/// var camera = new EventCameraModel(346, 260, EventCameraOptions.Default, seed: 1);
/// var events = new EventPacket(1 &lt;&lt; 16);
/// camera.Step(frame0, 0, events);      // the first frame only sets the reference
/// camera.Step(frame1, 1000, events);   // events of the first millisecond
/// </code></example>
/// </remarks>
public sealed class EventCameraModel : IFreezable, IPayload
{
    private const int JitterTable = 8192;
    private readonly float[] _lp, _d, _on, _off, _onNominal, _offNominal, _leak, _input, _jitter;
    private readonly long[] _last;
    private readonly ulong[] _scratch;
    private readonly byte[] _labels;
    private readonly (int Pixel, float D, float Lp, float Input)[] _hidden = new (int, float, float, float)[PixelNoise.MostPerStep];
    private readonly EventSort _sort;
    private readonly PixelNoise _noise;
    private readonly RandomStream _jitterPhase;
    private readonly bool _linLog, _scalar, _hold;
    private readonly long _refractory;
    private readonly ulong _perLine; // 2^40 / length of a line, rounded up: exact quotients for the at most 2^24 pixels, without a division
    private readonly float _perMicrosecond; // dt/tau per microsecond at full intensity
    private PixelRegion _region, _stepped;
    private long _notBefore;
    private int _count, _leftOut;
    private Interval _step;

    /// <summary>Makes a camera that has seen nothing yet.</summary>
    /// <param name="width">Columns, in [1, 4096].</param>
    /// <param name="height">Rows, in [1, 4096].</param>
    /// <param name="options">The pixels' properties.</param>
    /// <param name="seed">Seed of mismatch and noise.</param>
    /// <param name="order">How the frames lie in memory.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public EventCameraModel(int width, int height, EventCameraOptions options, ulong seed, PixelOrder order = PixelOrder.Rows)
        : this(width, height, options, seed, order, scalar: false) { }

    internal EventCameraModel(int width, int height, EventCameraOptions options, ulong seed, PixelOrder order, bool scalar)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (width is < 1 or > 4096 || height is < 1 or > 4096)
        {
            throw new ArgumentException($"Event camera is {width}x{height}; each side must be in [1, 4096].");
        }
        options.Check();
        (Width, Height, Options, Order, _scalar) = (width, height, options, order, scalar);
        int n = width * height;
        (_lp, _d, _onNominal, _offNominal) = (new float[n], new float[n], new float[n], new float[n]);
        (_on, _off) = (new float[n], new float[n]);
        _leak = options.LeakHz > 0 ? new float[n] : [];
        _input = options.CornerHz > 0 ? new float[n] : [];
        _last = new long[n];
        int capacity = Math.Max(65536, 4 * n);
        _scratch = GC.AllocateUninitializedArray<ulong>(capacity);
        _labels = new byte[capacity];
        _sort = new EventSort(capacity);
        _linLog = options.Response == LogResponse.LinLog;
        _perMicrosecond = (float)(2 * Math.PI * options.CornerHz * 1e-6);
        _refractory = options.RefractoryUs;
        _hold = options.Refractory == RefractoryMode.HoldReset && options.RefractoryUs > 0;
        int line = order == PixelOrder.Rows ? width : height;
        _perLine = ((1UL << 40) + (ulong)line - 1) / (ulong)line;
        _jitterPhase = RandomStream.For(seed, "camera.jitter");
        _jitter = options.LeakHz > 0 && options.LeakJitter > 0 ? new float[JitterTable] : [];
        for (int i = 0; i < _jitter.Length; i++) _jitter[i] = (float)(1 + options.LeakJitter * _jitterPhase.NextGaussian());
        DrawMismatch(seed);
        _noise = new PixelNoise(n, options, seed, _onNominal, _offNominal);
        ThresholdScale = 1;
        ApplyThresholds();
    }

    /// <summary>Gets the columns.</summary>
    public int Width { get; }

    /// <summary>Gets the rows.</summary>
    public int Height { get; }

    /// <summary>Gets how frames lie in memory.</summary>
    public PixelOrder Order { get; }

    /// <summary>Gets the pixels' properties.</summary>
    public EventCameraOptions Options { get; }

    /// <summary>Gets the time of the newest frame in microseconds; meaningless before <see cref="Started"/>.</summary>
    public long TimeUs { get; private set; }

    /// <summary>Gets whether a first frame was given.</summary>
    public bool Started { get; private set; }

    /// <summary>Gets the multiplier on all thresholds; 1 = nominal.</summary>
    public float ThresholdScale { get; private set; }

    /// <summary>Gets how many events from scene and leak were made.</summary>
    public long SignalEvents { get; private set; }

    /// <summary>Gets how many events from shot noise and hot pixels were made.</summary>
    public long NoiseEvents { get; private set; }

    /// <summary>Gets how many events found no room inside a step (more than four per pixel) or in the packet.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets or sets whether <see cref="LastLabels"/> is filled.</summary>
    public bool KeepLabels { get; set; }

    /// <summary>Gets the origin of each event that the last <see cref="Step"/> appended, in the same order; empty unless <see cref="KeepLabels"/>.</summary>
    public ReadOnlySpan<PixelLabel> LastLabels => MemoryMarshal.Cast<byte, PixelLabel>(_labels.AsSpan(0, KeepLabels ? _count : 0));

    /// <summary>Gets or sets the part of the image that is read; pixels outside are held in reset and start anew when they come back.</summary>
    /// <remarks>Clipped to the sensor; what lies fully outside counts as "all".</remarks>
    public PixelRegion Region
    {
        get => _region;
        set
        {
            int w = Math.Min((int)value.Width, Width - value.X), h = Math.Min((int)value.Height, Height - value.Y);
            bool all = value.IsAll || w <= 0 || h <= 0 || (w == Width && h == Height);
            _region = all ? default : new PixelRegion(value.X, value.Y, (ushort)w, (ushort)h);
        }
    }

    /// <summary>Gets the region of the last frame.</summary>
    internal PixelRegion SteppedRegion => _stepped;

    internal ReadOnlySpan<float> ThresholdsOn => _on;

    internal ReadOnlySpan<float> Difference => _d;

    internal ReadOnlySpan<float> Photoreceptor => _lp;

    /// <summary>Sets the multiplier on all thresholds.</summary>
    /// <param name="scale">Finite, in [0.1, 20]; values outside are clipped, NaN counts as 1.</param>
    public void SetThresholdScale(float scale)
    {
        scale = float.IsNaN(scale) ? 1f : Math.Clamp(scale, 0.1f, 20f);
        if (scale == ThresholdScale) return;
        ThresholdScale = scale;
        ApplyThresholds();
    }

    /// <summary>Takes the next frame and appends the events since the last one, sorted by time.</summary>
    /// <param name="intensity">Width·Height intensities in [0, 1], in <see cref="Order"/>; not checked for NaN.</param>
    /// <param name="timeUs">The frame's time in microseconds; later than the last one.</param>
    /// <param name="output">Receives the events; what does not fit is counted there and in <see cref="Dropped"/>.</param>
    /// <exception cref="ArgumentException">Wrong number of pixels, or time did not advance.</exception>
    public void Step(ReadOnlySpan<float> intensity, long timeUs, EventPacket output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (intensity.Length != _d.Length) throw new ArgumentException($"Frame has {intensity.Length} pixels, the camera has {Width}x{Height}.");
        _count = 0;
        if (!Started)
        {
            Begin(intensity, timeUs);
            return;
        }
        if (timeUs <= _notBefore || timeUs - TimeUs > uint.MaxValue)
        {
            throw new ArgumentException($"Frame is of {timeUs} us, the last one was of {_notBefore} us; time must advance, by less than 71 minutes.");
        }
        _step = new Interval(TimeUs, timeUs, _jitter.Length > 0 ? 16 * _jitterPhase.NextInt32(JitterTable / 16) : 0);
        if (_region != _stepped) Enter(intensity);
        _noise.Draw(timeUs);
        int noisy = StepNoisyPixels(intensity);
        StepRegion(intensity);
        RestoreNoisyPixels(noisy);
        TimeUs = timeUs;
        _notBefore = timeUs;
        Deliver(output);
    }

    /// <summary>Says that the scene stood still until <paramref name="timeUs"/>, so that events of the next step come after it.</summary>
    /// <remarks>Lets a caller close a packet's time window without the cost of a frame in which nothing moved.</remarks>
    public void Hold(long timeUs) => _notBefore = Math.Max(_notBefore, timeUs);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new FrozenWriter(writer);
        w.Write(Started);
        w.Write(TimeUs);
        w.Write(_notBefore);
        w.Write(ThresholdScale);
        w.Write((long)Pack(_region));
        w.Write((long)Pack(_stepped));
        w.Write(SignalEvents);
        w.Write(NoiseEvents);
        w.Write(Dropped);
        w.Write<float>(_lp);
        w.Write<float>(_d);
        w.Write<float>(_input);
        w.Write<long>(_last);
        w.Write(_jitterPhase);
        _noise.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new FrozenReader(state, "event camera");
        Thaw(ref r);
        r.End();
    }

    internal void Thaw(ref FrozenReader r)
    {
        Started = r.ReadBool();
        TimeUs = r.ReadInt64();
        _notBefore = r.ReadInt64();
        SetThresholdScaleExactly((float)r.ReadDouble());
        _region = Unpack((ulong)r.ReadInt64());
        _stepped = Unpack((ulong)r.ReadInt64());
        SignalEvents = r.ReadInt64();
        NoiseEvents = r.ReadInt64();
        Dropped = r.ReadInt64();
        r.Read<float>(_lp);
        r.Read<float>(_d);
        r.Read<float>(_input);
        r.Read<long>(_last);
        r.Read(_jitterPhase);
        _noise.Thaw(ref r);
        _count = 0;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(TimeUs);
        hasher.Add(_notBefore);
        hasher.Add(ThresholdScale);
        hasher.Add(Pack(_region));
        hasher.Add(_lp);
        hasher.Add(_d);
        hasher.Add(_input);
        hasher.AddBytes(MemoryMarshal.AsBytes<long>(_last));
        _jitterPhase.AddTo(ref hasher);
        _noise.AddTo(ref hasher);
    }

    private static ulong Pack(PixelRegion r) => r.X | ((ulong)r.Y << 16) | ((ulong)r.Width << 32) | ((ulong)r.Height << 48);

    private static PixelRegion Unpack(ulong v) => new((ushort)v, (ushort)(v >> 16), (ushort)(v >> 32), (ushort)(v >> 48));

    private void SetThresholdScaleExactly(float scale)
    {
        if (!(scale >= 0.1f && scale <= 20f)) throw new InvalidDataException($"State of event camera: threshold scale is {scale}, must be in [0.1, 20].");
        ThresholdScale = scale;
        for (int i = 0; i < _on.Length; i++) (_on[i], _off[i]) = (_onNominal[i] * scale, _offNominal[i] * scale);
    }

    private void DrawMismatch(ulong seed)
    {
        var mismatch = RandomStream.For(seed, "camera.mismatch");
        for (int i = 0; i < _on.Length; i++)
        {
            _onNominal[i] = (float)Math.Max(0.01, Options.ThresholdOn + Options.ThresholdSigma * mismatch.NextGaussian());
            _offNominal[i] = (float)Math.Max(0.01, Options.ThresholdOff + Options.ThresholdSigma * mismatch.NextGaussian());
        }
        var leak = RandomStream.For(seed, "camera.leak");
        for (int i = 0; i < _leak.Length; i++)
        {
            double spread = DeterministicMath.Exp(2.302585092994046 * Options.LeakCovDecades * leak.NextGaussian());
            _leak[i] = (float)(Options.LeakHz * spread * _onNominal[i] * 1e-6);
        }
    }

    private void ApplyThresholds()
    {
        SetThresholdScaleExactly(ThresholdScale);
        if (Started) StartNoise();
    }

    private void StartNoise() => _noise.SetRate(ThresholdScale, TimeUs);

    private void Begin(ReadOnlySpan<float> intensity, long timeUs)
    {
        Started = true;
        TimeUs = timeUs;
        _notBefore = timeUs;
        _stepped = _region;
        Array.Fill(_last, long.MinValue / 2);
        for (int i = 0; i < _lp.Length; i++) Memorise(i, intensity[i]);
        if (_leak.Length > 0 && Options.LeakDesynchronised)
        {
            // v2e: without a random phase the first leak events of all pixels come together.
            var phase = new RandomStream(_jitterPhase.NextUInt64());
            for (int i = 0; i < _d.Length; i++) _d[i] = phase.NextSingle() * _on[i];
        }
        StartNoise();
    }

    private void Memorise(int i, float intensity)
    {
        _lp[i] = FloatMath.Respond(intensity, _linLog);
        if (_input.Length > 0) _input[i] = _lp[i];
        _d[i] = 0;
    }

    private void Enter(ReadOnlySpan<float> intensity)
    {
        for (int i = 0; i < _d.Length; i++)
        {
            (int x, int y) = Place(i);
            if (_region.Contains(x, y) && !_stepped.Contains(x, y)) Memorise(i, intensity[i]);
        }
        _stepped = _region;
    }

    private (int X, int Y) Place(int i)
    {
        int line = (int)(((ulong)i * _perLine) >> 40);
        return Order == PixelOrder.Rows ? (i - line * Width, line) : (line, i - line * Height);
    }

    /// <summary>Steps the pixels that have noise candidates, event by event in time order, and hides them from the pass over the image.</summary>
    private int StepNoisyPixels(ReadOnlySpan<float> intensity)
    {
        int pixels = 0;
        var due = _noise.Due;
        for (int i = 0; i < due.Length;)
        {
            int pixel = due[i].Pixel, first = i;
            while (i < due.Length && due[i].Pixel == pixel) i++;
            (int x, int y) = Place(pixel);
            if (!_region.Contains(x, y)) continue;
            float lp = _lp[pixel], a = Advance(pixel, intensity[pixel]);
            Cross(pixel, _d[pixel], a, due[first..i], intensity[pixel]);
            _hidden[pixels] = (pixel, _d[pixel], _lp[pixel], _input.Length > 0 ? _input[pixel] : 0);
            pixels++;
            _d[pixel] = float.NaN; // no comparison holds for NaN, so the pass leaves the pixel alone
            _lp[pixel] = lp;
        }
        return pixels;
    }

    private void RestoreNoisyPixels(int pixels)
    {
        for (int i = 0; i < pixels; i++)
        {
            var (pixel, d, lp, input) = _hidden[i];
            _d[pixel] = d;
            _lp[pixel] = lp;
            if (_input.Length > 0) _input[pixel] = input;
        }
    }

    private void StepRegion(ReadOnlySpan<float> intensity)
    {
        if (_region.IsAll)
        {
            StepRun(intensity, 0, _d.Length);
            return;
        }
        bool rows = Order == PixelOrder.Rows;
        int lines = rows ? _region.Height : _region.Width, length = rows ? _region.Width : _region.Height;
        int start = rows ? _region.Y * Width + _region.X : _region.X * Height + _region.Y, stride = rows ? Width : Height;
        for (int line = 0; line < lines; line++) StepRun(intensity, start + line * stride, length);
    }

    private void StepRun(ReadOnlySpan<float> intensity, int start, int length)
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
            if (d >= _on[i] || d <= -_off[i]) Cross(i, before, a, default, 0);
        }
    }

    private void StepVector(ReadOnlySpan<float> intensity, int i)
    {
        var level = new Vector<float>(intensity[i..]);
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
        if (_leak.Length > 0)
        {
            var leak = new Vector<float>(_leak, i) * new Vector<float>((float)_step.Length);
            if (_jitter.Length > 0) leak = leak * JitterVector(i);
            a = a + leak;
        }
        var old = new Vector<float>(_d, i);
        var d = old + a;
        d.CopyTo(_d, i);
        var fired = Vector.GreaterThanOrEqual(d, new Vector<float>(_on, i)) | Vector.LessThanOrEqual(d, -new Vector<float>(_off, i));
        ulong lanes = Lanes(fired);
        if (lanes == 0) return;
        Span<float> olds = stackalloc float[Vector<float>.Count], changes = stackalloc float[Vector<float>.Count];
        old.CopyTo(olds);
        a.CopyTo(changes);
        for (; lanes != 0; lanes &= lanes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(lanes);
            Cross(i + lane, olds[lane], changes[lane], default, 0);
        }
    }

    private static ulong Lanes(Vector<int> mask) => Vector<int>.Count switch
    {
        4 => mask.AsVector128().ExtractMostSignificantBits(),
        8 => mask.AsVector256().ExtractMostSignificantBits(),
        _ => mask.AsVector512().ExtractMostSignificantBits(),
    };

    // Lanes of a vector never wrap when the start does not: lane counts divide 16, and so does the phase. A region's run may start anywhere,
    // so the table is read lane by lane there.
    private Vector<float> JitterVector(int i)
    {
        int at = (_step.JitterPhase + i) & (JitterTable - 1);
        if (at + Vector<float>.Count <= JitterTable) return new Vector<float>(_jitter, at);
        Span<float> lanes = stackalloc float[Vector<float>.Count];
        for (int lane = 0; lane < lanes.Length; lane++) lanes[lane] = _jitter[(at + lane) & (JitterTable - 1)];
        return new Vector<float>(lanes);
    }

    /// <summary>Moves one pixel's signal to the end of the step and returns its change; the scalar twin of the first half of the pass.</summary>
    private float Advance(int i, float level)
    {
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

    /// <summary>Follows one pixel's straight line through the step: the notes' crossing loop, with the three refractory modes and noise.</summary>
    /// <param name="i">The pixel.</param>
    /// <param name="before">d at the start of the step; +∞ = blind since an event of an earlier step.</param>
    /// <param name="a">Change of the signal over the step.</param>
    /// <param name="noise">The pixel's noise candidates, by time.</param>
    /// <param name="level">Intensity, for the rate of shot noise; unused without candidates.</param>
    private void Cross(int i, float before, float a, ReadOnlySpan<PixelNoise.Candidate> noise, float level)
    {
        double s = 0, d = before, slope = a, on = _on[i], off = _off[i];
        double perStep = _step.PerStep;
        long refractory = _refractory;
        bool hold = _hold;
        int next = 0;
        if (double.IsPositiveInfinity(d))
        {
            s = (_last[i] + refractory - _step.Start) * perStep;
            d = 0;
        }
        while (true)
        {
            if (s >= 1)
            {
                _d[i] = float.PositiveInfinity; // still blind at the end of the step
                return;
            }
            double end = d + slope * (1 - s);
            int polarity = end >= on || d >= on ? 1 : end <= -off || d <= -off ? 0 : -1;
            double at = 2;
            if (polarity >= 0)
            {
                double level1 = polarity == 1 ? on : -off, missing = level1 - d;
                bool beyond = polarity == 1 ? missing <= 0 : missing >= 0;
                at = beyond ? s : Math.Min(1, s + missing / slope);
            }
            if (next < noise.Length && Fraction(noise[next].TimeUs, perStep) <= at)
            {
                ref readonly var candidate = ref noise[next++];
                double when = Fraction(candidate.TimeUs, perStep);
                if (when < s) continue; // blind at that moment
                if (!Accept(candidate, level) || candidate.TimeUs - _last[i] < refractory) continue;
                Emit(i, Math.Max(candidate.TimeUs, _notBefore + 1), candidate.On ? 1 : 0, PixelLabel.Noise);
                (s, d) = (when, 0);
                if (hold) s = (candidate.TimeUs + refractory - _step.Start) * perStep;
                else if (s >= 1) break;
                continue;
            }
            if (polarity < 0)
            {
                d = end;
                break;
            }
            d = d + slope * (at - s);
            s = at;
            long time = Math.Clamp(_step.Start + (long)Math.Ceiling(s * _step.Length), _notBefore + 1, _step.End);
            double moved = polarity == 1 ? on : -off;
            if (refractory == 0 || time - _last[i] >= refractory)
            {
                Emit(i, time, polarity, PixelLabel.Signal);
                d -= moved;
                if (hold)
                {
                    d = 0;
                    s = (time + refractory - _step.Start) * perStep;
                    continue;
                }
            }
            else if (Options.Refractory == RefractoryMode.V2eKeep)
            {
                double free = (_last[i] + refractory - _step.Start) * perStep;
                if (free >= 1)
                {
                    d = d + slope * (1 - s);
                    break;
                }
                d = d + slope * (free - s);
                s = free;
                continue;
            }
            else
            {
                d -= moved;
            }
            if (s >= 1) break;
        }
        _d[i] = (float)d;
    }

    private double Fraction(long timeUs, double perStep) => (timeUs - _step.Start) * perStep;

    // v2e: shot noise falls to a quarter from dark to full intensity.
    private static bool Accept(in PixelNoise.Candidate candidate, float level) => candidate.Hot || candidate.Chance < 1 - 0.75 * ((255.0 * level + 20) / 275);

    private void Emit(int i, long timeUs, int polarity, PixelLabel label)
    {
        _last[i] = timeUs;
        if (label == PixelLabel.Signal) SignalEvents++;
        else NoiseEvents++;
        if (_count == _scratch.Length)
        {
            _leftOut++;
            return;
        }
        _scratch[_count++] = ((ulong)(timeUs - _step.Start) << 32) | (uint)(i << 2) | ((uint)label << 1) | (uint)polarity;
    }

    private void Deliver(EventPacket output)
    {
        var items = _scratch.AsSpan(0, _count);
        _sort.Sort(items);
        (output.Width, output.Height) = (Width, Height);
        var free = output.Free;
        int n = Math.Min(items.Length, free.Length);
        for (int k = 0; k < n; k++)
        {
            ulong item = items[k];
            uint low = (uint)item;
            (int x, int y) = Place((int)(low >> 2));
            free[k] = new Event(_step.Start + (long)(item >> 32), (ushort)x, (ushort)y, (byte)(low & 1));
        }
        if (KeepLabels)
        {
            for (int k = 0; k < n; k++) _labels[k] = (byte)(items[k] >> 1 & 1);
        }
        output.Advance(n);
        int lost = items.Length - n + _leftOut;
        output.CountDropped(lost);
        Dropped += lost;
        (_count, _leftOut) = (n, 0);
    }

    private readonly struct Interval(long start, long end, int jitterPhase)
    {
        public readonly long Start = start, End = end, Length = end - start;
        public readonly double PerStep = 1.0 / (end - start);
        public readonly int JitterPhase = jitterPhase;
    }
}
