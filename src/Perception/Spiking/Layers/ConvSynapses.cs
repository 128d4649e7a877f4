namespace EdgeAutonomy.Perception;

/// <summary>Convolution over one or two axes, in groups or not.</summary>
internal sealed unsafe class ConvSynapses : Synapses
{
    private readonly ConvGeometry _geometry;
    private readonly AlignedArray<float> _weights;
    private readonly ConvImage? _image;
    private readonly ConvBands? _bands;
    private readonly Kernels _kernels;
    private readonly PathSwitch _path;
    private readonly bool _hasGroups;
    private readonly int _perGroup;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="geometry">Which input reaches which output.</param>
    /// <param name="weights">[ky][kx][input channel][outputs of its group], the last padded to the target's stride when there is one group.</param>
    /// <param name="groups">The groups of channels.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="path">Whether to walk over spikes or over all inputs.</param>
    internal ConvSynapses(Signal source, Population target, ConvGeometry geometry, AlignedArray<float> weights, int groups, Kernels kernels, SpikingPath path)
        : base(source, target, Measure(geometry, source, target, groups, sizeof(float)))
    {
        (_geometry, _weights, _kernels, _hasGroups) = (geometry, weights, kernels, groups > 1);
        _perGroup = target.Layout.Channels / groups;
        _path = new PathSwitch(_hasGroups ? SpikingPath.Sparse : path, source.Layout.Elements, ConvCosts.BreakEven(geometry, kernels.Level));
        if (path != SpikingPath.Sparse && !_hasGroups) _image = new ConvImage(geometry, kernels);
        _bands = ConvBands.Of(geometry, weights.Span);
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
        bool dense = _path.IsDense(Source.Count);
        long taps;
        if (dense)
        {
            taps = _image!.Taps(Source);
            _image.Fill(Source);
            _kernels.DenseConv(_geometry.Arguments, Accumulators);
        }
        else if (_hasGroups)
        {
            taps = Source.IsOnes
                ? ConvKernel<WidthScalar, float, No>.AddGrouped(_geometry.Arguments, Accumulators, Source.List, Source.Count, null)
                : ConvKernel<WidthScalar, float, Yes>.AddGrouped(_geometry.Arguments, Accumulators, Source.List, Source.Count, Source.Values);
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
        Count(taps * _perGroup, dense);
    }

    internal override void Reset()
    {
        base.Reset();
        _path.Reset();
    }

    internal override void Freeze(ref StateWriter writer)
    {
        base.Freeze(ref writer);
        _path.Freeze(ref writer);
    }

    internal override void Thaw(ref StateReader reader)
    {
        base.Thaw(ref reader);
        _path.Thaw(ref reader);
    }
}
