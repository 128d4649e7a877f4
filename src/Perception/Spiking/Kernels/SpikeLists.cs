using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Perception;

/// <summary>Turns bits into ascending lists of indices, and lists into images.</summary>
internal static unsafe class SpikeLists
{
    /// <summary>Writes the indices of all set bits, ascending.</summary>
    /// <param name="bits">Words of 64 bits.</param>
    /// <param name="words">How many.</param>
    /// <param name="list">Room for one index per bit and 16 more.</param>
    /// <param name="simd">What may be used.</param>
    /// <returns>How many bits are set.</returns>
    internal static int FromBits(ulong* bits, int words, int* list, SimdLevel simd)
    {
        if (simd == SimdLevel.V512 && Avx512F.IsSupported) return FromBits512(bits, words, list);
        return FromBitsScalar(bits, words, list);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int FromBitsScalar(ulong* bits, int words, int* list)
    {
        int count = 0;
        for (int w = 0; w < words; w++)
        {
            ulong word = bits[w];
            while (word != 0)
            {
                list[count++] = (w << 6) + BitOperations.TrailingZeroCount(word);
                word &= word - 1;
            }
        }
        return count;
    }

    // No branch depends on where in a word the bits are: a mispredicted one costs more than compressing sixteen indices.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int FromBits512(ulong* bits, int words, int* list)
    {
        var lane = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var laneBit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        int count = 0;
        for (int w = 0; w < words; w++)
        {
            ulong word = bits[w];
            int at = w << 6;
            while (word != 0)
            {
                int part = (int)(word & 0xFFFF);
                if (part != 0)
                {
                    var set = ~Vector512.Equals(Vector512.Create(part) & laneBit, Vector512<int>.Zero);
                    Vector512.Store(Avx512F.Compress(Vector512<int>.Zero, set, lane + Vector512.Create(at)), list + count);
                    count += BitOperations.PopCount((uint)part);
                }
                word >>= 16;
                at += 16;
            }
        }
        return count;
    }
}
