using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>A binary image, 64 pixels to the word, row after row; bit k of word w of a row is column 64·w + k.</summary>
/// <remarks>Bits beyond <see cref="Width"/> are always zero. Not thread-safe; allocates only when made.</remarks>
internal sealed class BitImage
{
    internal BitImage(int width, int height)
    {
        Width = width;
        Height = height;
        Stride = (width + 63) >> 6;
        Words = new ulong[Stride * height];
        LastWordMask = (width & 63) == 0 ? ulong.MaxValue : (1UL << (width & 63)) - 1;
    }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>Gets the words per row.</summary>
    internal int Stride { get; }

    /// <summary>Gets the pixels, [row, word].</summary>
    internal ulong[] Words { get; }

    /// <summary>Gets the bits of a row's last word that are pixels.</summary>
    internal ulong LastWordMask { get; }

    internal Span<ulong> Row(int y) => Words.AsSpan(y * Stride, Stride);

    internal bool this[int x, int y]
    {
        get => (Words[y * Stride + (x >> 6)] >> (x & 63) & 1) != 0;
        set
        {
            ref ulong word = ref Words[y * Stride + (x >> 6)];
            if (value) word |= 1UL << (x & 63);
            else word &= ~(1UL << (x & 63));
        }
    }

    internal void Clear() => Array.Clear(Words);

    internal int Population()
    {
        int n = 0;
        foreach (ulong word in Words) n += BitOperations.PopCount(word);
        return n;
    }

    /// <summary>Returns <paramref name="count"/> (at most 63) pixels of a row from column <paramref name="x"/> on, which must lie inside the row.</summary>
    internal ulong Field(int x, int y, int count)
    {
        int word = y * Stride + (x >> 6), shift = x & 63;
        ulong bits = Words[word] >> shift;
        if (shift + count > 64) bits |= Words[word + 1] << (64 - shift);
        return bits & ((1UL << count) - 1);
    }

    /// <summary>Sets pixels of a row: bit k of <paramref name="bits"/> is column x + k. None may lie outside the row.</summary>
    internal void SetField(int x, int y, ulong bits)
    {
        int word = y * Stride + (x >> 6), shift = x & 63;
        Words[word] |= bits << shift;
        if (shift > 0 && bits >> (64 - shift) is not 0 and ulong rest) Words[word + 1] |= rest;
    }
}
