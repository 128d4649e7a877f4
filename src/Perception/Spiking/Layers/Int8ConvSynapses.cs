namespace EdgeAutonomy.Perception;

/// <summary>Convolution without groups with weights of eight bits.</summary>
/// <remarks>Sums of 16 bits where the weights of every output are small enough for the values that came in this step, else sums of 32 bits. Both are exact, so that the
/// result is the same.</remarks>
internal sealed unsafe class Int8ConvSynapses : Synapses
{
    private readonly Int8Weights _weights;
    private readonly ConvGeometry _geometry;
    private readonly ConvBands<sbyte>? _bands;
    private readonly AlignedArray<short>? _narrow;
    private readonly AlignedArray<byte>? _marks;
    private readonly AlignedArray<int>? _sums;
    private readonly Kernels _kernels;
    private readonly int _largestValue;

    internal Int8ConvSynapses(Signal source, Population target, ConvGeometry geometry, Int8Weights weights, Kernels kernels)
        : base(source, target, ConvSynapses.Measure(geometry, source, target, 1, 1))
    {
        (_weights, _geometry, _kernels) = (weights, geometry, kernels);
        int count = target.Layout.Count;
        _bands = ConvBands<sbyte>.Of(geometry, weights.Rows.Span);
        if (_bands is not null) _largestValue = short.MaxValue / Math.Max(1, LargestSum(weights.Rows.Span, target.Layout.Stride));
        if (_largestValue > 0)
        {
            _narrow = new AlignedArray<short>(count);
            // The kernel looks at 64 of them at a time.
            _marks = new AlignedArray<byte>((count / Int8BandedKernel.Block + 63) & ~63);
        }
        if (_largestValue == 0 || source.Kind != SignalKind.Binary) _sums = new AlignedArray<int>(count);
    }

    internal override void Run()
    {
        int count = Source.Count, width = _geometry.Arguments->OutStride;
        if (count == 0)
        {
            Count(0, isDense: false);
            return;
        }
        long taps;
        if (_narrow is not null && (Source.IsOnes || LargestValue() <= _largestValue))
        {
            var bands = _bands!.Arguments;
            taps = Int8BandedKernel.Add(bands, _narrow.Pointer, _marks!.Pointer, Source.List, count, Source.IsOnes ? null : Source.Values, _kernels.Level);
            Int8BandedKernel.Settle(Accumulators, _narrow.Pointer, _marks.Pointer, _marks.Length, bands->RunLength, _weights.Scales.Pointer, width, _kernels.Level);
        }
        else
        {
            taps = Scatter();
            Int8Kernel.Settle(Accumulators, _sums!.Pointer, _weights.Scales.Pointer, Target.Layout.Count, width, _kernels.Level);
        }
        Count(taps * _geometry.Arguments->OutChannels, isDense: false);
    }

    private long Scatter()
    {
        var g = *_geometry.Arguments;
        int rowPlaces = g.InWidth * g.InStride, count = Source.Count, width = g.OutStride;
        int* list = Source.List;
        long taps = 0;
        for (int k = 0; k < count;)
        {
            int i = list[k], row = i / rowPlaces, column = (i - row * rowPlaces) / g.InStride, pixel = row * rowPlaces + column * g.InStride, first = k;
            do k++;
            while (k < count && list[k] < pixel + g.InStride);
            for (int y = g.StartY[row]; y < g.StartY[row + 1]; y++)
            {
                for (int x = g.StartX[column]; x < g.StartX[column + 1]; x++)
                {
                    // The list holds places of the whole image; rows are counted from this pixel on.
                    sbyte* rows = _weights.Rows.Pointer + g.TapsY[y].Weights + g.TapsX[x].Weights - (nint)pixel * width;
                    int* to = _sums!.Pointer + g.TapsY[y].Output + g.TapsX[x].Output;
                    if (Source.IsOnes) Int8Kernel.AddRows(to, rows, list + first, k - first, width, _kernels.Level);
                    else Int8Kernel.AddScaledRows(to, rows, list + first, k - first, width, Source.Values, _kernels.Level);
                    taps += k - first;
                }
            }
        }
        return taps;
    }

    private float LargestValue()
    {
        float largest = 0;
        foreach (int i in Source.Active) largest = Math.Max(largest, Source.Values[i]);
        return largest;
    }

    // No sum over any part of an output's weights can be larger than that of their sizes.
    private static int LargestSum(ReadOnlySpan<sbyte> rows, int outputs)
    {
        int largest = 0;
        for (int o = 0; o < outputs; o++)
        {
            int sum = 0;
            for (int i = o; i < rows.Length; i += outputs) sum += Math.Abs((int)rows[i]);
            largest = Math.Max(largest, sum);
        }
        return largest;
    }
}
