using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Sums rows of 8-bit weights in whole numbers: exact, so neither order nor width can change the result.</summary>
internal static unsafe class Int8Kernel
{
    // |127 · 258| still fits 16 bits: so many rows may be summed before the sums move on to 32 bits.
    private const int Batch = 258;

    /// <summary>sums[o] += Σ over list: rows[i · width + o], o &lt; width; width is a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddRows(int* sums, sbyte* rows, int* list, int count, nint width, SimdLevel simd)
    {
        for (int first = 0; first < count; first += Batch)
        {
            int end = Math.Min(count, first + Batch);
            nint o = 0;
            if (simd == SimdLevel.V512)
            {
                for (; o + 64 <= width; o += 64) Block512(sums + o, rows + o, list + first, end - first, width);
            }
            if (simd is SimdLevel.V512 or SimdLevel.V256)
            {
                for (; o + 32 <= width; o += 32) Block256(sums + o, rows + o, list + first, end - first, width);
            }
            if (simd != SimdLevel.Scalar)
            {
                for (; o + 16 <= width; o += 16) Block128(sums + o, rows + o, list + first, end - first, width);
            }
            for (; o < width; o++)
            {
                int sum = 0;
                for (int k = first; k < end; k++) sum += rows[list[k] * width + o];
                sums[o] += sum;
            }
        }
    }

    /// <summary>The same with every row multiplied by its input's value, a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScaledRows(int* sums, sbyte* rows, int* list, int count, nint width, float* values)
    {
        for (int k = 0; k < count; k++)
        {
            sbyte* row = rows + list[k] * width;
            int value = (int)values[list[k]];
            for (nint o = 0; o < width; o++) sums[o] += value * row[o];
        }
    }

    /// <summary>accumulators[o] += scales[o mod period] · sums[o], and the sums become 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Settle(float* accumulators, int* sums, float* scales, int count, int period, SimdLevel simd)
    {
        for (int site = 0; site < count; site += period)
        {
            float* to = accumulators + site;
            int* from = sums + site;
            int k = 0;
            if (simd != SimdLevel.Scalar)
            {
                // Whole numbers become floats by the same rounding at every width.
                for (; k < period; k += 8)
                {
                    (Vector256.Load(to + k) + Vector256.Load(scales + k) * Vector256.ConvertToSingle(Vector256.Load(from + k))).Store(to + k);
                    Vector256<int>.Zero.Store(from + k);
                }
            }
            for (; k < period; k++)
            {
                to[k] += scales[k] * from[k];
                from[k] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block512(int* sums, sbyte* rows, int* list, int count, nint width)
    {
        Vector512<short> low = default, high = default;
        for (int k = 0; k < count; k++)
        {
            var row = Vector512.Load(rows + list[k] * width);
            low += Vector512.WidenLower(row);
            high += Vector512.WidenUpper(row);
        }
        (Vector512.Load(sums) + Vector512.WidenLower(low)).Store(sums);
        (Vector512.Load(sums + 16) + Vector512.WidenUpper(low)).Store(sums + 16);
        (Vector512.Load(sums + 32) + Vector512.WidenLower(high)).Store(sums + 32);
        (Vector512.Load(sums + 48) + Vector512.WidenUpper(high)).Store(sums + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block256(int* sums, sbyte* rows, int* list, int count, nint width)
    {
        Vector256<short> low = default, high = default;
        for (int k = 0; k < count; k++)
        {
            var row = Vector256.Load(rows + list[k] * width);
            low += Vector256.WidenLower(row);
            high += Vector256.WidenUpper(row);
        }
        (Vector256.Load(sums) + Vector256.WidenLower(low)).Store(sums);
        (Vector256.Load(sums + 8) + Vector256.WidenUpper(low)).Store(sums + 8);
        (Vector256.Load(sums + 16) + Vector256.WidenLower(high)).Store(sums + 16);
        (Vector256.Load(sums + 24) + Vector256.WidenUpper(high)).Store(sums + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block128(int* sums, sbyte* rows, int* list, int count, nint width)
    {
        Vector128<short> low = default, high = default;
        for (int k = 0; k < count; k++)
        {
            var row = Vector128.Load(rows + list[k] * width);
            low += Vector128.WidenLower(row);
            high += Vector128.WidenUpper(row);
        }
        (Vector128.Load(sums) + Vector128.WidenLower(low)).Store(sums);
        (Vector128.Load(sums + 4) + Vector128.WidenUpper(low)).Store(sums + 4);
        (Vector128.Load(sums + 8) + Vector128.WidenLower(high)).Store(sums + 8);
        (Vector128.Load(sums + 12) + Vector128.WidenUpper(high)).Store(sums + 12);
    }
}
