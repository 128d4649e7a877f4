namespace EdgeAutonomy.Perception;

/// <summary>Linear and Affine with weights of eight bits.</summary>
internal sealed unsafe class Int8LinearSynapses : Synapses
{
    private readonly Int8Weights _weights;
    private readonly AlignedArray<int> _sums;
    private readonly Kernels _kernels;
    private readonly int _outputs;

    internal Int8LinearSynapses(Signal source, Population target, Int8Weights weights, int outputs, Kernels kernels)
        : base(source, target, LinearSynapses.Measure(source, outputs, 1))
    {
        (_weights, _outputs, _kernels) = (weights, outputs, kernels);
        _sums = new AlignedArray<int>(target.Layout.Count);
    }

    internal override void Run()
    {
        int width = Target.Layout.Count;
        if (Source.Count > 0)
        {
            if (Source.IsOnes) Int8Kernel.AddRows(_sums.Pointer, _weights.Rows.Pointer, Source.List, Source.Count, width, _kernels.Level);
            else Int8Kernel.AddScaledRows(_sums.Pointer, _weights.Rows.Pointer, Source.List, Source.Count, width, Source.Values);
            Int8Kernel.Settle(Accumulators, _sums.Pointer, _weights.Scales.Pointer, width, width, _kernels.Level);
        }
        Count((long)Source.Count * _outputs, isDense: false);
    }
}
