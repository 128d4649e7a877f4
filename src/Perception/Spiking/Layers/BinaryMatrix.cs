namespace EdgeAutonomy.Perception;

/// <summary>Weights that are all −c, 0 or +c, one bit each: a sum over spikes is a count of bits. For networks that run in one step without state.</summary>
/// <remarks>
/// Used where it gives the same bits as adding rows: c is a power of two, the accumulators start every step at whole multiples of c, and no other synapses
/// add into them, so that every partial sum is exact. Without a weight of 0, those below 0 need no bits: what is not +c is −c.
/// Source: IIR-SNN at one time step, spiking-networks.md §11.3.
/// </remarks>
internal sealed unsafe class BinaryMatrix
{
    // Below this every whole number, and every sum of them, is a float.
    private const double LargestExact = 1 << 22;

    private readonly AlignedArray<ulong> _positive;
    private readonly AlignedArray<ulong>? _negative;
    // Of the weights below 0: their counts; or, where they are those that are not above it, 1 for each output and 0 for padding.
    private readonly AlignedArray<int> _plus, _minus;
    private readonly Kernels _kernels;
    private readonly int _words, _outputs;
    private readonly float _unit;

    private BinaryMatrix(AlignedArray<ulong> positive, AlignedArray<ulong>? negative, int words, SignalLayout target, float unit, Kernels kernels)
    {
        int outputs = target.Count;
        (_positive, _negative, _words, _outputs, _unit, _kernels) = (positive, negative, words, outputs, unit, kernels);
        _plus = new AlignedArray<int>(outputs);
        _minus = new AlignedArray<int>(outputs);
        for (int o = 0; o < outputs && negative is null; o++) _minus.Span[o] = target.Element(o) >= 0 ? 1 : 0;
    }

    /// <summary>Gets how many bits stand for one weight.</summary>
    internal int Planes => _negative is null ? 1 : 2;

    /// <summary>Packs rows [place of the input][place of the output].</summary>
    /// <returns>Null where the weights or what they add to are not of that kind.</returns>
    internal static BinaryMatrix? Of(ReadOnlySpan<float> rows, Signal source, Population target, Kernels kernels)
    {
        int outputs = target.Layout.Count, words = source.Words;
        float unit = 0;
        foreach (float w in rows)
        {
            if (w == 0) continue;
            if (unit == 0) unit = Math.Abs(w);
            if (Math.Abs(w) != unit) return null;
        }
        if (unit == 0 || source.Kind != SignalKind.Binary || target.Spec.Model != FireModel.Stateless || (BitConverter.SingleToUInt32Bits(unit) & 0x7FFFFF) != 0) return null;
        foreach (float b in target.Spec.Coefficients.B)
        {
            double units = (double)b / unit;
            if (units != Math.Floor(units) || Math.Abs(units) + source.Layout.Elements > LargestExact) return null;
        }
        // Outputs are padded to 16, so blocks of 8 come out even.
        var positive = new AlignedArray<ulong>(words * outputs);
        var negative = new AlignedArray<ulong>(words * outputs);
        bool hasZeros = false;
        for (int i = 0; i < source.Layout.Count; i++)
        {
            bool isInput = source.Layout.Element(i) >= 0;
            for (int o = 0; o < outputs; o++)
            {
                float w = rows[i * outputs + o];
                hasZeros |= w == 0 && isInput && target.Layout.Element(o) >= 0;
                if (w != 0) (w > 0 ? positive : negative).Span[(o / BinaryKernel.Block * words + (i >> 6)) * BinaryKernel.Block + o % BinaryKernel.Block] |= 1UL << i;
            }
        }
        return new BinaryMatrix(positive, hasZeros ? negative : null, words, target.Layout, unit, kernels);
    }

    /// <summary>Adds the sums of a step.</summary>
    internal void Add(float* accumulators, Signal source)
    {
        int blocks = _outputs / BinaryKernel.Block;
        BinaryKernel.Count(_plus.Pointer, _positive.Pointer, source.Bits, _words, blocks, _kernels.Level);
        if (_negative is not null) BinaryKernel.Count(_minus.Pointer, _negative.Pointer, source.Bits, _words, blocks, _kernels.Level);
        // Without zeros: of all inputs those that are not +c are −c, so the sum is +c twice less all.
        var (scale, all) = _negative is null ? (2, source.Count) : (1, 1);
        BinaryKernel.Settle(accumulators, _plus.Pointer, _minus.Pointer, scale, all, _unit, _outputs, _kernels.Level);
    }
}
