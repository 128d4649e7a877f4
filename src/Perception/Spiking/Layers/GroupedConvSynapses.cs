namespace EdgeAutonomy.Perception;

/// <summary>Convolution with channels in groups, depth-wise included.</summary>
internal sealed unsafe class GroupedConvSynapses : Synapses
{
    // The dense path keeps what every output channel sees: for wide groups that is too much to keep, and their rows are long enough to be added fast.
    private const int DeepestDense = 4;

    private readonly ConvGeometry _geometry;
    private readonly AlignedArray<GroupedArguments> _arguments = new(1);
    private readonly AlignedArray<float> _weights;
    private readonly AlignedArray<float>? _denseWeights, _image, _sums, _scales;
    private readonly AlignedArray<GroupedPlace> _places;
    private readonly AlignedArray<int>? _offsets;
    private readonly ConvImage? _plain;
    private readonly Kernels _kernels;
    private readonly int _perGroup;

    /// <summary>Makes the synapses.</summary>
    /// <param name="source">The signal that comes in.</param>
    /// <param name="target">The population that the weights add into.</param>
    /// <param name="geometry">Which input reaches which output.</param>
    /// <param name="weights">[ky][kx][input channel][output of its group].</param>
    /// <param name="groups">The groups of channels.</param>
    /// <param name="scales">What the sums of each output channel are multiplied by, where weights are whole numbers; null = nothing.</param>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="path">Whether to walk over spikes or over all inputs.</param>
    internal GroupedConvSynapses(Signal source, Population target, ConvGeometry geometry, AlignedArray<float> weights, int groups, AlignedArray<float>? scales, Kernels kernels, SpikingPath path)
        : base(source, target, ConvSynapses.Measure(geometry, source, target, groups, scales is null ? sizeof(float) : 1))
    {
        (_geometry, _weights, _scales, _kernels) = (geometry, weights, scales, kernels);
        var g = *geometry.Arguments;
        int depth = g.InChannels / groups;
        _perGroup = g.OutChannels / groups;
        if (scales is not null) _sums = new AlignedArray<float>(target.Layout.Count);
        _places = new AlignedArray<GroupedPlace>(g.InWidth * g.InStride);
        for (int x = 0; x < g.InWidth; x++)
        {
            for (int c = 0; c < g.InChannels; c++) _places.Span[x * g.InStride + c] = new GroupedPlace(g.StartX[x], g.StartX[x + 1], c / depth * _perGroup, c * _perGroup);
        }
        bool hasDense = depth <= DeepestDense && path != SpikingPath.Sparse;
        if (hasDense)
        {
            // One channel each, without padding: what an output channel sees is the input as it lies.
            if (depth == 1 && _perGroup == 1 && g.InChannels == g.OutStride) _plain = new ConvImage(geometry, kernels);
            else _image = new AlignedArray<float>(checked(geometry.PaddedHeight * geometry.PaddedWidth * depth * g.OutStride));
            _offsets = new AlignedArray<int>(_places.Length);
            for (int place = 0; place < _places.Length; place++)
            {
                int x = place / g.InStride, c = place - x * g.InStride;
                if (c < g.InChannels) _offsets.Span[place] = ((x + g.PadLeft) * depth + c % depth) * g.OutStride + c / depth * _perGroup;
            }
            _denseWeights = new AlignedArray<float>(geometry.KernelSize * depth * g.OutStride);
            for (int tap = 0; tap < geometry.KernelSize; tap++)
            {
                for (int c = 0; c < g.InChannels; c++)
                    weights.Span.Slice((tap * g.InChannels + c) * _perGroup, _perGroup).CopyTo(_denseWeights.Span[((tap * depth + c % depth) * g.OutStride + c / depth * _perGroup)..]);
            }
        }
        Path = new PathSwitch(hasDense ? path : SpikingPath.Sparse, source.Layout.Elements, hasDense ? ConvCosts.GroupedBreakEven(geometry, depth, _plain is not null, kernels.Level) : 2);
        *_arguments.Pointer = new GroupedArguments
        {
            Weights = weights.Pointer, DenseWeights = Pointer(_denseWeights), Image = _plain is null ? Pointer(_image) : geometry.Arguments->Image, Places = _places.Pointer, PerGroup = _perGroup, Depth = depth,
        };
    }

    internal override void Run()
    {
        bool dense = Path!.IsDense(Source.Count);
        float* to = _sums is null ? Accumulators : _sums.Pointer;
        long taps;
        if (dense)
        {
            if (_plain is null) taps = Draw();
            else
            {
                taps = _plain.Taps(Source);
                _plain.Fill(Source);
            }
            _kernels.DenseGroupedConv(_geometry.Arguments, _arguments.Pointer, to);
        }
        else taps = _kernels.GroupedConv(_geometry.Arguments, _arguments.Pointer, to, Source.List, Source.Count, Source.IsOnes ? null : Source.Values);
        if (_sums is not null && Source.Count > 0) _kernels.Settle(Accumulators, to, _scales!.Pointer, Target.Layout.Count, Target.Layout.Stride);
        Count(taps * _perGroup, dense);
    }

    // Draws what every output channel sees, and counts the outputs that the inputs reach.
    private long Draw()
    {
        var g = *_geometry.Arguments;
        _image!.Span.Clear();
        int places = g.InWidth * g.InStride, row = 0, begin = 0, line = g.PaddedWidth * _arguments.Pointer->Depth * g.OutStride, perGroup = _perGroup;
        float* origin = _image.Pointer + g.PadTop * line;
        long taps = 0;
        foreach (int i in Source.Active)
        {
            for (; i >= begin + places; begin += places)
            {
                origin += line;
                row++;
            }
            float value = Source.IsOnes ? 1 : Source.Values[i];
            float* at = origin + _offsets!.Pointer[i - begin];
            at[0] = value;
            for (int o = 1; o < perGroup; o++) at[o] = value;
            var place = _places.Pointer[i - begin];
            taps += (place.LastX - place.FirstX) * (g.StartY[row + 1] - g.StartY[row]);
        }
        return taps;
    }

    private static float* Pointer(AlignedArray<float>? array) => array is null ? null : array.Pointer;
}
