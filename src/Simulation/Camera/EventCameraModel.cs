using System.Buffers;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>Turns intensity frames into events: the pixel array of an event camera with the non-idealities of v2e and the timing of ESIM.</summary>
/// <remarks>
/// <para>Between two frames the (low-passed) log signal of a pixel is a straight line; each crossing of a threshold gives an event at the
/// interpolated microsecond, in (t0, t1].</para>
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
    private readonly PixelLayout _layout;
    private readonly PixelArray _pixels;
    private readonly PixelCrossings _crossings;
    private readonly PixelNoise _noise;
    private readonly byte[] _labels;
    private PixelRegion _region, _stepped;
    private long _notBefore;
    private int _labelCount;

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
        (Width, Height, Options, Order) = (width, height, options, order);
        _layout = new PixelLayout(width, height, order);
        _crossings = new PixelCrossings(_layout.Count, options);
        _pixels = new PixelArray(_layout, options, seed, _crossings, scalar);
        _noise = new PixelNoise(_layout.Count, options, seed, _pixels.NominalOn, _pixels.NominalOff);
        _labels = new byte[_crossings.Capacity];
        ApplyScale(1);
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
    public long SignalEvents => _crossings.SignalEvents;

    /// <summary>Gets how many events from shot noise and hot pixels were made.</summary>
    public long NoiseEvents => _crossings.NoiseEvents;

    /// <summary>Gets how many events found no room inside a step (more than four per pixel) or in the packet.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets or sets whether <see cref="LastLabels"/> is filled.</summary>
    public bool KeepLabels { get; set; }

    /// <summary>Gets the origin of each event that the last <see cref="Step"/> appended, in the same order; empty unless <see cref="KeepLabels"/>.</summary>
    public ReadOnlySpan<PixelLabel> LastLabels => MemoryMarshal.Cast<byte, PixelLabel>(_labels.AsSpan(0, KeepLabels ? _labelCount : 0));

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

    internal ReadOnlySpan<float> ThresholdsOn => _pixels.NominalOn;

    internal ReadOnlySpan<float> Difference => _pixels.Difference;

    internal ReadOnlySpan<float> Photoreceptor => _pixels.Photoreceptor;

    /// <summary>Sets the multiplier on all thresholds.</summary>
    /// <param name="scale">Finite, in [0.1, 20]; values outside are clipped, NaN counts as 1.</param>
    public void SetThresholdScale(float scale)
    {
        scale = float.IsNaN(scale) ? 1f : Math.Clamp(scale, 0.1f, 20f);
        if (scale == ThresholdScale) return;
        ApplyScale(scale);
        if (Started) _noise.SetRate(scale, TimeUs);
    }

    /// <summary>Takes the next frame and appends the events since the last one, sorted by time.</summary>
    /// <param name="intensity">Width·Height intensities in [0, 1], in <see cref="Order"/>; not checked for NaN.</param>
    /// <param name="timeUs">The frame's time in microseconds; later than the last one.</param>
    /// <param name="output">Receives the events; what does not fit is counted there and in <see cref="Dropped"/>.</param>
    /// <exception cref="ArgumentException">Wrong number of pixels, or time did not advance.</exception>
    public void Step(ReadOnlySpan<float> intensity, long timeUs, EventPacket output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (intensity.Length != _layout.Count) throw new ArgumentException($"Frame has {intensity.Length} pixels, the camera has {Width}x{Height}.");
        _labelCount = 0;
        if (!Started)
        {
            Begin(intensity, timeUs);
            return;
        }
        if (timeUs <= _notBefore || timeUs - TimeUs > uint.MaxValue)
        {
            throw new ArgumentException($"Frame is of {timeUs} us, the last one was of {_notBefore} us; time must advance, by less than 71 minutes.");
        }
        var step = _pixels.BeginStep(TimeUs, timeUs, _notBefore);
        _crossings.Begin(step);
        if (_region != _stepped) Enter(intensity);
        _noise.Draw(timeUs);
        _pixels.StepNoisy(intensity, _noise.Due, _region);
        var (start, lines, length) = _layout.LinesOf(_region);
        for (int line = 0; line < lines; line++) _pixels.Step(intensity, start + line * _layout.Stride, length);
        _pixels.RestoreNoisy();
        TimeUs = timeUs;
        _notBefore = timeUs;
        Deliver(step.Start, output);
    }

    /// <summary>Says that the scene stood still until <paramref name="timeUs"/>, so that events of the next step come after it.</summary>
    /// <remarks>Lets a caller close a packet's time window without the cost of a frame in which nothing moved.</remarks>
    public void Hold(long timeUs) => _notBefore = Math.Max(_notBefore, timeUs);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Started);
        w.Write(TimeUs);
        w.Write(_notBefore);
        w.Write(ThresholdScale);
        w.Write(Pack(_region));
        w.Write(Pack(_stepped));
        w.Write(Dropped);
        _pixels.Freeze(writer);
        _crossings.Freeze(w);
        _noise.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Event camera");
        Thaw(ref r);
        r.End();
    }

    internal void Thaw(ref StateReader r)
    {
        Started = r.ReadBoolean();
        TimeUs = r.Read<long>();
        _notBefore = r.Read<long>();
        float scale = r.Read<float>();
        r.Require(scale is >= 0.1f and <= 20f, "a threshold scale outside [0.1, 20]");
        ApplyScale(scale);
        _region = Unpack(r.Read<ulong>());
        _stepped = Unpack(r.Read<ulong>());
        Dropped = r.Read<long>();
        _pixels.Thaw(ref r);
        _crossings.Thaw(ref r);
        _noise.Thaw(ref r);
        _labelCount = 0;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(TimeUs);
        hasher.Add(_notBefore);
        hasher.Add(ThresholdScale);
        hasher.Add(Pack(_region));
        _pixels.AddTo(ref hasher);
        hasher.AddBytes(MemoryMarshal.AsBytes(_crossings.Last));
        _noise.AddTo(ref hasher);
    }

    private static ulong Pack(PixelRegion r) => r.X | ((ulong)r.Y << 16) | ((ulong)r.Width << 32) | ((ulong)r.Height << 48);

    private static PixelRegion Unpack(ulong v) => new((ushort)v, (ushort)(v >> 16), (ushort)(v >> 32), (ushort)(v >> 48));

    private void ApplyScale(float scale)
    {
        ThresholdScale = scale;
        _pixels.ScaleThresholds(scale);
    }

    private void Begin(ReadOnlySpan<float> intensity, long timeUs)
    {
        Started = true;
        TimeUs = timeUs;
        _notBefore = timeUs;
        _stepped = _region;
        _pixels.Begin(intensity);
        _noise.SetRate(ThresholdScale, timeUs);
    }

    private void Enter(ReadOnlySpan<float> intensity)
    {
        for (int i = 0; i < intensity.Length; i++)
        {
            (int x, int y) = _layout.Place(i);
            if (_region.Contains(x, y) && !_stepped.Contains(x, y)) _pixels.Memorise(i, intensity[i]);
        }
        _stepped = _region;
    }

    private void Deliver(long start, EventPacket output)
    {
        var items = _crossings.Sorted();
        (output.Width, output.Height) = (Width, Height);
        var free = output.Free;
        int n = Math.Min(items.Length, free.Length);
        for (int k = 0; k < n; k++)
        {
            ulong item = items[k];
            uint low = (uint)item;
            (int x, int y) = _layout.Place((int)(low >> 2));
            free[k] = new Event(start + (long)(item >> 32), (ushort)x, (ushort)y, (byte)(low & 1));
        }
        if (KeepLabels)
        {
            for (int k = 0; k < n; k++) _labels[k] = (byte)(items[k] >> 1 & 1);
        }
        output.Advance(n);
        int lost = items.Length - n + _crossings.LeftOut;
        output.CountDropped(lost);
        Dropped += lost;
        _labelCount = n;
    }
}
