using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Convolves images: gathers the windows of 32 pixels at a time into two panels and multiplies every output channel with them.</summary>
/// <remarks>
/// The panels (2 · 16 · inputs·taps numbers) stay in the nearest cache while all output channels read them. Inputs are copied into a frame of zeros
/// first where there is padding, so that gathering needs no bounds.
/// </remarks>
internal sealed class ConvolutionStep : ManagedStep
{
    /// <summary>Output pixels of one round: two panels, which <see cref="PanelKernel"/> computes together.</summary>
    public const int BlockWidth = 2 * PanelKernel.Width;

    /// <summary>Room that the gathering needs behind its panels.</summary>
    public const int BlockRoom = PanelKernel.Width;

    private readonly WindowPlan _plan;
    private readonly AlignedBuffer _weights;
    private readonly float[] _bias;
    private readonly int[] _pixelStart, _tapOffset;
    private readonly int _groups, _inGroup, _outGroup, _taps, _paddedRow, _paddedImage;
    private readonly bool _pads;
    private readonly Slot _panels, _padded, _from, _to;

    public ConvolutionStep(WindowPlan plan, ReadOnlySpan<float> weights, float[] bias, int groups, Slot panels, Slot padded, Slot from, Slot to)
    {
        _plan = plan;
        _bias = bias;
        _groups = groups;
        _inGroup = plan.Channels / groups;
        _outGroup = bias.Length / groups;
        _taps = _inGroup * plan.KernelRows * plan.KernelColumns;
        _weights = new AlignedBuffer(weights.Length);
        weights.CopyTo(_weights.Span);
        _pads = padded.Count > 0;
        _paddedRow = plan.Columns + plan.PadLeft + plan.PadRight;
        _paddedImage = _paddedRow * (plan.Rows + plan.PadTop + plan.PadBottom);
        (_panels, _padded, _from, _to) = (panels, padded, from, to);
        _pixelStart = new int[plan.OutPixels];
        for (int i = 0; i < _pixelStart.Length; i++)
            _pixelStart[i] = i / plan.OutColumns * plan.StrideRows * _paddedRow + i % plan.OutColumns * plan.StrideColumns;
        _tapOffset = new int[_taps];
        for (int i = 0, at = 0; i < _inGroup; i++)
        {
            for (int r = 0; r < plan.KernelRows; r++)
            {
                for (int k = 0; k < plan.KernelColumns; k++) _tapOffset[at++] = i * _paddedImage + r * plan.DilationRows * _paddedRow + k * plan.DilationColumns;
            }
        }
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override void Run(Span<float> memory)
    {
        Span<float> all = _from.In(memory), result = _to.In(memory), panels = _panels.In(memory);
        Span<float> last = stackalloc float[BlockWidth];
        int pixels = _plan.OutPixels, inCount = _inGroup * _plan.Pixels;
        ref float weights = ref _weights.First;
        for (int image = 0; image < _plan.Batch * _groups; image++)
        {
            int group = image % _groups;
            var x = all.Slice(image * inCount, inCount);
            if (_pads) x = Pad(x, _padded.In(memory));
            var y = result.Slice(image * _outGroup * pixels, _outGroup * pixels);
            for (int first = 0; first < pixels; first += BlockWidth)
            {
                int width = Math.Min(BlockWidth, pixels - first), used = (width + PanelKernel.Width - 1) / PanelKernel.Width;
                for (int p = 0; p < used; p++)
                    Gather(x, first + p * PanelKernel.Width, Math.Min(PanelKernel.Width, width - p * PanelKernel.Width), panels[(p * PanelKernel.Width * _taps)..]);
                for (int o = 0; o < _outGroup; o++)
                {
                    int channel = group * _outGroup + o;
                    var target = y.Slice(o * pixels + first, width);
                    bool whole = width == used * PanelKernel.Width;
                    ref float to = ref whole ? ref MemoryMarshal.GetReference(target) : ref last[0];
                    PanelKernel.Run(ref panels[0], ref Unsafe.Add(ref weights, (nint)channel * _taps), _taps, ref _bias[channel], true, ref to, used);
                    if (!whole) last[..width].CopyTo(target);
                }
            }
        }
    }

    private Span<float> Pad(ReadOnlySpan<float> x, Span<float> padded)
    {
        // The frame stays zero from one run to the next; only the middle is written.
        for (int i = 0; i < _inGroup; i++)
        {
            for (int r = 0; r < _plan.Rows; r++)
                x.Slice((i * _plan.Rows + r) * _plan.Columns, _plan.Columns).CopyTo(padded[(i * _paddedImage + (r + _plan.PadTop) * _paddedRow + _plan.PadLeft)..]);
        }
        return padded;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(ReadOnlySpan<float> x, int first, int width, Span<float> panel)
    {
        var starts = _pixelStart.AsSpan(first, width);
        if (_plan.StrideColumns == 1 && starts[^1] + _tapOffset[^1] + PanelKernel.Width <= x.Length)
        {
            GatherRows(ref MemoryMarshal.GetReference(x), first, width, ref panel[0]);
            return;
        }
        for (int t = 0; t < _tapOffset.Length; t++)
        {
            var row = panel.Slice(t * PanelKernel.Width, PanelKernel.Width);
            int offset = _tapOffset[t];
            for (int i = 0; i < starts.Length; i++) row[i] = x[starts[i] + offset];
            row[starts.Length..].Clear();
        }
    }

    // Pixels of one image row lie side by side, so whole vectors are copied: each row's from its first lane on, over what the row before it left behind.
    // What goes beyond the panel's 16 lanes is overwritten by the next tap, and behind the last one there is room (BlockRoom). Lanes behind the last pixel hold
    // anything: no lane meets another, and theirs are not kept. Sound: offsets rise, and the caller has checked that the last vector ends inside the source.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherRows(ref float x, int first, int width, ref float panel)
    {
        int columns = _plan.OutColumns, lead = columns - first % columns;
        for (int t = 0; t < _tapOffset.Length; t++)
        {
            ref float source = ref Unsafe.Add(ref x, _tapOffset[t]);
            for (int lane = 0, next = lead; lane < width; lane = next, next += columns)
            {
                Unsafe.CopyBlockUnaligned(
                    ref Unsafe.As<float, byte>(ref Unsafe.Add(ref panel, lane)), ref Unsafe.As<float, byte>(ref Unsafe.Add(ref source, _pixelStart[first + lane])), PanelKernel.Width * sizeof(float));
            }
            panel = ref Unsafe.Add(ref panel, PanelKernel.Width);
        }
    }
}
