using System.Numerics;

namespace EdgeAutonomy.Simulation;

/// <summary>Draws one image column of a standing surface, averaged exactly over each pixel.</summary>
/// <remarks>One thread; allocation-free. Element-wise vectors only, each with the same operations as its scalar tail.</remarks>
internal sealed class SurfacePainter(int height, double focal, double mount)
{
    private readonly float[] _average = new float[WallTexture.Stride];
    private readonly float[] _edges = new float[height + 9];

    /// <summary>Gets or sets whether look-ups may go eight at a time; false only to test the scalar twin.</summary>
    public bool Wide { get; set; } = Gather.IsWide;

    /// <summary>Draws a standing surface between two (fractional) image rows over what is there, averaged exactly over each pixel.</summary>
    /// <param name="column">The image column.</param>
    /// <param name="texture">The pattern.</param>
    /// <param name="u0">One end along the surface in metres.</param>
    /// <param name="u1">The other end.</param>
    /// <param name="shade">Factor on the reflectance.</param>
    /// <param name="inverse">1/depth.</param>
    /// <param name="top">Upper edge in rows.</param>
    /// <param name="bottom">Lower edge in rows: height 0.</param>
    /// <param name="alpha">Share of the column that the surface covers.</param>
    public void Draw(Span<float> column, WallTexture texture, double u0, double u1, float shade, double inverse, double top, double bottom, float alpha)
    {
        if (u1 < u0) (u0, u1) = (u1, u0);
        double texelsPerRow = 1 / (inverse * focal * WallTexture.Texel);
        var sum = _average.AsSpan();
        texture.Average(u0 * (1 / WallTexture.Texel), u1 * (1 / WallTexture.Texel), (float)(shade / texelsPerRow), sum);
        top = Math.Max(top, 0);
        bottom = Math.Min(bottom, height);
        if (bottom <= top) return;
        double horizon = 0.5 * height, atZero = mount * (1 / WallTexture.Texel) + horizon * texelsPerRow; // v(row) = atZero − row·texelsPerRow
        int firstFull = (int)Math.Ceiling(top), endFull = (int)bottom;
        float last = Sum(sum, atZero - top * texelsPerRow);
        if (firstFull > endFull)
        {
            float value = last - Sum(sum, atZero - bottom * texelsPerRow);
            Blend(ref column[endFull], value, (float)(bottom - top), alpha);
            return;
        }
        if (firstFull > top)
        {
            float next = Sum(sum, atZero - firstFull * texelsPerRow);
            Blend(ref column[firstFull - 1], last - next, (float)(firstFull - top), alpha);
            last = next;
        }
        last = DrawRows(column[firstFull..endFull], sum, (float)(atZero - firstFull * texelsPerRow), (float)texelsPerRow, last, alpha);
        if (bottom > endFull) Blend(ref column[endFull], last - Sum(sum, atZero - bottom * texelsPerRow), (float)(bottom - endFull), alpha);
    }

    private float DrawRows(Span<float> rows, ReadOnlySpan<float> sum, float v, float step, float last, float alpha)
    {
        if (rows.Length == 0) return last;
        // Rounded up to groups of eight; the surplus is never read.
        var edges = _edges.AsSpan(0, 1 + ((rows.Length + 7) & ~7));
        edges[0] = last;
        Gather.Falling(sum, v, step, edges[1..], Wide);
        int i = 0;
        for (; i <= rows.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(edges[i..]) - new Vector<float>(edges[(i + 1)..]);
            if (alpha != 1f)
            {
                var under = new Vector<float>(rows[i..]);
                value = under + new Vector<float>(alpha) * (value - under);
            }
            value.CopyTo(rows[i..]);
        }
        for (; i < rows.Length; i++)
        {
            float value = edges[i] - edges[i + 1];
            rows[i] = alpha == 1f ? value : rows[i] + alpha * (value - rows[i]);
        }
        return edges[rows.Length];
    }

    private static float Sum(ReadOnlySpan<float> sum, double v) => Sum(sum, (float)Math.Clamp(v, 0, WallTexture.Rows));

    private static float Sum(ReadOnlySpan<float> sum, float v)
    {
        int i = (int)v;
        float low = sum[i];
        return low + (v - i) * (sum[i + 1] - low);
    }

    // value is already weighted by the share of the row that is covered.
    private static void Blend(ref float pixel, float value, float cover, float alpha) => pixel += alpha * (value - cover * pixel);
}
