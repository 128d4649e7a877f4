using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Learning;

/// <summary>The register tiles of the matrix product: up to 8 rows of C by one or two registers, the sum over k in ascending order.</summary>
/// <remarks>
/// Accumulators start from C, so that a long sum cut into blocks of k adds up in the same order as in one piece, and the result has the same bits for every
/// width of register. Unsafe: pointers come pinned from <see cref="Gemm{T}"/>, which has checked the bounds; B is packed and padded with zeros.
/// </remarks>
internal static unsafe class GemmKernel<TLanes, T> where TLanes : struct, IGemmLanes<TLanes, T> where T : unmanaged
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>Adds k products to a tile of <paramref name="rows"/> ≤ 8 rows and two registers; C has room for all 8 rows at stride <paramref name="ldc"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide(int k, int rows, T* a, nint rowStride, nint kStride, T* b, T* c, nint ldc)
    {
        int w = TLanes.Count, last = rows - 1;
        T* a0 = a, a1 = a + Math.Min(1, last) * rowStride, a2 = a + Math.Min(2, last) * rowStride, a3 = a + Math.Min(3, last) * rowStride;
        T* a4 = a + Math.Min(4, last) * rowStride, a5 = a + Math.Min(5, last) * rowStride, a6 = a + Math.Min(6, last) * rowStride, a7 = a + Math.Min(7, last) * rowStride;
        TLanes c00 = TLanes.Load(c), c01 = TLanes.Load(c + w), c10 = TLanes.Load(c + ldc), c11 = TLanes.Load(c + ldc + w);
        TLanes c20 = TLanes.Load(c + 2 * ldc), c21 = TLanes.Load(c + 2 * ldc + w), c30 = TLanes.Load(c + 3 * ldc), c31 = TLanes.Load(c + 3 * ldc + w);
        TLanes c40 = TLanes.Load(c + 4 * ldc), c41 = TLanes.Load(c + 4 * ldc + w), c50 = TLanes.Load(c + 5 * ldc), c51 = TLanes.Load(c + 5 * ldc + w);
        TLanes c60 = TLanes.Load(c + 6 * ldc), c61 = TLanes.Load(c + 6 * ldc + w), c70 = TLanes.Load(c + 7 * ldc), c71 = TLanes.Load(c + 7 * ldc + w);
        nint o = 0;
        for (int i = 0; i < k; i++, o += kStride, b += 2 * w)
        {
            TLanes b0 = TLanes.Load(b), b1 = TLanes.Load(b + w), x = TLanes.Of(a0[o]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Of(a1[o]);
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Of(a2[o]);
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Of(a3[o]);
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            x = TLanes.Of(a4[o]);
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            c41 = TLanes.MultiplyAdd(x, b1, c41);
            x = TLanes.Of(a5[o]);
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            c51 = TLanes.MultiplyAdd(x, b1, c51);
            x = TLanes.Of(a6[o]);
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            c61 = TLanes.MultiplyAdd(x, b1, c61);
            x = TLanes.Of(a7[o]);
            c70 = TLanes.MultiplyAdd(x, b0, c70);
            c71 = TLanes.MultiplyAdd(x, b1, c71);
        }
        Store2(c00, c01, c, w);
        Store2(c10, c11, c + ldc, w);
        Store2(c20, c21, c + 2 * ldc, w);
        Store2(c30, c31, c + 3 * ldc, w);
        Store2(c40, c41, c + 4 * ldc, w);
        Store2(c50, c51, c + 5 * ldc, w);
        Store2(c60, c61, c + 6 * ldc, w);
        Store2(c70, c71, c + 7 * ldc, w);
    }

    /// <summary>Adds k products to a tile of <paramref name="rows"/> ≤ 8 rows and one register; otherwise as <see cref="Wide"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow(int k, int rows, T* a, nint rowStride, nint kStride, T* b, T* c, nint ldc)
    {
        int w = TLanes.Count, last = rows - 1;
        T* a0 = a, a1 = a + Math.Min(1, last) * rowStride, a2 = a + Math.Min(2, last) * rowStride, a3 = a + Math.Min(3, last) * rowStride;
        T* a4 = a + Math.Min(4, last) * rowStride, a5 = a + Math.Min(5, last) * rowStride, a6 = a + Math.Min(6, last) * rowStride, a7 = a + Math.Min(7, last) * rowStride;
        TLanes c0 = TLanes.Load(c), c1 = TLanes.Load(c + ldc), c2 = TLanes.Load(c + 2 * ldc), c3 = TLanes.Load(c + 3 * ldc);
        TLanes c4 = TLanes.Load(c + 4 * ldc), c5 = TLanes.Load(c + 5 * ldc), c6 = TLanes.Load(c + 6 * ldc), c7 = TLanes.Load(c + 7 * ldc);
        nint o = 0;
        for (int i = 0; i < k; i++, o += kStride, b += w)
        {
            TLanes x = TLanes.Load(b);
            c0 = TLanes.MultiplyAdd(TLanes.Of(a0[o]), x, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Of(a1[o]), x, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Of(a2[o]), x, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Of(a3[o]), x, c3);
            c4 = TLanes.MultiplyAdd(TLanes.Of(a4[o]), x, c4);
            c5 = TLanes.MultiplyAdd(TLanes.Of(a5[o]), x, c5);
            c6 = TLanes.MultiplyAdd(TLanes.Of(a6[o]), x, c6);
            c7 = TLanes.MultiplyAdd(TLanes.Of(a7[o]), x, c7);
        }
        TLanes.Store(c0, c);
        TLanes.Store(c1, c + ldc);
        TLanes.Store(c2, c + 2 * ldc);
        TLanes.Store(c3, c + 3 * ldc);
        TLanes.Store(c4, c + 4 * ldc);
        TLanes.Store(c5, c + 5 * ldc);
        TLanes.Store(c6, c + 6 * ldc);
        TLanes.Store(c7, c + 7 * ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(TLanes x, TLanes y, T* c, int w)
    {
        TLanes.Store(x, c);
        TLanes.Store(y, c + w);
    }
}
