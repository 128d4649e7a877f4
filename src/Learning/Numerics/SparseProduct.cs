using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Products with a matrix that is mostly zeros, such as spikes: one row of the other matrix per entry that is not zero.</summary>
/// <remarks>
/// The chain of fused multiply-adds per element is that of <see cref="Gemm{T}"/> with the zeros left out, and fma(0, b, c) = c for finite b: both give the same
/// bits, so the choice between them may follow the activity. Not thread-safe: one object per thread. It allocates only while its index buffer grows.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class SparseProduct<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private int[] _indices = [];

    /// <summary>Returns the share of numbers that are not zero, 0 … 1; 0 for an empty span.</summary>
    public static double Activity(ReadOnlySpan<T> values)
    {
        if (values.IsEmpty) return 0;
        int zeros = 0, i = 0;
        var counts = Vector<long>.Zero;
        if (typeof(T) == typeof(float))
        {
            var lanes = Vector<int>.Zero;
            for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count) lanes -= Vector.Equals(new Vector<T>(values[i..]), Vector<T>.Zero).As<T, int>();
            zeros = Vector.Sum(lanes);
        }
        else
        {
            for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count) counts -= Vector.Equals(new Vector<T>(values[i..]), Vector<T>.Zero).As<T, long>();
            zeros = (int)Vector.Sum(counts);
        }
        for (; i < values.Length; i++) zeros += T.IsZero(values[i]) ? 1 : 0;
        return 1 - (double)zeros / values.Length;
    }

    /// <summary>Computes C = A·B or C += A·B.</summary>
    /// <param name="a">A, m × k, row-major.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="b">B, k × n, row-major.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="c">C, m × n, row-major.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Multiply(ReadOnlySpan<T> a, int m, int k, ReadOnlySpan<T> b, int n, Span<T> c, bool accumulate = false)
    {
        Check(a.Length, (long)m * k, b.Length, (long)k * n, c.Length, (long)m * n);
        if (!accumulate) c[..(m * n)].Clear();
        if (_indices.Length < k) _indices = new int[k];
        fixed (T* pa = a, pb = b, pc = c)
        {
            for (int r = 0; r < m; r++)
            {
                T* x = pa + (nint)r * k;
                int count = Collect(new ReadOnlySpan<T>(x, k), _indices);
                if (count == 0) continue;
                if (Vector512.IsHardwareAccelerated) Gather<GemmLanes512<T>>(x, count, pb, n, pc + (nint)r * n);
                else if (Vector256.IsHardwareAccelerated) Gather<GemmLanes256<T>>(x, count, pb, n, pc + (nint)r * n);
                else Gather<GemmLanes128<T>>(x, count, pb, n, pc + (nint)r * n);
            }
        }
    }

    /// <summary>Computes C += Aᵀ·D.</summary>
    /// <param name="a">A, m × k, row-major.</param>
    /// <param name="m">Rows of A and D.</param>
    /// <param name="k">Columns of A, rows of C.</param>
    /// <param name="d">D, m × n, row-major.</param>
    /// <param name="n">Columns of D and C.</param>
    /// <param name="c">C, k × n, row-major.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void AddTransposed(ReadOnlySpan<T> a, int m, int k, ReadOnlySpan<T> d, int n, Span<T> c)
    {
        Check(a.Length, (long)m * k, d.Length, (long)m * n, c.Length, (long)k * n);
        if (_indices.Length < k) _indices = new int[k];
        fixed (T* pa = a, pd = d, pc = c)
        {
            for (int r = 0; r < m; r++)
            {
                T* x = pa + (nint)r * k, row = pd + (nint)r * n;
                int count = Collect(new ReadOnlySpan<T>(x, k), _indices);
                for (int i = 0; i < count; i++)
                {
                    T* target = pc + (nint)_indices[i] * n;
                    if (Vector512.IsHardwareAccelerated) Add<GemmLanes512<T>>(x[_indices[i]], row, n, target);
                    else if (Vector256.IsHardwareAccelerated) Add<GemmLanes256<T>>(x[_indices[i]], row, n, target);
                    else Add<GemmLanes128<T>>(x[_indices[i]], row, n, target);
                }
            }
        }
    }

    // Up to four registers of C stay in registers while the rows of B pass by.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Gather<TLanes>(T* x, int count, T* b, int n, T* c) where TLanes : struct, IGemmLanes<TLanes, T>
    {
        int w = TLanes.Count, j = 0;
        fixed (int* indices = _indices)
        {
            for (; j <= n - 4 * w; j += 4 * w)
            {
                TLanes c0 = TLanes.Load(c + j), c1 = TLanes.Load(c + j + w), c2 = TLanes.Load(c + j + 2 * w), c3 = TLanes.Load(c + j + 3 * w);
                for (int i = 0; i < count; i++)
                {
                    T* row = b + (nint)indices[i] * n + j;
                    var v = TLanes.Of(x[indices[i]]);
                    c0 = TLanes.MultiplyAdd(v, TLanes.Load(row), c0);
                    c1 = TLanes.MultiplyAdd(v, TLanes.Load(row + w), c1);
                    c2 = TLanes.MultiplyAdd(v, TLanes.Load(row + 2 * w), c2);
                    c3 = TLanes.MultiplyAdd(v, TLanes.Load(row + 3 * w), c3);
                }
                TLanes.Store(c0, c + j);
                TLanes.Store(c1, c + j + w);
                TLanes.Store(c2, c + j + 2 * w);
                TLanes.Store(c3, c + j + 3 * w);
            }
            for (; j <= n - w; j += w)
            {
                var sum = TLanes.Load(c + j);
                for (int i = 0; i < count; i++) sum = TLanes.MultiplyAdd(TLanes.Of(x[indices[i]]), TLanes.Load(b + (nint)indices[i] * n + j), sum);
                TLanes.Store(sum, c + j);
            }
            for (; j < n; j++)
            {
                T sum = c[j];
                for (int i = 0; i < count; i++) sum = T.FusedMultiplyAdd(x[indices[i]], b[(nint)indices[i] * n + j], sum);
                c[j] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<TLanes>(T x, T* row, int n, T* target) where TLanes : struct, IGemmLanes<TLanes, T>
    {
        int w = TLanes.Count, j = 0;
        var v = TLanes.Of(x);
        for (; j <= n - w; j += w) TLanes.Store(TLanes.MultiplyAdd(v, TLanes.Load(row + j), TLanes.Load(target + j)), target + j);
        for (; j < n; j++) target[j] = T.FusedMultiplyAdd(x, row[j], target[j]);
    }

    private static int Collect(ReadOnlySpan<T> row, Span<int> indices)
    {
        int count = 0, i = 0;
        for (; i <= row.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            uint bits = ~Vector256.Equals(Vector256.Create(row[i..]), Vector256<T>.Zero).ExtractMostSignificantBits() & ((1u << Vector256<T>.Count) - 1);
            for (; bits != 0; bits &= bits - 1) indices[count++] = i + BitOperations.TrailingZeroCount(bits);
        }
        for (; i < row.Length; i++)
        {
            if (!T.IsZero(row[i])) indices[count++] = i;
        }
        return count;
    }

    private static void Check(long a, long needA, long b, long needB, long c, long needC)
    {
        if (a < needA || b < needB || c < needC) throw new ArgumentException($"The operands have {a}, {b} and {c} numbers; {needA}, {needB} and {needC} are needed.");
    }
}
