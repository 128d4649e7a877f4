using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Runtime;

/// <summary>Single-precision functions, one value or a whole span at a time, that give the same bits on every machine and vector width.</summary>
/// <remarks>
/// The counterpart of <see cref="DeterministicMath"/> as MathF is of Math; a name of its own, so that a float argument never silently loses
/// the double result. Built from IEEE-exact operations only. A span function gives, element by element, exactly what the single function
/// gives. Target and source may be the same span, but must not overlap otherwise. Every NaN comes out as 0x7FC00000. Thread-safe,
/// allocation-free.
/// </remarks>
public static class DeterministicMathF
{
    /// <summary>Returns e^x. Error below 1 ulp; +∞ above 88.72, 0 below −103.97.</summary>
    public static float Exp(float x) => FloatKernels.Exp(new ScalarLane(x)).Value;

    /// <summary>Returns the natural logarithm. Error below 1 ulp; −∞ at 0, NaN below.</summary>
    public static float Log(float x) => FloatKernels.Log(new ScalarLane(x)).Value;

    /// <summary>Returns the sine. Error below 2 ulp for |x| ≤ 1e9, also next to its zeros; NaN beyond.</summary>
    public static float Sin(float x) => IsNear(x) ? FloatKernels.Sin(new ScalarLane(x)).Value : Far<SinKernel>(x);

    /// <summary>Returns the cosine. Error below 2 ulp for |x| ≤ 1e9, also next to its zeros; NaN beyond.</summary>
    public static float Cos(float x) => IsNear(x) ? FloatKernels.Cos(new ScalarLane(x)).Value : Far<CosKernel>(x);

    /// <summary>Returns the hyperbolic tangent. Error below 3 ulp.</summary>
    public static float Tanh(float x) => FloatKernels.Tanh(new ScalarLane(x)).Value;

    /// <summary>Returns 1/(1 + e^−x). Error below 3 ulp.</summary>
    public static float Sigmoid(float x) => FloatKernels.Sigmoid(new ScalarLane(x)).Value;

    /// <summary>Writes e^x of each element.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source, or they overlap without being the same.</exception>
    public static void Exp(ReadOnlySpan<float> source, Span<float> target) => Apply<ExpKernel>(source, target);

    /// <summary>Writes the natural logarithm of each element.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source, or they overlap without being the same.</exception>
    public static void Log(ReadOnlySpan<float> source, Span<float> target) => Apply<LogKernel>(source, target);

    /// <summary>Writes the sine of each element.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source, or they overlap without being the same.</exception>
    public static void Sin(ReadOnlySpan<float> source, Span<float> target) => Apply<SinKernel>(source, target);

    /// <summary>Writes the cosine of each element.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source, or they overlap without being the same.</exception>
    public static void Cos(ReadOnlySpan<float> source, Span<float> target) => Apply<CosKernel>(source, target);

    /// <summary>Writes the hyperbolic tangent of each element.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source, or they overlap without being the same.</exception>
    public static void Tanh(ReadOnlySpan<float> source, Span<float> target) => Apply<TanhKernel>(source, target);

    /// <summary>Writes 1/(1 + e^−x) of each element.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source, or they overlap without being the same.</exception>
    public static void Sigmoid(ReadOnlySpan<float> source, Span<float> target) => Apply<SigmoidKernel>(source, target);

    private static void Apply<TKernel>(ReadOnlySpan<float> source, Span<float> target) where TKernel : struct, IKernel
    {
        if (target.Length < source.Length)
        {
            throw new ArgumentException($"The target has {target.Length} elements, the source {source.Length}; the target must not be shorter.", nameof(target));
        }
        if (source.Overlaps(target, out int shift) && shift != 0)
        {
            throw new ArgumentException($"Source and target overlap with a shift of {shift} elements; use the same span or separate ones.", nameof(target));
        }
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        if (Vector512.IsHardwareAccelerated) i = Run<TKernel, Lanes16>(ref from, ref to, i, source.Length);
        if (Vector256.IsHardwareAccelerated) i = Run<TKernel, Lanes8>(ref from, ref to, i, source.Length);
        if (Vector128.IsHardwareAccelerated) i = Run<TKernel, Lanes4>(ref from, ref to, i, source.Length);
        Run<TKernel, ScalarLane>(ref from, ref to, i, source.Length);
    }

    // Compiled at full optimisation from the first call on: a loop thread must not wait for the tiers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run<TKernel, T>(ref float from, ref float to, int i, int length)
        where TKernel : struct, IKernel
        where T : struct, ILanes<T>
    {
        for (; i <= length - T.Count; i += T.Count)
        {
            ref float target = ref Unsafe.Add(ref to, i);
            T x = T.Load(ref Unsafe.Add(ref from, i));
            if (TKernel.HasFarRange && T.Any(T.Less(T.Of(FloatKernels.LongestAngle), x & T.OfBits(int.MaxValue))))
            {
                T.Store(x, ref target);
                for (int k = 0; k < T.Count; k++)
                {
                    ref float value = ref Unsafe.Add(ref target, k);
                    value = IsNear(value) ? TKernel.Run(new ScalarLane(value)).Value : Far<TKernel>(value);
                }
                continue;
            }
            T.Store(TKernel.Run(x), ref target);
        }
        return i;
    }

    // The comparison is false for NaN, which Far then canonicalises through the double function.
    private static bool IsNear(float x) => Math.Abs(x) <= FloatKernels.LongestAngle;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Far<TKernel>(float x) where TKernel : struct, IKernel
    {
        float y = (float)TKernel.Far(x);
        return float.IsNaN(y) ? BitConverter.Int32BitsToSingle(0x7FC00000) : y;
    }

    private interface IKernel
    {
        /// <summary>Gets whether arguments beyond <see cref="FloatKernels.LongestAngle"/> need <see cref="Far"/>.</summary>
        static virtual bool HasFarRange => false;

        static abstract T Run<T>(T x) where T : struct, ILanes<T>;

        static virtual double Far(double x) => double.NaN;
    }

    private readonly struct ExpKernel : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Exp(x);
    }

    private readonly struct LogKernel : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Log(x);
    }

    private readonly struct SinKernel : IKernel
    {
        public static bool HasFarRange => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Sin(x);

        public static double Far(double x) => DeterministicMath.Sin(x);
    }

    private readonly struct CosKernel : IKernel
    {
        public static bool HasFarRange => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Cos(x);

        public static double Far(double x) => DeterministicMath.Cos(x);
    }

    private readonly struct TanhKernel : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Tanh(x);
    }

    private readonly struct SigmoidKernel : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Sigmoid(x);
    }
}
