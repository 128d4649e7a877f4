using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Products with few rows on the left, as when one robot acts: B is read where it lies instead of being packed.</summary>
/// <remarks>Every element is the same chain c ← fma(a, b, c) over ascending k as in <see cref="GemmKernel{TLanes, T}"/>, hence the same bits.</remarks>
internal static unsafe class GemmRows
{
    /// <summary>Up to how many rows this is faster: the packing of B is paid off by about four (measured at 64 x 64).</summary>
    public const int Most = 4;

    /// <summary>Adds a row of A times B to a row of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<TLanes, T>(int n, int k, T* a, nint kStride, T* b, nint bStride, T* c) where TLanes : struct, IGemmLanes<TLanes, T> where T : unmanaged
    {
        int w = TLanes.Count, j = 0;
        // Four chains side by side hide the latency of the multiply-adds.
        for (; j + 4 * w <= n; j += 4 * w)
        {
            T* row = b + j, t = c + j;
            TLanes c0 = TLanes.Load(t), c1 = TLanes.Load(t + w), c2 = TLanes.Load(t + 2 * w), c3 = TLanes.Load(t + 3 * w);
            for (int i = 0; i < k; i++, row += bStride)
            {
                var x = TLanes.Of(a[i * kStride]);
                c0 = TLanes.MultiplyAdd(x, TLanes.Load(row), c0);
                c1 = TLanes.MultiplyAdd(x, TLanes.Load(row + w), c1);
                c2 = TLanes.MultiplyAdd(x, TLanes.Load(row + 2 * w), c2);
                c3 = TLanes.MultiplyAdd(x, TLanes.Load(row + 3 * w), c3);
            }
            TLanes.Store(c0, t);
            TLanes.Store(c1, t + w);
            TLanes.Store(c2, t + 2 * w);
            TLanes.Store(c3, t + 3 * w);
        }
        for (; j + w <= n; j += w)
        {
            var sum = TLanes.Load(c + j);
            for (int i = 0; i < k; i++) sum = TLanes.MultiplyAdd(TLanes.Of(a[i * kStride]), TLanes.Load(b + i * bStride + j), sum);
            TLanes.Store(sum, c + j);
        }
        for (; j < n; j++)
        {
            T sum = c[j];
            for (int i = 0; i < k; i++) sum = One(a[i * kStride], b[i * bStride + j], sum);
            c[j] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One<T>(T a, T b, T c) where T : unmanaged
    {
        // One lane of the registers' own instruction, which rounds once wherever it runs.
        if (typeof(T) == typeof(float)) return (T)(object)Vector128.FusedMultiplyAdd(Vector128.CreateScalarUnsafe((float)(object)a), Vector128.CreateScalarUnsafe((float)(object)b), Vector128.CreateScalarUnsafe((float)(object)c)).ToScalar();
        return (T)(object)Vector128.FusedMultiplyAdd(Vector128.CreateScalarUnsafe((double)(object)a), Vector128.CreateScalarUnsafe((double)(object)b), Vector128.CreateScalarUnsafe((double)(object)c)).ToScalar();
    }
}
