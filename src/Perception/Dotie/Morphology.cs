using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Dilation and closing of binary images by a centred square box, by word shifts in a logarithmic number of passes.</summary>
/// <remarks>
/// Outside the image nothing is set for a dilation and everything is set for an erosion, so the border neither grows nor eats objects
/// (the convention of common image libraries). Whole words only: the result does not depend on the vector width.
/// </remarks>
internal sealed class Morphology
{
    private readonly ulong[] _down;
    private readonly int _radius;

    internal Morphology(BitImage shape, int kernelSize)
    {
        _radius = kernelSize / 2;
        _down = new ulong[shape.Words.Length];
    }

    /// <summary>Dilates, then closes (dilates and erodes). Rows outside [<paramref name="firstRow"/>, <paramref name="lastRow"/>] must be empty.</summary>
    internal void DilateAndClose(BitImage image, int firstRow, int lastRow)
    {
        if (_radius == 0) return;
        // A dilation followed by a dilation is one by twice the radius; the erosion then takes one radius back.
        int top = Math.Max(0, firstRow - 2 * _radius), bottom = Math.Min(image.Height - 1, lastRow + 2 * _radius);
        Dilate(image, top, bottom, 2 * _radius);
        Erode(image, top, bottom);
    }

    private void Erode(BitImage image, int top, int bottom)
    {
        // The complement is dilated. Rows next to the worked band are empty in the image, hence set in the complement: they eat into the
        // band from outside, unless they do not exist. Taking the radius off the band's ends does the same without touching them.
        Complement(image, top, bottom);
        Dilate(image, top, bottom, _radius);
        Complement(image, top, bottom);
        if (top > 0) image.Words.AsSpan(top * image.Stride, Math.Min(_radius, bottom - top + 1) * image.Stride).Clear();
        if (bottom < image.Height - 1)
        {
            int rows = Math.Min(_radius, bottom - top + 1);
            image.Words.AsSpan((bottom - rows + 1) * image.Stride, rows * image.Stride).Clear();
        }
    }

    private static void Complement(BitImage image, int top, int bottom)
    {
        for (int y = top; y <= bottom; y++)
        {
            var row = image.Row(y);
            for (int w = 0; w < row.Length; w++) row[w] = ~row[w];
            row[^1] &= image.LastWordMask;
        }
    }

    private void Dilate(BitImage image, int top, int bottom, int radius)
    {
        for (int y = top; y <= bottom; y++) DilateRow(image.Row(y), radius, image.LastWordMask);
        int stride = image.Stride, count = (bottom - top + 1) * stride;
        var up = image.Words.AsSpan(top * stride, count);
        var down = _down.AsSpan(0, count);
        up.CopyTo(down);
        for (int cover = 1; cover <= radius;)
        {
            int shift = Math.Min(cover, radius + 1 - cover) * stride;
            if (shift >= count) break; // the passes so far already join all rows
            // Ascending, a row takes from rows below it that this pass has not changed yet; descending the other way about.
            OrForward(up, shift);
            OrBackward(down, shift);
            cover += shift / stride;
        }
        OrInto(up, down);
    }

    private static void DilateRow(Span<ulong> row, int radius, ulong lastMask)
    {
        if (!row.ContainsAnyExcept(0UL)) return;
        for (int cover = 1; cover <= radius;)
        {
            int shift = Math.Min(cover, radius + 1 - cover);
            SpreadRight(row, shift);
            cover += shift;
        }
        row[^1] &= lastMask;
        // The row now reaches radius to the right of each pixel. Spreading it to the left by up to the radius gives the other half: the union over
        // both is the centred window, because every set run starts at an original pixel.
        for (int cover = 1; cover <= radius;)
        {
            int shift = Math.Min(cover, radius + 1 - cover);
            SpreadLeft(row, shift);
            cover += shift;
        }
    }

    private static void SpreadRight(Span<ulong> row, int shift)
    {
        // From the far end, so that the word before is still as it was when it lends its high bits.
        int w = row.Length;
        ref ulong start = ref MemoryMarshal.GetReference(row);
        for (; w >= 5; w -= 4)
        {
            Vector256<ulong> words = Vector256.LoadUnsafe(ref start, (nuint)(w - 4)), before = Vector256.LoadUnsafe(ref start, (nuint)(w - 5));
            (words | Vector256.ShiftLeft(words, shift) | Vector256.ShiftRightLogical(before, 64 - shift)).StoreUnsafe(ref start, (nuint)(w - 4));
        }
        for (w--; w >= 0; w--) row[w] |= row[w] << shift | (w > 0 ? row[w - 1] >> (64 - shift) : 0);
    }

    private static void SpreadLeft(Span<ulong> row, int shift)
    {
        int w = 0;
        ref ulong start = ref MemoryMarshal.GetReference(row);
        for (; w + 5 <= row.Length; w += 4)
        {
            Vector256<ulong> words = Vector256.LoadUnsafe(ref start, (nuint)w), after = Vector256.LoadUnsafe(ref start, (nuint)(w + 1));
            (words | Vector256.ShiftRightLogical(words, shift) | Vector256.ShiftLeft(after, 64 - shift)).StoreUnsafe(ref start, (nuint)w);
        }
        for (; w < row.Length; w++) row[w] |= row[w] >> shift | (w + 1 < row.Length ? row[w + 1] << (64 - shift) : 0);
    }

    private static void OrForward(Span<ulong> rows, int shift)
    {
        int i = 0, end = rows.Length - shift;
        ref ulong start = ref MemoryMarshal.GetReference(rows);
        for (; i + 4 <= end && shift >= 4; i += 4)
        {
            (Vector256.LoadUnsafe(ref start, (nuint)i) | Vector256.LoadUnsafe(ref start, (nuint)(i + shift))).StoreUnsafe(ref start, (nuint)i);
        }
        for (; i < end; i++) rows[i] |= rows[i + shift];
    }

    private static void OrBackward(Span<ulong> rows, int shift)
    {
        int i = rows.Length;
        ref ulong start = ref MemoryMarshal.GetReference(rows);
        for (; i - 4 >= shift && shift >= 4; i -= 4)
        {
            (Vector256.LoadUnsafe(ref start, (nuint)(i - 4)) | Vector256.LoadUnsafe(ref start, (nuint)(i - 4 - shift))).StoreUnsafe(ref start, (nuint)(i - 4));
        }
        for (i--; i >= shift; i--) rows[i] |= rows[i - shift];
    }

    private static void OrInto(Span<ulong> target, ReadOnlySpan<ulong> source)
    {
        for (int i = 0; i < target.Length; i++) target[i] |= source[i];
    }
}
