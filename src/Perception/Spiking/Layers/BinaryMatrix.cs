using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>Weights that are all −c, 0 or +c, one bit each: a sum over spikes is a count of bits. For networks that run in one step without state.</summary>
/// <remarks>
/// Used where it gives the same bits as adding rows: c is a power of two, the accumulators start every step at whole multiples of c, and no other synapses
/// add into them, so that every partial sum is exact. Source: IIR-SNN at one time step, spiking-networks.md §11.3.
/// </remarks>
internal sealed unsafe class BinaryMatrix
{
    // Below this every whole number, and every sum of them, is a float.
    private const double LargestExact = 1 << 22;

    private readonly AlignedArray<ulong> _positive, _negative;
    private readonly int _words, _outputs;
    private readonly float _unit;

    private BinaryMatrix(AlignedArray<ulong> positive, AlignedArray<ulong> negative, int words, int outputs, float unit) =>
        (_positive, _negative, _words, _outputs, _unit) = (positive, negative, words, outputs, unit);

    /// <summary>Packs rows [place of the input][place of the output].</summary>
    /// <returns>Null where the weights or what they add to are not of that kind.</returns>
    internal static BinaryMatrix? Of(ReadOnlySpan<float> rows, Signal source, Population target)
    {
        int outputs = target.Layout.Count;
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
        var positive = new AlignedArray<ulong>(source.Words * outputs);
        var negative = new AlignedArray<ulong>(source.Words * outputs);
        for (int i = 0; i < source.Layout.Count; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                float w = rows[i * outputs + o];
                if (w != 0) (w > 0 ? positive : negative).Span[o * source.Words + (i >> 6)] |= 1UL << i;
            }
        }
        return new BinaryMatrix(positive, negative, source.Words, outputs, unit);
    }

    /// <summary>Adds the sums of a step.</summary>
    internal void Add(float* accumulators, ulong* bits)
    {
        ulong* plus = _positive.Pointer, minus = _negative.Pointer;
        for (int o = 0; o < _outputs; o++)
        {
            int sum = 0;
            for (int w = 0; w < _words; w++) sum += BitOperations.PopCount(bits[w] & *plus++) - BitOperations.PopCount(bits[w] & *minus++);
            accumulators[o] += _unit * sum;
        }
    }
}
