namespace EdgeAutonomy.Perception;

/// <summary>The weights of a convolution, copied so that each spike adds one run of them per output row; see <see cref="BandedKernel{W, V, S}"/>.</summary>
internal sealed unsafe class ConvBands
{
    // Copies for border columns are rarely read; more than this is not worth it, and the plain kernel serves.
    private const long MostFloats = 1 << 24;

    private readonly AlignedArray<BandedArguments> _arguments = new(1);
    private readonly AlignedArray<Band> _bands;
    private readonly AlignedArray<float> _weights;
    private readonly AlignedArray<Tap> _tapsY;
    private readonly ConvGeometry _geometry;

    private ConvBands(ConvGeometry geometry, int slots, int[][] variants, int[] variantOf, int[] firstOf, ReadOnlySpan<float> plain)
    {
        _geometry = geometry;
        var g = *geometry.Arguments;
        int run = slots * g.OutStride, perRow = g.InChannels * run, perVariant = g.KernelHeight * perRow;
        _weights = new AlignedArray<float>(variants.Length * perVariant);
        for (int v = 0; v < variants.Length; v++)
        {
            for (int ky = 0; ky < g.KernelHeight; ky++)
            {
                for (int c = 0; c < g.InChannels; c++)
                {
                    for (int slot = 0; slot < slots; slot++)
                    {
                        if (variants[v][slot] < 0) continue;
                        plain.Slice(((ky * g.KernelWidth + variants[v][slot]) * g.InChannels + c) * g.OutStride, g.OutStride).CopyTo(_weights.Span[(v * perVariant + ky * perRow + c * run + slot * g.OutStride)..]);
                    }
                }
            }
        }
        _bands = new AlignedArray<Band>(g.InWidth * g.InStride);
        for (int x = 0; x < g.InWidth; x++)
        {
            int taps = variants[variantOf[x]].Count(kx => kx >= 0);
            for (int c = 0; c < g.InChannels; c++) _bands.Span[x * g.InStride + c] = new Band(firstOf[x] * g.OutStride, variantOf[x] * perVariant + c * run, taps);
        }
        // The same output rows as the plain kernel's; its weights' rows have another length.
        int plainRow = g.KernelWidth * g.InChannels * g.OutStride;
        _tapsY = new AlignedArray<Tap>(g.StartY[g.InHeight]);
        for (int t = 0; t < _tapsY.Length; t++) _tapsY.Span[t] = new Tap(g.TapsY[t].Output, g.TapsY[t].Weights / plainRow * perRow);
        *_arguments.Pointer = new BandedArguments { Weights = _weights.Pointer, Bands = _bands.Pointer, StartY = g.StartY, TapsY = _tapsY.Pointer, RowPlaces = g.InWidth * g.InStride, RunFloats = run };
    }

    internal BandedArguments* Arguments => _arguments.Pointer;

    /// <summary>Lays weights out in runs.</summary>
    /// <param name="geometry">The convolution; without groups and without dilation along the row.</param>
    /// <param name="plain">Weights [ky][kx][input channel][output channel].</param>
    /// <returns>Null where that would not help: the plain kernel serves then.</returns>
    internal static ConvBands? Of(ConvGeometry geometry, ReadOnlySpan<float> plain)
    {
        var g = *geometry.Arguments;
        if (g.Groups != 1 || g.DilationX != 1) return null;
        int slots = Math.Min((g.KernelWidth + g.StepX - 1) / g.StepX, g.OutWidth);
        var variants = new List<int[]>();
        var variantOf = new int[g.InWidth];
        var firstOf = new int[g.InWidth];
        for (int x = 0; x < g.InWidth; x++)
        {
            // The first output that x can reach, moved so that the whole run lies in the row.
            int first = Math.Clamp((x + g.PadLeft - (g.KernelWidth - 1) + g.StepX - 1 + g.StepX * g.KernelWidth) / g.StepX - g.KernelWidth, 0, g.OutWidth - slots);
            var taps = new int[slots];
            for (int slot = 0; slot < slots; slot++)
            {
                int kx = x + g.PadLeft - (first + slot) * g.StepX;
                taps[slot] = kx >= 0 && kx < g.KernelWidth ? kx : -1;
            }
            int known = variants.FindIndex(v => v.AsSpan().SequenceEqual(taps));
            if (known < 0)
            {
                known = variants.Count;
                variants.Add(taps);
            }
            (variantOf[x], firstOf[x]) = (known, first);
        }
        if ((long)variants.Count * g.KernelHeight * g.InChannels * slots * g.OutStride > MostFloats) return null;
        return new ConvBands(geometry, slots, [.. variants], variantOf, firstOf, plain);
    }
}
