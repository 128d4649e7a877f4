using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Runtime;

/// <summary>The one inner loop of all dense operators: y[j] = init[j] + Σ_k x[k]·w[k][j], for columns j in panels of 16.</summary>
/// <remarks>
/// A panel holds its 16 columns row by row: w[panel][k][16]. Each column sums in four chains (row k goes to chain k mod 4, chain 0 starts from
/// init), added as (c0 + c1) + (c2 + c3): no lane ever meets another, so every vector width and the scalar twin give the same bits, and four
/// chains hide the latency of the additions. Two vectors of columns run together, so that a broadcast x[k] serves both. No multiply-add is fused.
/// </remarks>
internal static class PanelKernel
{
    /// <summary>Columns of a panel: one 512-bit register.</summary>
    public const int Width = 16;

    private const int Chains = 4;

    /// <summary>Returns a number of columns rounded up to whole panels.</summary>
    public static int Padded(int columns) => (columns + Width - 1) & ~(Width - 1);

    /// <summary>Computes whole panels.</summary>
    /// <param name="w">[panels][rows][16].</param>
    /// <param name="x">[rows].</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="init">What the sums start from: [panels·16], or one number for all where <paramref name="spread"/>.</param>
    /// <param name="spread">Whether <paramref name="init"/> is one number.</param>
    /// <param name="y">[panels·16].</param>
    /// <param name="panels">How many panels.</param>
    public static void Run(ref float w, ref float x, int rows, ref float init, bool spread, ref float y, int panels)
    {
        if (Vector512.IsHardwareAccelerated) Run<Lanes16>(ref w, ref x, rows, ref init, spread, ref y, panels);
        else if (Vector256.IsHardwareAccelerated) Run<Lanes8>(ref w, ref x, rows, ref init, spread, ref y, panels);
        else if (Vector128.IsHardwareAccelerated) Run<Lanes4>(ref w, ref x, rows, ref init, spread, ref y, panels);
        else Run<ScalarLane>(ref w, ref x, rows, ref init, spread, ref y, panels);
    }

    // Internal, so that the tests can compare every width with the scalar twin on one machine.
    // Compiled at full optimisation from the first call on: a loop thread must not wait for the tiers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<T>(ref float w, ref float x, int rows, ref float init, bool spread, ref float y, int panels) where T : struct, ILanes<T>
    {
        int columns = panels * Width, j = 0;
        for (; j + 2 * T.Count <= columns; j += 2 * T.Count)
        {
            int j2 = j + T.Count;
            Pair<T>(
                ref Column(ref w, rows, j), ref Column(ref w, rows, j2), ref x, rows, Start<T>(ref init, spread, j), Start<T>(ref init, spread, j2),
                ref Unsafe.Add(ref y, j), ref Unsafe.Add(ref y, j2));
        }
        for (; j < columns; j += T.Count) Single(ref Column(ref w, rows, j), ref x, rows, Start<T>(ref init, spread, j), ref Unsafe.Add(ref y, j));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Column(ref float w, int rows, int j) => ref Unsafe.Add(ref w, (nint)(j / Width) * rows * Width + j % Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Start<T>(ref float init, bool spread, int j) where T : struct, ILanes<T> => spread ? T.Of(init) : T.Load(ref Unsafe.Add(ref init, j));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair<T>(ref float w, ref float v, ref float x, int rows, T a0, T b0, ref float ya, ref float yb) where T : struct, ILanes<T>
    {
        T a1 = T.Of(0), a2 = a1, a3 = a1, b1 = a1, b2 = a1, b3 = a1;
        int k = 0;
        for (; k <= rows - Chains; k += Chains)
        {
            T x0 = T.Of(x), x1 = T.Of(Unsafe.Add(ref x, 1)), x2 = T.Of(Unsafe.Add(ref x, 2)), x3 = T.Of(Unsafe.Add(ref x, 3));
            a0 += x0 * T.Load(ref w);
            b0 += x0 * T.Load(ref v);
            a1 += x1 * T.Load(ref Unsafe.Add(ref w, Width));
            b1 += x1 * T.Load(ref Unsafe.Add(ref v, Width));
            a2 += x2 * T.Load(ref Unsafe.Add(ref w, 2 * Width));
            b2 += x2 * T.Load(ref Unsafe.Add(ref v, 2 * Width));
            a3 += x3 * T.Load(ref Unsafe.Add(ref w, 3 * Width));
            b3 += x3 * T.Load(ref Unsafe.Add(ref v, 3 * Width));
            x = ref Unsafe.Add(ref x, Chains);
            w = ref Unsafe.Add(ref w, Chains * Width);
            v = ref Unsafe.Add(ref v, Chains * Width);
        }
        if (k < rows)
        {
            a0 += T.Of(x) * T.Load(ref w);
            b0 += T.Of(x) * T.Load(ref v);
        }
        if (k + 1 < rows)
        {
            a1 += T.Of(Unsafe.Add(ref x, 1)) * T.Load(ref Unsafe.Add(ref w, Width));
            b1 += T.Of(Unsafe.Add(ref x, 1)) * T.Load(ref Unsafe.Add(ref v, Width));
        }
        if (k + 2 < rows)
        {
            a2 += T.Of(Unsafe.Add(ref x, 2)) * T.Load(ref Unsafe.Add(ref w, 2 * Width));
            b2 += T.Of(Unsafe.Add(ref x, 2)) * T.Load(ref Unsafe.Add(ref v, 2 * Width));
        }
        T.Store(a0 + a1 + (a2 + a3), ref ya);
        T.Store(b0 + b1 + (b2 + b3), ref yb);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Single<T>(ref float w, ref float x, int rows, T c0, ref float y) where T : struct, ILanes<T>
    {
        T c1 = T.Of(0), c2 = c1, c3 = c1;
        int k = 0;
        for (; k <= rows - Chains; k += Chains)
        {
            c0 += T.Of(x) * T.Load(ref w);
            c1 += T.Of(Unsafe.Add(ref x, 1)) * T.Load(ref Unsafe.Add(ref w, Width));
            c2 += T.Of(Unsafe.Add(ref x, 2)) * T.Load(ref Unsafe.Add(ref w, 2 * Width));
            c3 += T.Of(Unsafe.Add(ref x, 3)) * T.Load(ref Unsafe.Add(ref w, 3 * Width));
            x = ref Unsafe.Add(ref x, Chains);
            w = ref Unsafe.Add(ref w, Chains * Width);
        }
        if (k < rows) c0 += T.Of(x) * T.Load(ref w);
        if (k + 1 < rows) c1 += T.Of(Unsafe.Add(ref x, 1)) * T.Load(ref Unsafe.Add(ref w, Width));
        if (k + 2 < rows) c2 += T.Of(Unsafe.Add(ref x, 2)) * T.Load(ref Unsafe.Add(ref w, 2 * Width));
        T.Store(c0 + c1 + (c2 + c3), ref y);
    }
}
