using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Convolution of spikes: active input pixels scatter their weight rows into the outputs they reach.</summary>
/// <remarks>
/// Pixels come in ascending order and a pixel reaches an output through one tap only, so every output takes its addends in ascending HWC order of the input,
/// as the dense kernel does. All channels of a pixel that spike together are added while the output's accumulators are in registers.
/// </remarks>
/// <typeparam name="W">The width.</typeparam>
/// <typeparam name="V">Its vector.</typeparam>
/// <typeparam name="S">Whether inputs have values; else every listed input counts as 1.</typeparam>
internal static unsafe class ConvKernel<W, V, S>
    where W : IWidth<V>
    where V : unmanaged
    where S : IFlag
{
    /// <summary>Adds the convolution of the listed inputs into the accumulators.</summary>
    /// <returns>How many taps there were: input spikes times the outputs pixels that each reached.</returns>
    internal static long Add(ConvArguments* geometry, float* accumulators, int* list, int count, float* values) => (geometry->OutStride / W.Count) switch
    {
        1 => Scatter<One>(geometry, accumulators, list, count, values),
        2 => Scatter<Two>(geometry, accumulators, list, count, values),
        4 => Scatter<Four>(geometry, accumulators, list, count, values),
        8 => Scatter<Eight>(geometry, accumulators, list, count, values),
        _ => Scatter<Any>(geometry, accumulators, list, count, values),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Scatter<B>(ConvArguments* geometry, float* accumulators, int* list, int count, float* values)
        where B : IBlock
    {
        ConvArguments g = *geometry;
        int row = 0, rowBegin = 0, rowFloats = g.InWidth * g.InStride, rowEnd = rowFloats;
        long taps = 0;
        for (int k = 0; k < count;)
        {
            int i = list[k];
            while (i >= rowEnd)
            {
                row++;
                rowBegin = rowEnd;
                rowEnd += rowFloats;
            }
            int column = (i - rowBegin) / g.InStride, pixel = rowBegin + column * g.InStride, end = pixel + g.InStride, first = k;
            do k++;
            while (k < count && list[k] < end);
            Tap* lastX = g.TapsX + g.StartX[column + 1], firstX = g.TapsX + g.StartX[column], lastY = g.TapsY + g.StartY[row + 1];
            for (Tap* y = g.TapsY + g.StartY[row]; y < lastY; y++)
            {
                for (Tap* x = firstX; x < lastX; x++)
                {
                    float* to = accumulators + y->Output + x->Output;
                    // Rows are counted from the first input on, so that the list needs no copy relative to its pixel.
                    float* rows = g.Weights + y->Weights + x->Weights - (nint)pixel * g.OutStride;
                    if (B.Vectors == 1) RowKernel<W, V, S>.Block1(to, rows, list + first, k - first, g.OutStride, values);
                    else if (B.Vectors == 2) RowKernel<W, V, S>.Block2(to, rows, list + first, k - first, g.OutStride, values);
                    else if (B.Vectors == 4) RowKernel<W, V, S>.Block4(to, rows, list + first, k - first, g.OutStride, values);
                    else if (B.Vectors == 8) RowKernel<W, V, S>.Block8(to, rows, list + first, k - first, g.OutStride, values);
                    else RowKernel<W, V, S>.Add(to, rows, list + first, k - first, g.OutStride, g.OutStride, values);
                }
            }
            taps += (k - first) * (lastX - firstX) * (lastY - (g.TapsY + g.StartY[row]));
        }
        return taps;
    }

    /// <summary>The same for channels in groups: each input channel reaches only the outputs of its group. One float at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static long AddGrouped(ConvArguments* geometry, float* accumulators, int* list, int count, float* values)
    {
        ConvArguments g = *geometry;
        int perGroup = g.OutChannels / g.Groups, inPerGroup = g.InChannels / g.Groups, rowFloats = g.InWidth * g.InStride;
        long taps = 0;
        for (int k = 0; k < count; k++)
        {
            int i = list[k], row = i / rowFloats, rest = i - row * rowFloats, column = rest / g.InStride, channel = rest - column * g.InStride;
            float value = S.IsSet ? values[i] : 1;
            int output = channel / inPerGroup * perGroup, weight = channel * perGroup;
            for (int y = g.StartY[row]; y < g.StartY[row + 1]; y++)
            {
                for (int x = g.StartX[column]; x < g.StartX[column + 1]; x++)
                {
                    float* to = accumulators + g.TapsY[y].Output + g.TapsX[x].Output + output, w = g.Weights + g.TapsY[y].Weights + g.TapsX[x].Weights + weight;
                    for (int o = 0; o < perGroup; o++) to[o] += S.IsSet ? value * w[o] : w[o];
                    taps++;
                }
            }
        }
        return taps;
    }

    private interface IBlock
    {
        static abstract int Vectors { get; }
    }

    private readonly struct One : IBlock
    {
        public static int Vectors => 1;
    }

    private readonly struct Two : IBlock
    {
        public static int Vectors => 2;
    }

    private readonly struct Four : IBlock
    {
        public static int Vectors => 4;
    }

    private readonly struct Eight : IBlock
    {
        public static int Vectors => 8;
    }

    private readonly struct Any : IBlock
    {
        public static int Vectors => 0;
    }
}
