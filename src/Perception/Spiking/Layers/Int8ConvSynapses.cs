namespace EdgeAutonomy.Perception;

/// <summary>Convolution without groups with weights of eight bits.</summary>
internal sealed unsafe class Int8ConvSynapses : Synapses
{
    private readonly Int8Weights _weights;
    private readonly ConvGeometry _geometry;
    private readonly AlignedArray<int> _sums;
    private readonly Kernels _kernels;

    internal Int8ConvSynapses(Signal source, Population target, ConvGeometry geometry, Int8Weights weights, Kernels kernels)
        : base(source, target, ConvSynapses.Measure(geometry, source, target, 1, 1))
    {
        (_weights, _geometry, _kernels) = (weights, geometry, kernels);
        _sums = new AlignedArray<int>(target.Layout.Count);
    }

    internal override void Run()
    {
        var g = *_geometry.Arguments;
        int rowFloats = g.InWidth * g.InStride, count = Source.Count, width = g.OutStride;
        int* list = Source.List;
        long taps = 0;
        for (int k = 0; k < count;)
        {
            int i = list[k], row = i / rowFloats, column = (i - row * rowFloats) / g.InStride, pixel = row * rowFloats + column * g.InStride, first = k;
            do k++;
            while (k < count && list[k] < pixel + g.InStride);
            for (int y = g.StartY[row]; y < g.StartY[row + 1]; y++)
            {
                for (int x = g.StartX[column]; x < g.StartX[column + 1]; x++)
                {
                    // The list holds places of the whole image; rows are counted from this pixel on.
                    sbyte* rows = _weights.Rows.Pointer + g.TapsY[y].Weights + g.TapsX[x].Weights - (nint)pixel * width;
                    int* to = _sums.Pointer + g.TapsY[y].Output + g.TapsX[x].Output;
                    if (Source.IsOnes) Int8Kernel.AddRows(to, rows, list + first, k - first, width, _kernels.Level);
                    else Int8Kernel.AddScaledRows(to, rows, list + first, k - first, width, Source.Values);
                    taps += k - first;
                }
            }
        }
        if (count > 0) Int8Kernel.Settle(Accumulators, _sums.Pointer, _weights.Scales.Pointer, Target.Layout.Count, width, _kernels.Level);
        Count(taps * g.OutChannels, isDense: false);
    }
}
