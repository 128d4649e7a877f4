using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Perception;

/// <summary>Counts the bits that inputs and weights share, for blocks of eight outputs. Whole numbers: every width gives the same.</summary>
/// <remarks>Weights lie [block][word][output of the block], so that a lane belongs to one output and nothing is summed across lanes. The wide kernels count the bits of half bytes
/// with a table of 16 (Muła, Kurz and Lemire, "Faster population counts using AVX2 instructions", 2018).</remarks>
internal static unsafe class BinaryKernel
{
    /// <summary>Outputs of a block.</summary>
    internal const int Block = 8;

    // A byte of counts holds the bits of so many bytes: 31 · 8 < 256.
    private const int Batch = 31;

    private static readonly byte[] Bits = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];

    /// <summary>counts[o] = number of bits that are set in bits and in the weights of o.</summary>
    /// <param name="counts">Eight per block.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bits">The inputs.</param>
    /// <param name="words">Words of 64 inputs.</param>
    /// <param name="blocks">Blocks of outputs.</param>
    /// <param name="simd">The widest vectors to use.</param>
    internal static void Count(int* counts, ulong* weights, ulong* bits, int words, int blocks, SimdLevel simd)
    {
        if (simd == SimdLevel.V512 && Avx512BW.IsSupported) Count512(counts, weights, bits, words, blocks);
        else if (simd is SimdLevel.V512 or SimdLevel.V256 && Avx2.IsSupported) Count256(counts, weights, bits, words, blocks);
        else CountScalar(counts, weights, bits, words, blocks);
    }

    /// <summary>accumulators[o] += unit · (scale · plus[o] − minus[o] · all): the sum of each output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Settle(float* accumulators, int* plus, int* minus, int scale, int all, float unit, int outputs, SimdLevel simd)
    {
        int o = 0;
        if (simd != SimdLevel.Scalar)
        {
            for (; o < outputs; o += Block)
            {
                var sum = Vector256.Load(plus + o) * scale - Vector256.Load(minus + o) * all;
                (Vector256.Load(accumulators + o) + Vector256.Create(unit) * Vector256.ConvertToSingle(sum)).Store(accumulators + o);
            }
        }
        for (; o < outputs; o++) accumulators[o] += unit * (plus[o] * scale - minus[o] * all);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CountScalar(int* counts, ulong* weights, ulong* bits, int words, int blocks)
    {
        for (int b = 0; b < blocks; b++)
        {
            for (int o = 0; o < Block; o++)
            {
                int n = 0;
                for (int w = 0; w < words; w++) n += BitOperations.PopCount(bits[w] & weights[w * Block + o]);
                counts[b * Block + o] = n;
            }
            weights += words * Block;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count512(int* counts, ulong* weights, ulong* bits, int words, int blocks)
    {
        var quarter = Vector128.Create(Bits);
        var table = Vector512.Create(Vector256.Create(quarter, quarter), Vector256.Create(quarter, quarter));
        var half = Vector512.Create((byte)0x0F);
        for (int b = 0; b < blocks; b++)
        {
            var sums = Vector512<ulong>.Zero;
            for (int first = 0; first < words; first += Batch)
            {
                int end = Math.Min(words, first + Batch);
                var bytes = Vector512<byte>.Zero;
                for (int w = first; w < end; w++, weights += Block)
                {
                    var both = (Vector512.Create(bits[w]) & Vector512.Load(weights)).AsByte();
                    bytes += Avx512BW.Shuffle(table, both & half) + Avx512BW.Shuffle(table, (both.AsUInt64() >> 4).AsByte() & half);
                }
                sums += Avx512BW.SumAbsoluteDifferences(bytes, Vector512<byte>.Zero).AsUInt64();
            }
            Avx512F.ConvertToVector256Int32(sums).Store(counts + b * Block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count256(int* counts, ulong* weights, ulong* bits, int words, int blocks)
    {
        var quarter = Vector128.Create(Bits);
        var table = Vector256.Create(quarter, quarter);
        var half = Vector256.Create((byte)0x0F);
        for (int b = 0; b < blocks; b++)
        {
            Vector256<ulong> low = default, high = default;
            for (int first = 0; first < words; first += Batch)
            {
                int end = Math.Min(words, first + Batch);
                Vector256<byte> lowBytes = default, highBytes = default;
                for (int w = first; w < end; w++, weights += Block)
                {
                    var word = Vector256.Create(bits[w]);
                    Vector256<byte> x = (word & Vector256.Load(weights)).AsByte(), y = (word & Vector256.Load(weights + 4)).AsByte();
                    lowBytes += Avx2.Shuffle(table, x & half) + Avx2.Shuffle(table, (x.AsUInt64() >> 4).AsByte() & half);
                    highBytes += Avx2.Shuffle(table, y & half) + Avx2.Shuffle(table, (y.AsUInt64() >> 4).AsByte() & half);
                }
                low += Avx2.SumAbsoluteDifferences(lowBytes, Vector256<byte>.Zero).AsUInt64();
                high += Avx2.SumAbsoluteDifferences(highBytes, Vector256<byte>.Zero).AsUInt64();
            }
            Vector256.Narrow(low.AsInt64(), high.AsInt64()).Store(counts + b * Block);
        }
    }
}
