using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Runtime;

// Reductions in 16 logical lanes: element i goes to lane i mod 16, and the lanes are added by a fixed tree (l[j] += l[j+w], w = 8, 4, 2, 1).
// One 512-bit register, two of 256, four of 128 and sixteen scalars all serve this mapping, and all give the same bits.
// The loops are compiled at full optimisation from the first call on: a loop thread must not wait for the tiers.
public static partial class DeterministicMath
{
    private const int LaneCount = 16;

    /// <summary>Returns the sum of products in 16 fixed lanes and a fixed tree. Spans of unequal length: the shorter one counts.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int n = Math.Min(a.Length, b.Length);
        return Reduce<ProductTerm>(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), n);
    }

    /// <summary>Returns the sum in 16 fixed lanes and a fixed tree; 0 for nothing.</summary>
    public static float Sum(ReadOnlySpan<float> a)
    {
        ref float first = ref MemoryMarshal.GetReference(a);
        return Reduce<PlainTerm>(ref first, ref first, a.Length);
    }

    /// <summary>Returns the sum of squares in 16 fixed lanes and a fixed tree; 0 for nothing.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> a)
    {
        ref float first = ref MemoryMarshal.GetReference(a);
        return Reduce<ProductTerm>(ref first, ref first, a.Length);
    }

    /// <summary>Adds a multiple of one vector to another, y ← y + a·x, element by element with two roundings.</summary>
    /// <exception cref="ArgumentException"><paramref name="y"/> is shorter than <paramref name="x"/>.</exception>
    public static void Axpy(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        if (y.Length < x.Length) throw new ArgumentException($"y has {y.Length} elements, x has {x.Length}; y must not be shorter.", nameof(y));
        ref float from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(y);
        int i = 0;
        if (Vector512.IsHardwareAccelerated) i = Axpy<Lanes16>(a, ref from, ref to, i, x.Length);
        if (Vector256.IsHardwareAccelerated) i = Axpy<Lanes8>(a, ref from, ref to, i, x.Length);
        if (Vector128.IsHardwareAccelerated) i = Axpy<Lanes4>(a, ref from, ref to, i, x.Length);
        Axpy<ScalarLane>(a, ref from, ref to, i, x.Length);
    }

    // Internal, so that the tests can compare every width with the scalar twin on one machine.
    internal static void ScalarReduce<TTerm>(ref float a, ref float b, int start, int n, Span<float> lanes) where TTerm : struct, ITerm
    {
        for (int i = start; i < n; i++)
        {
            lanes[i & 15] += TTerm.Of(new ScalarLane(Unsafe.Add(ref a, i)), new ScalarLane(Unsafe.Add(ref b, i))).Value;
        }
    }

    internal static float Tree(Span<float> lanes)
    {
        for (int w = 8; w >= 1; w >>= 1)
        {
            for (int j = 0; j < w; j++) lanes[j] += lanes[j + w];
        }
        return lanes[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Reduce512<TTerm>(ref float a, ref float b, int n, Span<float> lanes) where TTerm : struct, ITerm
    {
        var sum = Lanes16.Of(0);
        int i = 0;
        for (; i <= n - LaneCount; i += LaneCount) sum += Term<TTerm, Lanes16>(ref a, ref b, i);
        Lanes16.Store(sum, ref lanes[0]);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Reduce256<TTerm>(ref float a, ref float b, int n, Span<float> lanes) where TTerm : struct, ITerm
    {
        Lanes8 low = Lanes8.Of(0), high = low;
        int i = 0;
        for (; i <= n - LaneCount; i += LaneCount)
        {
            low += Term<TTerm, Lanes8>(ref a, ref b, i);
            high += Term<TTerm, Lanes8>(ref a, ref b, i + 8);
        }
        Lanes8.Store(low, ref lanes[0]);
        Lanes8.Store(high, ref lanes[8]);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Reduce128<TTerm>(ref float a, ref float b, int n, Span<float> lanes) where TTerm : struct, ITerm
    {
        Lanes4 s0 = Lanes4.Of(0), s1 = s0, s2 = s0, s3 = s0;
        int i = 0;
        for (; i <= n - LaneCount; i += LaneCount)
        {
            s0 += Term<TTerm, Lanes4>(ref a, ref b, i);
            s1 += Term<TTerm, Lanes4>(ref a, ref b, i + 4);
            s2 += Term<TTerm, Lanes4>(ref a, ref b, i + 8);
            s3 += Term<TTerm, Lanes4>(ref a, ref b, i + 12);
        }
        Lanes4.Store(s0, ref lanes[0]);
        Lanes4.Store(s1, ref lanes[4]);
        Lanes4.Store(s2, ref lanes[8]);
        Lanes4.Store(s3, ref lanes[12]);
        return i;
    }

    private static float Reduce<TTerm>(ref float a, ref float b, int n) where TTerm : struct, ITerm
    {
        Span<float> lanes = stackalloc float[LaneCount];
        lanes.Clear();
        int done = 0;
        if (n >= LaneCount)
        {
            if (Vector512.IsHardwareAccelerated) done = Reduce512<TTerm>(ref a, ref b, n, lanes);
            else if (Vector256.IsHardwareAccelerated) done = Reduce256<TTerm>(ref a, ref b, n, lanes);
            else if (Vector128.IsHardwareAccelerated) done = Reduce128<TTerm>(ref a, ref b, n, lanes);
        }
        ScalarReduce<TTerm>(ref a, ref b, done, n, lanes);
        return Tree(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Term<TTerm, T>(ref float a, ref float b, int i)
        where TTerm : struct, ITerm
        where T : struct, ILanes<T> => TTerm.Of(T.Load(ref Unsafe.Add(ref a, i)), T.Load(ref Unsafe.Add(ref b, i)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Axpy<T>(float a, ref float from, ref float to, int i, int n) where T : struct, ILanes<T>
    {
        T factor = T.Of(a);
        for (; i <= n - T.Count; i += T.Count)
        {
            ref float target = ref Unsafe.Add(ref to, i);
            T.Store(T.Load(ref target) + factor * T.Load(ref Unsafe.Add(ref from, i)), ref target);
        }
        return i;
    }

    /// <summary>What one element adds to its lane.</summary>
    internal interface ITerm
    {
        static abstract T Of<T>(T a, T b) where T : struct, ILanes<T>;
    }

    internal readonly struct ProductTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T a, T b) where T : struct, ILanes<T> => a * b;
    }

    internal readonly struct PlainTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T a, T b) where T : struct, ILanes<T> => a;
    }
}
