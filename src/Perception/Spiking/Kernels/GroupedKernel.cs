using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Where the spikes of one place in a row go, when channels come in groups.</summary>
/// <param name="FirstX">The first of its taps along the row.</param>
/// <param name="LastX">One behind the last.</param>
/// <param name="Output">Where its group begins among the channels of an output pixel.</param>
/// <param name="Weights">Where its row begins among the weights of a tap.</param>
internal readonly record struct GroupedPlace(int FirstX, int LastX, int Output, int Weights);

/// <summary>The tables of a convolution in groups.</summary>
internal unsafe struct GroupedArguments
{
    /// <summary>Weights [ky][kx][input channel][output of its group], for the sparse kernel.</summary>
    internal float* Weights;

    /// <summary>Weights [ky][kx][input of the group][output channel, padded], for the dense kernel.</summary>
    internal float* DenseWeights;

    /// <summary>The padded image [y][x][input of the group][output channel, padded]: what each output channel sees, so that no lane needs another lane's input.</summary>
    internal float* Image;

    /// <summary>One entry for each place in an input row.</summary>
    internal GroupedPlace* Places;

    internal int PerGroup, Depth;
}

/// <summary>Convolution with channels in groups, down to one channel each.</summary>
/// <remarks>Both kernels give an output its addends in ascending (ky, kx, channel), product and sum rounded apart: the same bits.</remarks>
/// <typeparam name="W">The width.</typeparam>
/// <typeparam name="V">Its vector.</typeparam>
internal static unsafe class GroupedKernel<W, V>
    where W : IWidth<V>
    where V : unmanaged
{
    /// <summary>Adds the convolution of the listed inputs into the accumulators.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="grouped">Its tables.</param>
    /// <param name="accumulators">Where to add.</param>
    /// <param name="list">The active inputs, ascending.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">The value of each input; null = 1 each.</param>
    /// <returns>How many output pixels the inputs reached.</returns>
    internal static long Add(ConvArguments* geometry, GroupedArguments* grouped, float* accumulators, int* list, int count, float* values) =>
        grouped->PerGroup == 1
            ? values == null ? Scatter<Yes, No>(geometry, grouped, accumulators, list, count, values) : Scatter<Yes, Yes>(geometry, grouped, accumulators, list, count, values)
            : values == null ? Scatter<No, No>(geometry, grouped, accumulators, list, count, values) : Scatter<No, Yes>(geometry, grouped, accumulators, list, count, values);

    /// <summary>Adds the convolution of the image into the accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddDense(ConvArguments* geometry, GroupedArguments* grouped, float* accumulators)
    {
        ConvArguments g = *geometry;
        GroupedArguments d = *grouped;
        nint stride = g.OutStride, pixel = d.Depth * stride, line = g.PaddedWidth * pixel, step = g.StepX * pixel;
        for (int oy = 0; oy < g.OutHeight; oy++)
        {
            float* image = d.Image + oy * g.StepY * line, to = accumulators + oy * g.OutWidth * stride;
            for (nint o = 0; o < stride; o += W.Count)
            {
                int ox = 0;
                for (; ox + 4 <= g.OutWidth; ox += 4)
                {
                    float* t = to + ox * stride + o, from = image + ox * step + o, w = d.DenseWeights + o;
                    V a0 = W.Load(t), a1 = W.Load(t + stride), a2 = W.Load(t + 2 * stride), a3 = W.Load(t + 3 * stride);
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < g.KernelWidth; kx++)
                        {
                            float* x = from + ky * g.DilationY * line + kx * g.DilationX * pixel;
                            for (int k = 0; k < d.Depth; k++, x += stride, w += stride)
                            {
                                V weight = W.Load(w);
                                a0 = W.Add(a0, W.Multiply(W.Load(x), weight));
                                a1 = W.Add(a1, W.Multiply(W.Load(x + step), weight));
                                a2 = W.Add(a2, W.Multiply(W.Load(x + 2 * step), weight));
                                a3 = W.Add(a3, W.Multiply(W.Load(x + 3 * step), weight));
                            }
                        }
                    }
                    W.Store(a0, t);
                    W.Store(a1, t + stride);
                    W.Store(a2, t + 2 * stride);
                    W.Store(a3, t + 3 * stride);
                }
                for (; ox < g.OutWidth; ox++)
                {
                    float* t = to + ox * stride + o, from = image + ox * step + o, w = d.DenseWeights + o;
                    V a = W.Load(t);
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < g.KernelWidth; kx++)
                        {
                            float* x = from + ky * g.DilationY * line + kx * g.DilationX * pixel;
                            for (int k = 0; k < d.Depth; k++, x += stride, w += stride) a = W.Add(a, W.Multiply(W.Load(x), W.Load(w)));
                        }
                    }
                    W.Store(a, t);
                }
            }
        }
    }

    /// <summary>accumulators[o] += scales[o mod period] · sums[o], and the sums become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Settle(float* accumulators, float* sums, float* scales, int count, int period)
    {
        for (int site = 0; site < count; site += period)
        {
            for (int k = 0; k < period; k += W.Count)
            {
                W.Store(W.Add(W.Load(accumulators + site + k), W.Multiply(W.Load(scales + k), W.Load(sums + site + k))), accumulators + site + k);
                W.Store(default, sums + site + k);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Scatter<Single, S>(ConvArguments* geometry, GroupedArguments* grouped, float* accumulators, int* list, int count, float* values)
        where Single : IFlag
        where S : IFlag
    {
        ConvArguments g = *geometry;
        GroupedArguments d = *grouped;
        int row = 0, places = g.InWidth * g.InStride, rowBegin = 0, rowEnd = places;
        Tap* first = g.TapsY + g.StartY[0], last = g.TapsY + g.StartY[1];
        long taps = 0;
        for (int n = 0; n < count; n++)
        {
            int i = list[n];
            while (i >= rowEnd)
            {
                row++;
                rowBegin = rowEnd;
                rowEnd += places;
                first = g.TapsY + g.StartY[row];
                last = g.TapsY + g.StartY[row + 1];
            }
            GroupedPlace place = d.Places[i - rowBegin];
            Tap* firstX = g.TapsX + place.FirstX, lastX = g.TapsX + place.LastX;
            float value = S.IsSet ? values[i] : 1;
            for (Tap* y = first; y < last; y++)
            {
                float* line = accumulators + y->Output + place.Output, rows = d.Weights + y->Weights + place.Weights;
                for (Tap* x = firstX; x < lastX; x++)
                {
                    float* to = line + x->Output, w = rows + x->Weights;
                    if (Single.IsSet)
                    {
                        *to += S.IsSet ? value * *w : *w;
                        continue;
                    }
                    int o = 0;
                    for (; o + W.Count <= d.PerGroup; o += W.Count) W.Store(W.Add(W.Load(to + o), S.IsSet ? W.Multiply(W.All(value), W.Load(w + o)) : W.Load(w + o)), to + o);
                    for (; o < d.PerGroup; o++) to[o] += S.IsSet ? value * w[o] : w[o];
                }
            }
            taps += (lastX - firstX) * (last - first);
        }
        return taps;
    }
}
