using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Perception;

/// <summary>Turns bits into ascending lists of indices, and lists into images.</summary>
internal static unsafe class SpikeLists
{
    /// <summary>Places that a list needs behind its last index: a whole word is written at a time.</summary>
    internal const int Slack = 64;

    private static readonly byte[] Sequence = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    // Byte i of the mask looks at byte i / 8 of the word; shuffles stay within 16 bytes, each of which holds the word twice.
    private static readonly byte[] Spread = [.. Enumerable.Range(0, 64).Select(i => (byte)(i / 8))];

    /// <summary>Writes the indices of all set bits, ascending.</summary>
    /// <param name="bits">Words of 64 bits.</param>
    /// <param name="words">How many.</param>
    /// <param name="list">Room for one index per bit and <see cref="Slack"/> more.</param>
    /// <param name="simd">What may be used.</param>
    /// <returns>How many bits are set.</returns>
    internal static int FromBits(ulong* bits, int words, int* list, SimdLevel simd)
    {
        if (simd == SimdLevel.V512 && Avx512Vbmi2.IsSupported) return FromBits512(bits, words, list);
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

    // The indices of a word's bits are compressed as bytes and widened: where the bits are decides no branch, and a mispredicted one would cost
    // more than a whole word does.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int FromBits512(ulong* bits, int words, int* list)
    {
        var index = Vector512.Create(Sequence);
        var spread = Vector512.Create(Spread);
        var bitOf = Vector512.Create(0x8040201008040201UL).AsByte();
        int count = 0;
        for (int w = 0; w < words; w++)
        {
            ulong word = bits[w];
            if (word == 0) continue;
            var set = ~Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(word).AsByte(), spread) & bitOf, Vector512<byte>.Zero);
            var packed = Avx512Vbmi2.Compress(Vector512<byte>.Zero, set, index);
            var from = Vector512.Create(w << 6);
            int n = BitOperations.PopCount(word), at = count;
            Vector512.Store(Avx512F.ConvertToVector512Int32(packed.GetLower().GetLower()) + from, list + at);
            if (n > 16)
            {
                Vector512.Store(Avx512F.ConvertToVector512Int32(packed.GetLower().GetUpper()) + from, list + at + 16);
                Vector512.Store(Avx512F.ConvertToVector512Int32(packed.GetUpper().GetLower()) + from, list + at + 32);
                Vector512.Store(Avx512F.ConvertToVector512Int32(packed.GetUpper().GetUpper()) + from, list + at + 48);
            }
            count += n;
        }
        return count;
    }
}
