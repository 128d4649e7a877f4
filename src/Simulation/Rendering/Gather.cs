using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Simulation;

/// <summary>The two table look-ups that the renderer spends its time in, eight pixels at a time where the processor can gather.</summary>
/// <remarks>
/// Vector and scalar do the same operations per pixel in the same order, so results agree bit for bit. The pointers are sound because callers
/// state, and Debug builds check, that every index lies inside the table; the spans are pinned for the call.
/// </remarks>
internal static unsafe class Gather
{
    /// <summary>Gets whether eight look-ups are done at once here.</summary>
    public static bool IsWide => Avx2.IsSupported;

    /// <summary>Writes a piecewise linear table at falling places: result[k] = table(max(v − step·(k+1), 0)).</summary>
    /// <param name="table">Values at 0, 1, 2, …; holds one more value than the highest place.</param>
    /// <param name="v">The place before the first one; at most table.Length − 2.</param>
    /// <param name="step">Distance between places, positive.</param>
    /// <param name="result">The values.</param>
    /// <param name="wide">False forces the scalar twin.</param>
    public static void Falling(ReadOnlySpan<float> table, float v, float step, Span<float> result, bool wide)
    {
        System.Diagnostics.Debug.Assert(v >= 0 && v <= table.Length - 2, "place outside the table");
        int k = 0;
        if (wide && Avx2.IsSupported)
        {
            fixed (float* values = table)
            {
                var ramp = Vector256.Create(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
                for (; k <= result.Length - 8; k += 8)
                {
                    var place = Vector256.Max(Vector256.Create(v) - Vector256.Create(step) * (ramp + Vector256.Create((float)k)), Vector256<float>.Zero);
                    var index = Vector256.ConvertToInt32Native(place);
                    var low = Avx2.GatherVector256(values, index, 4);
                    var high = Avx2.GatherVector256(values + 1, index, 4);
                    (low + (place - Vector256.ConvertToSingle(index)) * (high - low)).CopyTo(result[k..]);
                }
            }
        }
        for (; k < result.Length; k++)
        {
            float place = v - step * (1f + k);
            place = place > 0 ? place : 0;
            int index = (int)place;
            float low = table[index];
            result[k] = low + (place - index) * (table[index + 1] - low);
        }
    }

    /// <summary>Writes a bilinear periodic table along a line: result[k] = table(x + depth[k]·dx, y + depth[k]·dy)·scale + offset.</summary>
    /// <param name="corners">side·side words; byte 0 … 3 of [y, x] are the values at (x, y), (x+1, y), (x, y+1), (x+1, y+1).</param>
    /// <param name="shift">log2 of the side.</param>
    /// <param name="depth">Distances.</param>
    /// <param name="line">Start and direction in texels; start + depth·direction is never negative.</param>
    /// <param name="scale">Factor on the bytes.</param>
    /// <param name="offset">Added last.</param>
    /// <param name="result">The values, as many as distances.</param>
    /// <param name="wide">False forces the scalar twin.</param>
    public static void Bilinear(ReadOnlySpan<uint> corners, int shift, ReadOnlySpan<float> depth, in Line line, float scale, float offset, Span<float> result, bool wide)
    {
        int mask = (1 << shift) - 1, k = 0;
        System.Diagnostics.Debug.Assert(corners.Length == 1 << (2 * shift) && depth.Length == result.Length, "table or line of the wrong size");
        if (wide && Avx2.IsSupported)
        {
            var byteMask = Vector256.Create(255);
            fixed (uint* words = corners)
            {
                for (; k <= result.Length - 8; k += 8)
                {
                    var z = Vector256.Create(depth[k..]);
                    var x = Vector256.Create(line.X) + z * Vector256.Create(line.Dx);
                    var y = Vector256.Create(line.Y) + z * Vector256.Create(line.Dy);
                    Vector256<int> ix = Vector256.ConvertToInt32Native(x), iy = Vector256.ConvertToInt32Native(y);
                    Vector256<float> ux = x - Vector256.ConvertToSingle(ix), uy = y - Vector256.ConvertToSingle(iy);
                    var at = ((iy & Vector256.Create(mask)) << shift) | (ix & Vector256.Create(mask));
                    var word = Avx2.GatherVector256((int*)words, at, 4);
                    var a = Vector256.ConvertToSingle(word & byteMask);
                    var b = Vector256.ConvertToSingle((word >>> 8) & byteMask);
                    var c = Vector256.ConvertToSingle((word >>> 16) & byteMask);
                    var d = Vector256.ConvertToSingle(word >>> 24);
                    Vector256<float> low = a + ux * (b - a), high = c + ux * (d - c);
                    ((low + uy * (high - low)) * Vector256.Create(scale) + Vector256.Create(offset)).CopyTo(result[k..]);
                }
            }
        }
        for (; k < result.Length; k++) result[k] = Bilinear(corners, shift, mask, line.X + depth[k] * line.Dx, line.Y + depth[k] * line.Dy) * scale + offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Bilinear(ReadOnlySpan<uint> corners, int shift, int mask, float x, float y)
    {
        int ix = (int)x, iy = (int)y;
        float ux = x - ix, uy = y - iy;
        uint word = corners[((iy & mask) << shift) | (ix & mask)];
        float a = word & 255, b = (word >> 8) & 255, c = (word >> 16) & 255, d = word >> 24;
        float low = a + ux * (b - a), high = c + ux * (d - c);
        return low + uy * (high - low);
    }

    /// <summary>A straight line over a table.</summary>
    internal readonly record struct Line(float X, float Y, float Dx, float Dy);
}
