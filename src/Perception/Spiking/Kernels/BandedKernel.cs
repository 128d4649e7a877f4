using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Where the spikes of one place in a row go: a run of neighbouring output pixels, and the weights for exactly that run.</summary>
/// <param name="Output">Where the run begins in its output row, in floats.</param>
/// <param name="Weights">Where its weights begin for kernel row 0, in floats; the input channel is in it.</param>
/// <param name="Taps">How many pixels of the run are really reached; the others have weights of 0.</param>
internal readonly record struct Band(int Output, int Weights, int Taps);

/// <summary>The tables of a banded convolution.</summary>
internal unsafe struct BandedArguments
{
    /// <summary>Weights [variant][ky][input channel][pixel of the run][output channel].</summary>
    internal float* Weights;

    /// <summary>One entry for each place in an input row.</summary>
    internal Band* Bands;

    /// <summary>The taps of input row y are TapsY[StartY[y] … StartY[y + 1]).</summary>
    internal int* StartY;

    internal Tap* TapsY;

    /// <summary>Places in an input row; floats in a run.</summary>
    internal int RowPlaces, RunFloats;
}

/// <summary>Convolution of spikes in which a spike adds one contiguous run of weights to each output row it reaches.</summary>
/// <remarks>
/// The weights are copied once for each way in which a column can meet its outputs (two for stride 2, and one for each border column), so that the pixels
/// that a spike reaches in a row, and those it does not, are one run of the same length for every column. Adding the zeros costs less than asking how
/// many there are: that branch cannot be predicted. A sum never holds −0, so adding 0 leaves it as it is.
/// Spikes come in ascending order: so do the addends of every output.
/// </remarks>
/// <typeparam name="W">The width.</typeparam>
/// <typeparam name="V">Its vector.</typeparam>
/// <typeparam name="S">Whether inputs have values; else every listed input counts as 1.</typeparam>
internal static unsafe class BandedKernel<W, V, S>
    where W : IWidth<V>
    where V : unmanaged
    where S : IFlag
{
    /// <summary>Adds the convolution of the listed inputs into the accumulators.</summary>
    /// <returns>How many output pixels the inputs reached.</returns>
    internal static long Add(BandedArguments* arguments, float* accumulators, int* list, int count, float* values)
    {
        int vectors = arguments->RunFloats / W.Count;
        return vectors % 4 == 0 ? Scatter4(arguments, accumulators, list, count, values) : vectors % 2 == 0 ? Scatter2(arguments, accumulators, list, count, values) : Scatter1(arguments, accumulators, list, count, values);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Scatter4(BandedArguments* arguments, float* accumulators, int* list, int count, float* values)
    {
        BandedArguments g = *arguments;
        int row = 0, rowBegin = 0, rowEnd = g.RowPlaces, run = g.RunFloats;
        Tap* first = g.TapsY + g.StartY[0], last = g.TapsY + g.StartY[1];
        long taps = 0;
        for (int k = 0; k < count; k++)
        {
            int i = list[k];
            if (i >= rowEnd) Advance(g, i, ref row, ref rowBegin, ref rowEnd, out first, out last);
            Band* band = g.Bands + (i - rowBegin);
            float* to = accumulators + band->Output, from = g.Weights + band->Weights;
            V x = S.IsSet ? W.All(values[i]) : default;
            for (Tap* y = first; y < last; y++)
            {
                float* t = to + y->Output, w = from + y->Weights, end = t + run;
                do
                {
                    Put(t, w, x);
                    Put(t + W.Count, w + W.Count, x);
                    Put(t + 2 * W.Count, w + 2 * W.Count, x);
                    Put(t + 3 * W.Count, w + 3 * W.Count, x);
                    t += 4 * W.Count;
                    w += 4 * W.Count;
                }
                while (t < end);
            }
            taps += band->Taps * (int)(last - first);
        }
        return taps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Scatter2(BandedArguments* arguments, float* accumulators, int* list, int count, float* values)
    {
        BandedArguments g = *arguments;
        int row = 0, rowBegin = 0, rowEnd = g.RowPlaces, run = g.RunFloats;
        Tap* first = g.TapsY + g.StartY[0], last = g.TapsY + g.StartY[1];
        long taps = 0;
        for (int k = 0; k < count; k++)
        {
            int i = list[k];
            if (i >= rowEnd) Advance(g, i, ref row, ref rowBegin, ref rowEnd, out first, out last);
            Band* band = g.Bands + (i - rowBegin);
            float* to = accumulators + band->Output, from = g.Weights + band->Weights;
            V x = S.IsSet ? W.All(values[i]) : default;
            for (Tap* y = first; y < last; y++)
            {
                float* t = to + y->Output, w = from + y->Weights, end = t + run;
                do
                {
                    Put(t, w, x);
                    Put(t + W.Count, w + W.Count, x);
                    t += 2 * W.Count;
                    w += 2 * W.Count;
                }
                while (t < end);
            }
            taps += band->Taps * (int)(last - first);
        }
        return taps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Scatter1(BandedArguments* arguments, float* accumulators, int* list, int count, float* values)
    {
        BandedArguments g = *arguments;
        int row = 0, rowBegin = 0, rowEnd = g.RowPlaces, run = g.RunFloats;
        Tap* first = g.TapsY + g.StartY[0], last = g.TapsY + g.StartY[1];
        long taps = 0;
        for (int k = 0; k < count; k++)
        {
            int i = list[k];
            if (i >= rowEnd) Advance(g, i, ref row, ref rowBegin, ref rowEnd, out first, out last);
            Band* band = g.Bands + (i - rowBegin);
            float* to = accumulators + band->Output, from = g.Weights + band->Weights;
            V x = S.IsSet ? W.All(values[i]) : default;
            for (Tap* y = first; y < last; y++)
            {
                float* t = to + y->Output, w = from + y->Weights, end = t + run;
                do
                {
                    Put(t, w, x);
                    t += W.Count;
                    w += W.Count;
                }
                while (t < end);
            }
            taps += band->Taps * (int)(last - first);
        }
        return taps;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* to, float* weights, V x) => W.Store(S.IsSet ? W.Add(W.Load(to), W.Multiply(x, W.Load(weights))) : W.Add(W.Load(to), W.Load(weights)), to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(in BandedArguments g, int i, ref int row, ref int rowBegin, ref int rowEnd, out Tap* first, out Tap* last)
    {
        do
        {
            row++;
            rowBegin = rowEnd;
            rowEnd += g.RowPlaces;
        }
        while (i >= rowEnd);
        first = g.TapsY + g.StartY[row];
        last = g.TapsY + g.StartY[row + 1];
    }
}
