using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Perception;

/// <summary>Adds the weight rows of active inputs into accumulators, row after row in the order of the list.</summary>
/// <remarks>
/// Each accumulator is one lane of a register from the first row to the last: it takes its addends in the order of the list, so the width of the vectors
/// does not show in the result. Rows of values are product, then sum, rounded apart. Rows and accumulators are padded to 16 floats.
/// </remarks>
/// <typeparam name="W">The width.</typeparam>
/// <typeparam name="V">Its vector.</typeparam>
/// <typeparam name="S">Whether each row is multiplied by its input's value; else every listed input counts as 1.</typeparam>
internal static unsafe class RowKernel<W, V, S>
    where W : IWidth<V>
    where V : unmanaged
    where S : IFlag
{
    /// <summary>accumulators[o] += Σ over list: (value[i]·) rows[i·stride + o], o &lt; width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(float* accumulators, float* rows, int* list, int count, nint stride, int width, float* values)
    {
        int o = 0;
        for (; o + 16 * W.Count <= width && W.Count == 16; o += 16 * W.Count) Block16(accumulators + o, rows + o, list, count, stride, values);
        for (; o + 8 * W.Count <= width; o += 8 * W.Count) Block8(accumulators + o, rows + o, list, count, stride, values);
        for (; o + 4 * W.Count <= width; o += 4 * W.Count) Block4(accumulators + o, rows + o, list, count, stride, values);
        for (; o + 2 * W.Count <= width; o += 2 * W.Count) Block2(accumulators + o, rows + o, list, count, stride, values);
        for (; o < width; o += W.Count) Block1(accumulators + o, rows + o, list, count, stride, values);
    }

    /// <summary>The same over all inputs 0 … count − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddAll(float* accumulators, float* rows, int count, nint stride, int width, float* values)
    {
        int o = 0;
        for (; o + 8 * W.Count <= width; o += 8 * W.Count)
        {
            float* to = accumulators + o, row = rows + o;
            V a0 = W.Load(to), a1 = W.Load(to + W.Count), a2 = W.Load(to + 2 * W.Count), a3 = W.Load(to + 3 * W.Count);
            V a4 = W.Load(to + 4 * W.Count), a5 = W.Load(to + 5 * W.Count), a6 = W.Load(to + 6 * W.Count), a7 = W.Load(to + 7 * W.Count);
            for (int i = 0; i < count; i++, row += stride)
            {
                V x = W.All(values[i]);
                a0 = W.Add(a0, W.Multiply(x, W.Load(row)));
                a1 = W.Add(a1, W.Multiply(x, W.Load(row + W.Count)));
                a2 = W.Add(a2, W.Multiply(x, W.Load(row + 2 * W.Count)));
                a3 = W.Add(a3, W.Multiply(x, W.Load(row + 3 * W.Count)));
                a4 = W.Add(a4, W.Multiply(x, W.Load(row + 4 * W.Count)));
                a5 = W.Add(a5, W.Multiply(x, W.Load(row + 5 * W.Count)));
                a6 = W.Add(a6, W.Multiply(x, W.Load(row + 6 * W.Count)));
                a7 = W.Add(a7, W.Multiply(x, W.Load(row + 7 * W.Count)));
            }
            W.Store(a0, to);
            W.Store(a1, to + W.Count);
            W.Store(a2, to + 2 * W.Count);
            W.Store(a3, to + 3 * W.Count);
            W.Store(a4, to + 4 * W.Count);
            W.Store(a5, to + 5 * W.Count);
            W.Store(a6, to + 6 * W.Count);
            W.Store(a7, to + 7 * W.Count);
        }
        for (; o < width; o += W.Count)
        {
            float* row = rows + o;
            V a = W.Load(accumulators + o);
            for (int i = 0; i < count; i++, row += stride) a = W.Add(a, W.Multiply(W.All(values[i]), W.Load(row)));
            W.Store(a, accumulators + o);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Step(V a, float* row, float* value) => S.IsSet ? W.Add(a, W.Multiply(W.All(*value), W.Load(row))) : W.Add(a, W.Load(row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block1(float* to, float* rows, int* list, int count, nint stride, float* values)
    {
        V a = W.Load(to);
        for (int k = 0; k < count; k++)
        {
            nint i = list[k];
            a = Step(a, rows + i * stride, values + i);
        }
        W.Store(a, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block2(float* to, float* rows, int* list, int count, nint stride, float* values)
    {
        V a0 = W.Load(to), a1 = W.Load(to + W.Count);
        for (int k = 0; k < count; k++)
        {
            nint i = list[k];
            float* row = rows + i * stride;
            a0 = Step(a0, row, values + i);
            a1 = Step(a1, row + W.Count, values + i);
        }
        W.Store(a0, to);
        W.Store(a1, to + W.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block4(float* to, float* rows, int* list, int count, nint stride, float* values)
    {
        V a0 = W.Load(to), a1 = W.Load(to + W.Count), a2 = W.Load(to + 2 * W.Count), a3 = W.Load(to + 3 * W.Count);
        for (int k = 0; k < count; k++)
        {
            nint i = list[k];
            float* row = rows + i * stride, value = values + i;
            a0 = Step(a0, row, value);
            a1 = Step(a1, row + W.Count, value);
            a2 = Step(a2, row + 2 * W.Count, value);
            a3 = Step(a3, row + 3 * W.Count, value);
        }
        W.Store(a0, to);
        W.Store(a1, to + W.Count);
        W.Store(a2, to + 2 * W.Count);
        W.Store(a3, to + 3 * W.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Block8(float* to, float* rows, int* list, int count, nint stride, float* values)
    {
        V a0 = W.Load(to), a1 = W.Load(to + W.Count), a2 = W.Load(to + 2 * W.Count), a3 = W.Load(to + 3 * W.Count);
        V a4 = W.Load(to + 4 * W.Count), a5 = W.Load(to + 5 * W.Count), a6 = W.Load(to + 6 * W.Count), a7 = W.Load(to + 7 * W.Count);
        for (int k = 0; k < count; k++)
        {
            nint i = list[k];
            float* row = rows + i * stride, value = values + i;
            a0 = Step(a0, row, value);
            a1 = Step(a1, row + W.Count, value);
            a2 = Step(a2, row + 2 * W.Count, value);
            a3 = Step(a3, row + 3 * W.Count, value);
            a4 = Step(a4, row + 4 * W.Count, value);
            a5 = Step(a5, row + 5 * W.Count, value);
            a6 = Step(a6, row + 6 * W.Count, value);
            a7 = Step(a7, row + 7 * W.Count, value);
        }
        W.Store(a0, to);
        W.Store(a1, to + W.Count);
        W.Store(a2, to + 2 * W.Count);
        W.Store(a3, to + 3 * W.Count);
        W.Store(a4, to + 4 * W.Count);
        W.Store(a5, to + 5 * W.Count);
        W.Store(a6, to + 6 * W.Count);
        W.Store(a7, to + 7 * W.Count);
    }

    // 256 outputs in half of the 32 registers that 512-bit machines have: the list is walked once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block16(float* to, float* rows, int* list, int count, nint stride, float* values)
    {
        V a0 = W.Load(to), a1 = W.Load(to + W.Count), a2 = W.Load(to + 2 * W.Count), a3 = W.Load(to + 3 * W.Count);
        V a4 = W.Load(to + 4 * W.Count), a5 = W.Load(to + 5 * W.Count), a6 = W.Load(to + 6 * W.Count), a7 = W.Load(to + 7 * W.Count);
        V a8 = W.Load(to + 8 * W.Count), a9 = W.Load(to + 9 * W.Count), a10 = W.Load(to + 10 * W.Count), a11 = W.Load(to + 11 * W.Count);
        V a12 = W.Load(to + 12 * W.Count), a13 = W.Load(to + 13 * W.Count), a14 = W.Load(to + 14 * W.Count), a15 = W.Load(to + 15 * W.Count);
        for (int k = 0; k < count; k++)
        {
            nint i = list[k];
            float* row = rows + i * stride, value = values + i;
            a0 = Step(a0, row, value);
            a1 = Step(a1, row + W.Count, value);
            a2 = Step(a2, row + 2 * W.Count, value);
            a3 = Step(a3, row + 3 * W.Count, value);
            a4 = Step(a4, row + 4 * W.Count, value);
            a5 = Step(a5, row + 5 * W.Count, value);
            a6 = Step(a6, row + 6 * W.Count, value);
            a7 = Step(a7, row + 7 * W.Count, value);
            a8 = Step(a8, row + 8 * W.Count, value);
            a9 = Step(a9, row + 9 * W.Count, value);
            a10 = Step(a10, row + 10 * W.Count, value);
            a11 = Step(a11, row + 11 * W.Count, value);
            a12 = Step(a12, row + 12 * W.Count, value);
            a13 = Step(a13, row + 13 * W.Count, value);
            a14 = Step(a14, row + 14 * W.Count, value);
            a15 = Step(a15, row + 15 * W.Count, value);
        }
        W.Store(a0, to);
        W.Store(a1, to + W.Count);
        W.Store(a2, to + 2 * W.Count);
        W.Store(a3, to + 3 * W.Count);
        W.Store(a4, to + 4 * W.Count);
        W.Store(a5, to + 5 * W.Count);
        W.Store(a6, to + 6 * W.Count);
        W.Store(a7, to + 7 * W.Count);
        W.Store(a8, to + 8 * W.Count);
        W.Store(a9, to + 9 * W.Count);
        W.Store(a10, to + 10 * W.Count);
        W.Store(a11, to + 11 * W.Count);
        W.Store(a12, to + 12 * W.Count);
        W.Store(a13, to + 13 * W.Count);
        W.Store(a14, to + 14 * W.Count);
        W.Store(a15, to + 15 * W.Count);
    }
}
