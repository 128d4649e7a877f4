using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Learning;

/// <summary>Matrix products on one core: C = A·B or C += A·B.</summary>
/// <remarks>
/// B is packed into panels of two registers, 8 rows of C stay in registers (8 × 32 float32 with 512 bits). Every element of C is one chain
/// c ← fma(a, b, c) over k in ascending order: the result does not depend on blocking or register width, so training gives the same file on every machine. Fused
/// multiply-add is allowed here (unlike in the loop), because it is used on every path and only the trained file counts. Not thread-safe: one object per thread.
/// It allocates only while its packing buffer grows.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class Gemm<T> where T : unmanaged
{
    // A block of k keeps a panel of B (512 · 32 · 4 = 64 KiB) in the second-level cache, where it costs no time beside 16 multiply-adds per 128 bytes.
    private const int KBlock = 512;
    private readonly int _lanes, _panel;
    private T[] _packed = [];

    /// <summary>Makes a product that uses the widest registers of this machine.</summary>
    public Gemm()
        : this(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)
    {
    }

    internal Gemm(int bits)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) throw new NotSupportedException($"Matrix products exist for float and double, not for {typeof(T).Name}.");
        _lanes = bits / 8 / sizeof(T);
        // 8 x 2 accumulators need more than the 16 registers that x86 has below AVX-512: 8 x 1 there, which is bound by its loads at nearly the same speed.
        _panel = bits < 512 && X86Base.IsSupported ? _lanes : 2 * _lanes;
    }

    /// <summary>Computes C = A·B, or C += A·B.</summary>
    /// <param name="a">A, m × k; may be transposed.</param>
    /// <param name="b">B, k × n; may be transposed.</param>
    /// <param name="c">C, m × n, row-major without gaps; must not overlap A or B.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Multiply(in Matrix<T> a, in Matrix<T> b, Span<T> c, bool accumulate = false)
    {
        int m = a.Rows, k = a.Columns, n = b.Columns;
        if (b.Rows != k || c.Length < (long)m * n)
        {
            throw new ArgumentException($"[{m} x {k}] times [{b.Rows} x {n}] into {c.Length} numbers does not fit.");
        }
        c = c[..(m * n)];
        if (!accumulate) c.Clear();
        if (c.IsEmpty || k == 0) return;
        if (m <= GemmRows.Most && b.ColumnStride == 1)
        {
            // Few rows, as in acting: packing would cost more than the products.
            fixed (T* pa = a.Data, pb = b.Data, pc = c) Few(m, n, k, pa, a.RowStride, a.ColumnStride, pb, b.RowStride, pc);
            return;
        }
        int panels = (n + _panel - 1) / _panel, need = Math.Min(k, KBlock) * panels * _panel;
        if (_packed.Length < need) _packed = GC.AllocateUninitializedArray<T>(need, pinned: true);
        fixed (T* pa = a.Data, pb = b.Data, pc = c, packed = _packed)
        {
            for (int from = 0; from < k; from += KBlock)
            {
                int depth = Math.Min(KBlock, k - from);
                Pack(pb + (nint)from * b.RowStride, b.RowStride, b.ColumnStride, depth, n, packed);
                var block = new Block(m, n, depth, _panel, pa + (nint)from * a.ColumnStride, a.RowStride, a.ColumnStride, packed, pc);
                if (_lanes * sizeof(T) == 64) Run<GemmLanes512<T>>(block);
                else if (_lanes * sizeof(T) == 32) Run<GemmLanes256<T>>(block);
                else Run<GemmLanes128<T>>(block);
            }
        }
    }

    // Panels of two registers side by side; a last panel of at most one register is packed narrow, so that 16 columns do not cost as much as 32.
    private void Pack(T* b, nint rowStride, nint columnStride, int depth, int n, T* packed)
    {
        for (int j = 0; j < n; j += _panel)
        {
            int width = n - j <= _lanes ? _lanes : _panel, real = Math.Min(width, n - j);
            if (columnStride != 1)
            {
                GemmTranspose.Pack(b + j * columnStride, rowStride, columnStride, depth, real, width, packed);
                packed += (nint)depth * width;
                continue;
            }
            for (int i = 0; i < depth; i++, packed += width)
            {
                new ReadOnlySpan<T>(b + i * rowStride + j, real).CopyTo(new Span<T>(packed, real));
                if (real < width) new Span<T>(packed + real, width - real).Clear();
            }
        }
    }

    private void Few(int m, int n, int k, T* a, nint rowStride, nint kStride, T* b, nint bStride, T* c)
    {
        for (int i = 0; i < m; i++, a += rowStride, c += n)
        {
            if (_lanes * sizeof(T) == 64) GemmRows.Multiply<GemmLanes512<T>, T>(n, k, a, kStride, b, bStride, c);
            else if (_lanes * sizeof(T) == 32) GemmRows.Multiply<GemmLanes256<T>, T>(n, k, a, kStride, b, bStride, c);
            else GemmRows.Multiply<GemmLanes128<T>, T>(n, k, a, kStride, b, bStride, c);
        }
    }

    private static void Run<TLanes>(in Block g) where TLanes : struct, IGemmLanes<TLanes, T>
    {
        const int Rows = GemmKernel<TLanes, T>.Rows;
        int w = TLanes.Count;
        T* edge = stackalloc T[Rows * 2 * w];
        for (int i = 0; i < g.M; i += Rows)
        {
            int rows = Math.Min(Rows, g.M - i);
            T* a = g.A + i * g.RowStride, b = g.Packed;
            for (int j = 0; j < g.N; j += g.Panel)
            {
                int width = g.N - j <= w ? w : g.Panel, real = Math.Min(width, g.N - j);
                T* c = g.C + (nint)i * g.N + j;
                bool whole = rows == Rows && real == width;
                // At the edges the tile works on a copy: the kernel always writes 8 full rows.
                if (!whole) Copy(c, g.N, edge, 2 * w, rows, real);
                T* tile = whole ? c : edge;
                nint ldc = whole ? g.N : 2 * w;
                if (width == w) GemmKernel<TLanes, T>.Narrow(g.Depth, rows, a, g.RowStride, g.KStride, b, tile, ldc);
                else GemmKernel<TLanes, T>.Wide(g.Depth, rows, a, g.RowStride, g.KStride, b, tile, ldc);
                if (!whole) Copy(edge, 2 * w, c, g.N, rows, real);
                b += (nint)g.Depth * width;
            }
        }
    }

    private static void Copy(T* from, nint fromStride, T* to, nint toStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++) new ReadOnlySpan<T>(from + r * fromStride, columns).CopyTo(new Span<T>(to + r * toStride, columns));
    }

    private readonly struct Block(int m, int n, int depth, int panel, T* a, nint rowStride, nint kStride, T* packed, T* c)
    {
        public readonly int M = m, N = n, Depth = depth, Panel = panel;
        public readonly nint RowStride = rowStride, KStride = kStride;
        public readonly T* A = a, Packed = packed, C = c;
    }
}
