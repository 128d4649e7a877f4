namespace EdgeAutonomy.Perception;

/// <summary>The largest value of each window; of spikes, whether there is one. Max-pooling keeps the high frequencies that averaging and leaking lose.</summary>
/// <remarks>Pixels beyond the edge do not count. Source: Max-Former, spiking-networks.md §11.5.</remarks>
internal sealed unsafe class MaxPool : Operation
{
    private readonly Signal _source;
    private readonly ConvGeometry _geometry;

    internal MaxPool(Signal source, SignalLayout output, ConvGeometry geometry, Kernels kernels)
    {
        (_source, _geometry) = (source, geometry);
        Output = new Signal(output, source.Kind, kernels);
    }

    internal Signal Output { get; }

    internal override void Run()
    {
        var g = *_geometry.Arguments;
        if (_source.Kind == SignalKind.Real) RunReal(g);
        else RunPositive(g);
        Output.ListBits();
    }

    internal override void Reset() => Output.Clear();

    internal override void Freeze(ref StateWriter writer) => Output.Freeze(ref writer);

    internal override void Thaw(ref StateReader reader) => Output.Thaw(ref reader);

    // What is not listed is 0, and nothing is below 0: only the listed ones can win.
    private void RunPositive(in ConvArguments g)
    {
        new Span<ulong>(Output.Bits, Output.Words).Clear();
        if (Output.Values != null) new Span<float>(Output.Values, Output.Layout.Count).Clear();
        int rowFloats = g.InWidth * g.InStride;
        foreach (int i in _source.Active)
        {
            int row = i / rowFloats, rest = i - row * rowFloats, column = rest / g.InStride, channel = rest - column * g.InStride;
            for (int y = g.StartY[row]; y < g.StartY[row + 1]; y++)
            {
                for (int x = g.StartX[column]; x < g.StartX[column + 1]; x++)
                {
                    int o = g.TapsY[y].Output + g.TapsX[x].Output + channel;
                    Output.Bits[o >> 6] |= 1UL << o;
                    if (Output.Values != null) Output.Values[o] = Math.Max(Output.Values[o], _source.Values[i]);
                }
            }
        }
    }

    private void RunReal(in ConvArguments g)
    {
        var values = new Span<float>(Output.Values, Output.Layout.Count);
        values.Fill(float.NegativeInfinity);
        for (int row = 0; row < g.InHeight; row++)
        {
            for (int column = 0; column < g.InWidth; column++)
            {
                float* from = _source.Values + ((nint)row * g.InWidth + column) * g.InStride;
                for (int y = g.StartY[row]; y < g.StartY[row + 1]; y++)
                {
                    for (int x = g.StartX[column]; x < g.StartX[column + 1]; x++)
                    {
                        int o = g.TapsY[y].Output + g.TapsX[x].Output;
                        for (int c = 0; c < g.OutChannels; c++) values[o + c] = from[c] > values[o + c] ? from[c] : values[o + c];
                    }
                }
            }
        }
        var bits = new Span<ulong>(Output.Bits, Output.Words);
        bits.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNegativeInfinity(values[i])) values[i] = 0; // padding, or a window beyond the edge
            else if (values[i] != 0) bits[i >> 6] |= 1UL << i;
        }
    }
}
