using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Squared distances of points in the unit cube to one of them: three twins that agree bit for bit.</summary>
/// <remarks>
/// d = (dx² + dy²) + dt², products and sums rounded apart, so every width gives the same bits. Lengths are whole blocks of 16; the padding's coordinates do
/// not matter to <see cref="Squares"/>, and in <see cref="Shrink"/> its nearest distance is −1, which no distance goes below and no maximum finds.
/// </remarks>
internal static class PointDistance
{
    internal const int Block = 16;

    internal static int Padded(int count) => (count + Block - 1) & -Block;

    /// <summary>Writes the distances of all points to a place.</summary>
    internal static void Squares(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> squares)
    {
        if (Vector256.IsHardwareAccelerated) Squares256(x, y, t, cx, cy, ct, squares);
        else if (Vector128.IsHardwareAccelerated) Squares128(x, y, t, cx, cy, ct, squares);
        else SquaresScalar(x, y, t, cx, cy, ct, squares);
    }

    /// <summary>Lowers each point's distance to the nearest of the chosen ones by a new one, and finds the point that is then farthest, the first of equals.</summary>
    internal static int Shrink(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> nearest)
    {
        if (Vector256.IsHardwareAccelerated) return Shrink256(x, y, t, cx, cy, ct, nearest);
        return Vector128.IsHardwareAccelerated ? Shrink128(x, y, t, cx, cy, ct, nearest) : ShrinkScalar(x, y, t, cx, cy, ct, nearest);
    }

    internal static void SquaresScalar(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> squares)
    {
        for (int i = 0; i < squares.Length; i++) squares[i] = Square(x[i] - cx, y[i] - cy, t[i] - ct);
    }

    internal static void Squares128(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> squares)
    {
        Vector128<float> px = Vector128.Create(cx), py = Vector128.Create(cy), pt = Vector128.Create(ct);
        for (int i = 0; i < squares.Length; i += 4)
        {
            Vector128<float> dx = Vector128.Create(x[i..]) - px, dy = Vector128.Create(y[i..]) - py, dt = Vector128.Create(t[i..]) - pt;
            (dx * dx + dy * dy + dt * dt).CopyTo(squares[i..]);
        }
    }

    internal static void Squares256(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> squares)
    {
        Vector256<float> px = Vector256.Create(cx), py = Vector256.Create(cy), pt = Vector256.Create(ct);
        for (int i = 0; i < squares.Length; i += 8)
        {
            Vector256<float> dx = Vector256.Create(x[i..]) - px, dy = Vector256.Create(y[i..]) - py, dt = Vector256.Create(t[i..]) - pt;
            (dx * dx + dy * dy + dt * dt).CopyTo(squares[i..]);
        }
    }

    internal static int ShrinkScalar(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> nearest)
    {
        int best = 0;
        float most = float.NegativeInfinity;
        for (int i = 0; i < nearest.Length; i++)
        {
            float d = Square(x[i] - cx, y[i] - cy, t[i] - ct);
            if (d < nearest[i]) nearest[i] = d;
            if (nearest[i] > most) (most, best) = (nearest[i], i);
        }
        return best;
    }

    internal static int Shrink128(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> nearest)
    {
        Vector128<float> px = Vector128.Create(cx), py = Vector128.Create(cy), pt = Vector128.Create(ct), most = Vector128.Create(float.NegativeInfinity);
        Vector128<int> index = Vector128.Create(0, 1, 2, 3), best = Vector128<int>.Zero, step = Vector128.Create(4);
        for (int i = 0; i < nearest.Length; i += 4)
        {
            Vector128<float> dx = Vector128.Create(x[i..]) - px, dy = Vector128.Create(y[i..]) - py, dt = Vector128.Create(t[i..]) - pt, d = dx * dx + dy * dy + dt * dt;
            var n = Vector128.Create<float>(nearest[i..]);
            n = Vector128.ConditionalSelect(Vector128.LessThan(d, n), d, n);
            n.CopyTo(nearest[i..]);
            var more = Vector128.GreaterThan(n, most);
            most = Vector128.ConditionalSelect(more, n, most);
            best = Vector128.ConditionalSelect(more.AsInt32(), index, best);
            index += step;
        }
        float m = most[0];
        int b = best[0];
        for (int k = 1; k < 4; k++)
        {
            if (most[k] > m || (most[k] == m && best[k] < b)) (m, b) = (most[k], best[k]);
        }
        return b;
    }

    internal static int Shrink256(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> t, float cx, float cy, float ct, Span<float> nearest)
    {
        Vector256<float> px = Vector256.Create(cx), py = Vector256.Create(cy), pt = Vector256.Create(ct), most = Vector256.Create(float.NegativeInfinity);
        Vector256<int> index = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), best = Vector256<int>.Zero, step = Vector256.Create(8);
        for (int i = 0; i < nearest.Length; i += 8)
        {
            Vector256<float> dx = Vector256.Create(x[i..]) - px, dy = Vector256.Create(y[i..]) - py, dt = Vector256.Create(t[i..]) - pt, d = dx * dx + dy * dy + dt * dt;
            var n = Vector256.Create<float>(nearest[i..]);
            n = Vector256.ConditionalSelect(Vector256.LessThan(d, n), d, n);
            n.CopyTo(nearest[i..]);
            var more = Vector256.GreaterThan(n, most);
            most = Vector256.ConditionalSelect(more, n, most);
            best = Vector256.ConditionalSelect(more.AsInt32(), index, best);
            index += step;
        }
        float m = most[0];
        int b = best[0];
        for (int k = 1; k < 8; k++)
        {
            if (most[k] > m || (most[k] == m && best[k] < b)) (m, b) = (most[k], best[k]);
        }
        return b;
    }

    private static float Square(float dx, float dy, float dt) => dx * dx + dy * dy + dt * dt;
}
