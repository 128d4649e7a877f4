namespace EdgeAutonomy.Perception;

/// <summary>Convolution over one or two axes, without groups.</summary>
internal sealed unsafe class ConvSynapses : Synapses
{
    private readonly ConvGeometry _geometry;
    private readonly AlignedArray<float> _weights;
    private readonly ConvImage? _image;
    private readonly ConvBands<float>? _bands;
    private readonly Kernels _kernels;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="geometry">Which input reaches which output.</param>
    /// <param name="weights">[ky][kx][input channel][output channel], the last padded to the target's stride.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="path">Whether to walk over spikes or over all inputs.</param>
    internal ConvSynapses(Signal source, Population target, ConvGeometry geometry, AlignedArray<float> weights, Kernels kernels, SpikingPath path)
        : base(source, target, Measure(geometry, source, target, 1, sizeof(float)))
    {
        (_geometry, _weights, _kernels) = (geometry, weights, kernels);
        Path = new PathSwitch(path, source.Layout.Elements, ConvCosts.BreakEven(geometry, kernels.Level));
        if (path != SpikingPath.Sparse) _image = new ConvImage(geometry, kernels);
        _bands = ConvBands<float>.Of(geometry, weights.Span);
        geometry.Arguments->Weights = weights.Pointer;
    }

    internal static SynapseFootprint Measure(ConvGeometry geometry, Signal source, Population target, int groups, int bytes)
    {
        long perInput = (long)(target.Layout.Channels / groups) * geometry.KernelSize, weights = perInput * source.Layout.Channels;
        return new SynapseFootprint(
            SynapseFamily.Convolution, perInput, weights, weights * bytes, bytes,
            geometry.TapCount * source.Layout.Channels * (target.Layout.Channels / groups), (long)target.Layout.Channels * geometry.KernelSize);
    }

    internal override void Run()
    {
        bool dense = Path!.IsDense(Source.Count);
        long taps;
        if (dense)
        {
            taps = _image!.Taps(Source);
            _image.Fill(Source);
            _kernels.DenseConv(_geometry.Arguments, Accumulators);
        }
        else if (_bands is not null)
        {
            taps = Source.IsOnes
                ? _kernels.BandedConv(_bands.Arguments, Accumulators, Source.List, Source.Count, null)
                : _kernels.ScaledBandedConv(_bands.Arguments, Accumulators, Source.List, Source.Count, Source.Values);
        }
        else
        {
            taps = Source.IsOnes
                ? _kernels.Conv(_geometry.Arguments, Accumulators, Source.List, Source.Count, null)
                : _kernels.ScaledConv(_geometry.Arguments, Accumulators, Source.List, Source.Count, Source.Values);
        }
        Count(taps * Target.Layout.Channels, dense);
    }
}
