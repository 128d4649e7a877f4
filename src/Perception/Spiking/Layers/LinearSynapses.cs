namespace EdgeAutonomy.Perception;

/// <summary>A weight for every pair: Linear and Affine.</summary>
internal sealed unsafe class LinearSynapses : Synapses
{
    // Never: both paths read the same rows, the sparse one with a load of an index for each, the dense one with a product for each vector and an image to
    // draw first. Measured with `edge bench snn`: equal at best, where every input is active.
    private const double BreakEven = 2;

    // Counting the bits of all inputs, a bit a weight, costs as much as adding this share of the rows: with vectors, and without.
    private const double PackedBreakEven = 0.05, ScalarPackedBreakEven = 0.1;

    private readonly AlignedArray<float> _rows;
    private readonly AlignedArray<float>? _image;
    private readonly BinaryMatrix? _packed;
    private readonly Kernels _kernels;
    private readonly int _outputs;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="rows">Weights [place of the input][place of the output].</param>
    /// <param name="outputs">Outputs without padding.</param>
    /// <param name="isOnly">Whether nothing else adds into the same sums.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="path">Whether to walk over spikes or over all inputs.</param>
    internal LinearSynapses(Signal source, Population target, AlignedArray<float> rows, int outputs, bool isOnly, Kernels kernels, SpikingPath path)
        : base(source, target, Measure(source, outputs, sizeof(float)))
    {
        (_rows, _outputs, _kernels) = (rows, outputs, kernels);
        _packed = path == SpikingPath.Sparse || !isOnly ? null : BinaryMatrix.Of(rows.Span, source, target, kernels);
        Path = new PathSwitch(path, source.Layout.Elements, _packed is null ? BreakEven : _packed.Planes * (kernels.Level is SimdLevel.V512 or SimdLevel.V256 ? PackedBreakEven : ScalarPackedBreakEven));
        if (path != SpikingPath.Sparse && source.Kind == SignalKind.Binary && _packed is null) _image = new AlignedArray<float>(source.Layout.Count);
    }

    internal static SynapseFootprint Measure(Signal source, int outputs, int bytes)
    {
        long weights = (long)source.Layout.Elements * outputs;
        return new SynapseFootprint(SynapseFamily.Linear, outputs, weights, weights * bytes, bytes, weights);
    }

    internal override void Run()
    {
        int width = Target.Layout.Count;
        bool dense = Path!.IsDense(Source.Count);
        if (dense && _packed is not null) _packed.Add(Accumulators, Source);
        else if (dense)
        {
            float* values = Source.Values;
            if (_image is not null) Source.Expand(values = _image.Pointer);
            _kernels.AddAllRows(Accumulators, _rows.Pointer, Source.Layout.Count, width, width, values);
        }
        else if (Source.IsOnes) _kernels.AddRows(Accumulators, _rows.Pointer, Source.List, Source.Count, width, width, null);
        else _kernels.AddScaledRows(Accumulators, _rows.Pointer, Source.List, Source.Count, width, width, Source.Values);
        Count((long)Source.Count * _outputs, dense);
    }
}
