using System.Buffers;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>Boxes fast-moving things in a stream of events with one spiking layer, without training (DOTIE, arXiv 2210.00975).</summary>
/// <remarks>
/// Events are counted per bin (both polarities, saturating at 255), convolved with the paper's 3×3 kernel and fed to leaky integrate-and-fire
/// neurons (<see cref="LifKernel"/> gives the order of the update). Spikes are dilated and closed by a centred box; the pixels with
/// events under that mask are clustered by DBSCAN, and clusters with a long enough diagonal become <see cref="Boxes"/>.
/// <para>Any period: a packet longer than the nominal bin is cut into equal bins of at most that length; a shorter one is one bin whose
/// leak and gain are those of its length, so a neuron's rest level depends on the event rate alone. Boxes are made from the newest bins
/// that together span at most one nominal bin. Time between packets is a bin without events.</para>
/// <para>Work is skipped exactly: a block of 64 pixels whose potentials are all zero and that has no event in reach stays zero by the very
/// equation (potentials under 2⁻²⁰ of the threshold are set to zero in every path, so silent pixels reach that state in about 12 bins).</para>
/// Loop thread only; allocates nothing after construction; deterministic on every vector width. Work per packet is bounded by
/// events + bins × pixels.
/// </remarks>
public sealed class DotieDetector : IFreezable, IPayload
{
    private const int Margin = 16; // zeros about a row of counts, so that the kernel may read one column outside
    private readonly DotieOptions _options;
    private readonly LifStep[] _steps;
    private readonly byte[] _counts;
    private readonly float[] _potentials;
    private readonly ulong[] _live, _touched;
    private readonly int _blocks, _blockWords, _countStride;
    private readonly BinHistory _history;
    private readonly BitImage _kept, _mask;
    private readonly Morphology _morphology;
    private readonly GridDbscan _clusters;
    private readonly PixelBox[] _boxes;
    private readonly float _minimumDiagonalSquared;
    private long _endUs;
    private bool _hasEnd;

    /// <summary>Makes a detector at rest.</summary>
    /// <param name="width">Sensor columns, 1 … 4096.</param>
    /// <param name="height">Sensor rows, 1 … 4096.</param>
    /// <param name="options">The constants; null = the paper's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or an option is outside its range.</exception>
    public DotieDetector(int width, int height, DotieOptions? options = null)
    {
        OptionRange.Check(width is >= 1 and <= 4096, nameof(DotieDetector), nameof(width), width, "must be in [1, 4096]");
        OptionRange.Check(height is >= 1 and <= 4096, nameof(DotieDetector), nameof(height), height, "must be in [1, 4096]");
        _options = options ?? new DotieOptions();
        _options.Validate();
        Width = width;
        Height = height;
        _steps = new LifStep[_options.BinUs + 1];
        for (int us = 1; us <= _options.BinUs; us++) _steps[us] = LifStep.For(us, _options);
        _blocks = (width + LifKernel.Block - 1) / LifKernel.Block;
        _blockWords = (_blocks + 63) >> 6;
        _countStride = _blocks * LifKernel.Block + 2 * Margin;
        _counts = new byte[_countStride * (height + 2)];
        _potentials = new float[_blocks * LifKernel.Block * height];
        _live = new ulong[_blockWords * height];
        _touched = new ulong[_blockWords * (height + 2)];
        _history = new BinHistory(width, height, _options.BinUs);
        _kept = new BitImage(width, height);
        _mask = new BitImage(width, height);
        _morphology = new Morphology(_mask, _options.KernelSize);
        _clusters = new GridDbscan(width, height, _options.ClusterRadius, _options.ClusterMinimum);
        _boxes = new PixelBox[_options.MaxBoxes];
        _minimumDiagonalSquared = _options.MinimumDiagonalSquared * (width * width + height * height) / (346 * 346 + 260 * 260);
    }

    /// <summary>Gets the sensor's columns.</summary>
    public int Width { get; }

    /// <summary>Gets the sensor's rows.</summary>
    public int Height { get; }

    /// <summary>Gets the boxes of the last packet, by the row-major place of their first core pixel; valid until the next call.</summary>
    public ReadOnlySpan<PixelBox> Boxes => _boxes.AsSpan(0, BoxCount);

    /// <summary>Gets how many boxes there are.</summary>
    public int BoxCount { get; private set; }

    /// <summary>Gets how many boxes of the last packet did not fit into <see cref="DotieOptions.MaxBoxes"/>.</summary>
    public int BoxesDropped { get; private set; }

    /// <summary>Gets how many pixels with events lay under the spike mask in the last packet.</summary>
    public int KeptPixels { get; private set; }

    /// <summary>Gets how many neurons spiked in the newest span of one nominal bin.</summary>
    public int SpikeCount { get; private set; }

    /// <summary>Gets how many events were ignored because they lie outside the sensor, since construction.</summary>
    public long IgnoredEvents { get; private set; }

    /// <summary>Gets the membrane potentials in units of the threshold, [row, column padded to a multiple of 64].</summary>
    internal ReadOnlySpan<float> Potentials => _potentials;

    /// <summary>Gets the padded length of a row of <see cref="Potentials"/>.</summary>
    internal int PotentialStride => _blocks * LifKernel.Block;

    /// <summary>Gets the spikes of the newest bin.</summary>
    internal BitImage Spikes => _history.Spikes;

    /// <summary>Gets the pixels of the last packet that were clustered.</summary>
    internal BitImage Kept => _kept;

    /// <summary>Gets or sets whether blocks at rest are skipped; off only in the test that both ways agree.</summary>
    internal bool SkipsRest { get; set; } = true;

    /// <summary>Takes one packet and finds the boxes at its end.</summary>
    /// <param name="packet">The events; the window's length sets the bins. Events are binned in the order of arrival: one older than its bin counts in the present bin.</param>
    /// <param name="dt">The length of the window when the packet does not say (end not after start).</param>
    public void Detect(EventPacket packet, Duration dt)
    {
        long start = packet.StartUs, length = packet.EndUs - packet.StartUs;
        if (length <= 0) length = Math.Max(1, dt.Nanoseconds / 1000);
        if (_hasEnd && start > _endUs) Rest(start - _endUs);
        _endUs = start + length;
        _hasEnd = true;

        long bins = Math.Min((length + _options.BinUs - 1) / _options.BinUs, _options.MaxBinsPerPacket);
        var events = packet.Events;
        for (long bin = 0; bin < bins; bin++)
        {
            long from = length * bin / bins, to = length * (bin + 1) / bins;
            int taken = bin == bins - 1 ? events.Length : FirstAtOrAfter(events, start + to);
            Count(events[..taken]);
            events = events[taken..];
            Step(to - from);
        }
        FindBoxes();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_endUs);
        hasher.Add(_hasEnd ? 1 : 0);
        for (int y = 0; y < Height; y++)
        {
            for (int b = 0; b < _blocks; b++)
            {
                if (!IsLive(y, b)) continue;
                hasher.Add(y * _blocks + b);
                hasher.AddBytes(MemoryMarshal.AsBytes(_potentials.AsSpan((y * _blocks + b) * LifKernel.Block, LifKernel.Block)));
            }
        }
        _history.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(Width);
        state.Write(Height);
        state.Write(_options.BinUs);
        state.Write(_endUs);
        state.Write(_hasEnd);
        state.WriteSpan<ulong>(_live);
        state.WriteSpan<float>(_potentials);
        _history.Freeze(writer);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, "DOTIE detector");
        Thaw(ref reader);
        reader.End();
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.Expect(Width, "width");
        reader.Expect(Height, "height");
        reader.Expect(_options.BinUs, "bin (us)");
        _endUs = reader.Read<long>();
        _hasEnd = reader.ReadBoolean();
        reader.ReadSpan<ulong>(_live);
        reader.ReadSpan<float>(_potentials);
        _history.Thaw(ref reader);
        BoxCount = BoxesDropped = KeptPixels = SpikeCount = 0;
    }

    private static int FirstAtOrAfter(ReadOnlySpan<Event> events, long timeUs)
    {
        int i = 0;
        while (i < events.Length && events[i].TimeUs < timeUs) i++;
        return i;
    }

    private void Rest(long us)
    {
        _history.Forget();
        Step(us);
        _history.Forget();
    }

    private void Count(ReadOnlySpan<Event> events)
    {
        long ignored = 0;
        byte[] counts = _counts;
        ulong[] touched = _touched;
        for (int i = 0; i < events.Length; i++)
        {
            int x = events[i].X, y = events[i].Y;
            if (x >= Width || y >= Height)
            {
                ignored++;
                continue;
            }
            ref byte count = ref counts[(y + 1) * _countStride + Margin + x];
            if (count != byte.MaxValue) count++;
            int block = x >> 6;
            touched[(y + 1) * _blockWords + (block >> 6)] |= 1UL << (block & 63);
        }
        IgnoredEvents += ignored;
    }

    private void Step(long lengthUs)
    {
        LifStep step = lengthUs < _steps.Length ? _steps[lengthUs] : LifStep.For(lengthUs, _options);
        _history.Push(lengthUs);
        ulong[] events = _history.Events.Words, spikes = _history.Spikes.Words;
        ulong mask = _history.Events.LastWordMask;
        for (int y = 0; y < Height; y++)
        {
            int counts = (y + 1) * _countStride + Margin;
            for (int b = 0; b < _blocks; b++)
            {
                int block = y * _blocks + b;
                if (SkipsRest && !IsLive(y, b) && !IsReached(y, b))
                {
                    events[block] = spikes[block] = 0;
                    continue;
                }
                int at = counts + b * LifKernel.Block;
                LifKernel.Step(ref _counts[at - _countStride], ref _counts[at], ref _counts[at + _countStride], ref _potentials[block * LifKernel.Block], step,
                    out events[block], out spikes[block], out bool isLive);
                if (b == _blocks - 1) spikes[block] &= mask;
                SetLive(y, b, isLive);
            }
        }
        ClearCounts();
    }

    private bool IsLive(int y, int block) => (_live[y * _blockWords + (block >> 6)] >> (block & 63) & 1) != 0;

    private void SetLive(int y, int block, bool isLive)
    {
        ref ulong word = ref _live[y * _blockWords + (block >> 6)];
        ulong bit = 1UL << (block & 63);
        word = isLive ? word | bit : word & ~bit;
    }

    /// <summary>Tells whether a block or one about it has counts; the touched rows carry one empty row above and below the image.</summary>
    private bool IsReached(int y, int block)
    {
        int first = Math.Max(0, block - 1), last = Math.Min(_blocks - 1, block + 1);
        for (int r = y; r <= y + 2; r++)
        {
            for (int b = first; b <= last; b++)
            {
                if ((_touched[r * _blockWords + (b >> 6)] >> (b & 63) & 1) != 0) return true;
            }
        }
        return false;
    }

    private void ClearCounts()
    {
        for (int r = 1; r <= Height; r++)
        {
            for (int w = 0; w < _blockWords; w++)
            {
                ref ulong word = ref _touched[r * _blockWords + w];
                for (ulong bits = word; bits != 0; bits &= bits - 1)
                {
                    int block = (w << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                    _counts.AsSpan(r * _countStride + Margin + block * LifKernel.Block, LifKernel.Block).Clear();
                }
                word = 0;
            }
        }
    }

    private void FindBoxes()
    {
        BoxCount = BoxesDropped = KeptPixels = 0;
        _history.Unite(_kept, _mask);
        SpikeCount = _mask.Population();
        if (SpikeCount == 0)
        {
            _kept.Clear();
            return;
        }
        int first = _mask.Words.AsSpan().IndexOfAnyExcept(0UL) / _mask.Stride, last = _mask.Words.AsSpan().LastIndexOfAnyExcept(0UL) / _mask.Stride;
        _morphology.DilateAndClose(_mask, first, last);
        for (int i = 0; i < _kept.Words.Length; i++) _kept.Words[i] &= _mask.Words[i];
        KeptPixels = _kept.Population();
        if (KeptPixels < _options.ClusterMinimum) return;

        _clusters.Run(_kept);
        for (int rank = 0; rank < _clusters.ClusterCount; rank++)
        {
            var box = _clusters.Cluster(rank);
            int rows = box.Bottom - box.Top, columns = box.Right - box.Left;
            if (rows * rows + columns * columns < _minimumDiagonalSquared) continue;
            if (BoxCount < _boxes.Length) _boxes[BoxCount++] = box;
            else BoxesDropped++;
        }
    }
}
