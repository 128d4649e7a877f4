using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The element-wise functions of <see cref="DeterministicMathF"/>, written once for any number of lanes.</summary>
/// <remarks>
/// The coefficients are minimax fits of this project (Remez exchange with 50 digits, each coefficient rounded to float and the rest fitted
/// again); the error of the fit is written beside each. The error of the whole function is measured in the tests over all magnitudes.
/// </remarks>
internal static class FloatKernels
{
    /// <summary>Beyond this the three-part reduction of <see cref="Sin"/> and <see cref="Cos"/> loses exactness: 2^12 quarter turns.</summary>
    public const float LongestAngle = 6433f;

    // Adding 1.5·2^23 leaves round-to-nearest-even(x) in the low bits of the significand, without a conversion that machines do differently.
    private const float RoundingMagic = 12582912f;

    private const int RoundingMagicBits = 0x4B400000, OneBits = 0x3F800000, SignBit = int.MinValue, CanonicalNaN = 0x7FC00000;

    // ln 2 in two parts; the first has 12 bits, so k times it is exact for |k| < 2^12.
    private const float Ln2High = 0.693115234f, Ln2Low = 3.19461833e-05f, InvLn2 = 1.44269502f;

    // pi/2 in four parts of 12, 12, 12 and 24 bits: k times each of the first three is exact for |k| < 2^12, and so are the differences.
    private const float PiHalf1 = 1.5703125f, PiHalf2 = 0.000483751297f, PiHalf3 = 7.54953362e-08f, PiHalf4 = 2.56334407e-12f;
    private const float TwoOverPi = 0.636619747f;

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, ILanes<T>
    {
        T n = ReduceExp(x, out T r);
        T e = T.Of(1) + (r + r * r * ExpTail(r));
        // Two factors, so that neither overflows and a subnormal result is rounded once, by the second.
        T half = T.ShiftRight(n, 1);
        T y = e * PowerOfTwo(half) * PowerOfTwo(T.SubtractBits(n, half));
        y = T.Select(T.Less(T.Of(88.7228394f), x), T.Of(float.PositiveInfinity), y);
        y = T.Select(T.Less(x, T.Of(-103.972084f)), T.Of(0), y);
        return KeepNaN(x, y);
    }

    /// <summary>ln x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x) where T : struct, ILanes<T>
    {
        T tiny = T.Less(x, T.Of(1.17549435e-38f));
        T lifted = T.Select(tiny, x * T.Of(33554432f), x); // 2^25 makes a subnormal normal
        T lift = T.Select(tiny, T.OfBits(25), T.OfBits(0));
        // Subtracting the bits of √½ splits x into 2^k · m with m in [√½, √2): the exponent field of the difference is k.
        T offset = T.SubtractBits(lifted, T.OfBits(0x3F3504F3));
        T k = T.SubtractBits(T.ShiftRight(offset, 23), lift);
        T m = T.AddBits(offset & T.OfBits(0x007FFFFF), T.OfBits(0x3F3504F3));
        T f = m - T.Of(1), s = f / (T.Of(2) + f), z = s * s;
        // (ln((1+s)/(1−s)) − 2s)/s³, error 2^-30 of the whole logarithm.
        T tail = z * (T.Of(0.666667759f) + z * (T.Of(0.399775684f) + z * T.Of(0.298714608f)));
        T half = T.Of(0.5f) * f * f;
        T exponent = WholeToFloat(k);
        T y = exponent * T.Of(Ln2High) - (half - (s * (half + tail) + exponent * T.Of(Ln2Low)) - f);
        y = T.Select(T.Equal(x, T.Of(float.PositiveInfinity)), x, y);
        y = T.Select(T.Equal(x, T.Of(0)), T.Of(float.NegativeInfinity), y);
        y = T.Select(T.Less(x, T.Of(0)), T.OfBits(CanonicalNaN), y);
        return KeepNaN(x, y);
    }

    /// <summary>sin x for |x| ≤ <see cref="LongestAngle"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin<T>(T x) where T : struct, ILanes<T> => KeepNaN(x, Wave(ReduceAngle(x, out T r), r));

    /// <summary>cos x for |x| ≤ <see cref="LongestAngle"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cos<T>(T x) where T : struct, ILanes<T> => KeepNaN(x, Wave(T.AddBits(ReduceAngle(x, out T r), T.OfBits(1)), r));

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        T sign = x & T.OfBits(SignBit), a = x ^ sign;
        a = T.Select(T.Less(T.Of(10), a), T.Of(10), a); // tanh 9.02 rounds to 1 already
        // t = e^2a − 1 without cancellation for small a; then tanh a = t/(t+2).
        T n = ReduceExp(a + a, out T r), scale = PowerOfTwo(n);
        T t = scale * (r + r * r * ExpTail(r)) + (scale - T.Of(1));
        return KeepNaN(x, t / (t + T.Of(2)) ^ sign);
    }

    /// <summary>1/(1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, ILanes<T>
    {
        // e^−|x| never overflows; for negative x the quotient keeps the relative accuracy of the small result.
        T negative = T.Less(x, T.Of(0)), e = Exp((x & T.OfBits(int.MaxValue)) ^ T.OfBits(SignBit));
        return KeepNaN(x, T.Select(negative, e, T.Of(1)) / (T.Of(1) + e));
    }

    // Gives n = round(x/ln 2) as a whole number in the bits, and r = x − n·ln 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReduceExp<T>(T x, out T r) where T : struct, ILanes<T>
    {
        T t = x * T.Of(InvLn2) + T.Of(RoundingMagic), n = t - T.Of(RoundingMagic);
        r = x - n * T.Of(Ln2High) - n * T.Of(Ln2Low);
        return T.SubtractBits(t, T.OfBits(RoundingMagicBits));
    }

    // (e^r − 1 − r)/r² for |r| ≤ 0.347, error 2^-28 of e^r.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTail<T>(T r) where T : struct, ILanes<T> =>
        T.Of(0.49999994f) + r * (T.Of(0.166665152f) + r * (T.Of(0.0416680872f) + r * (T.Of(0.00836929865f) + r * T.Of(0.00138383091f))));

    // Gives the number of quarter turns in the bits, and the rest in [−π/4, π/4]. The first two differences are exact, and so is
    // the third next to zero; elsewhere its rounding error e goes in with the last part, so that only one rounding remains.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReduceAngle<T>(T x, out T r) where T : struct, ILanes<T>
    {
        T t = x * T.Of(TwoOverPi) + T.Of(RoundingMagic), k = t - T.Of(RoundingMagic);
        T near = x - k * T.Of(PiHalf1) - k * T.Of(PiHalf2), step = k * T.Of(PiHalf3);
        T rest = near - step, e = near - rest - step;
        r = rest + (e - k * T.Of(PiHalf4));
        return t;
    }

    // sin of (quarter · π/2 + r): odd quarters take the cosine, quarters 2 and 3 the other sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Wave<T>(T quarter, T r) where T : struct, ILanes<T>
    {
        T z = r * r;
        // (sin r − r)/r³, error 2^-32; (cos r − 1 + r²/2)/r⁴, error 2^-33.
        T sine = r + r * z * (T.Of(-0.166666672f) + z * (T.Of(0.0083333794f) + z * (T.Of(-0.000198530048f) + z * T.Of(2.83124086e-06f))));
        T half = T.Of(0.5f) * z, one = T.Of(1) - half;
        T cosine = one + (T.Of(1) - one - half + z * z * (T.Of(0.0416666456f) + z * (T.Of(-0.00138873013f) + z * T.Of(2.44306702e-05f))));
        T even = T.SameBits(quarter & T.OfBits(1), T.OfBits(0));
        return T.Select(even, sine, cosine) ^ T.ShiftLeft(quarter & T.OfBits(2), 30);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo<T>(T exponent) where T : struct, ILanes<T> => T.AddBits(T.ShiftLeft(exponent, 23), T.OfBits(OneBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WholeToFloat<T>(T whole) where T : struct, ILanes<T> =>
        T.AddBits(whole, T.OfBits(RoundingMagicBits)) - T.Of(RoundingMagic);

    // One NaN for all machines: x86 and ARM make different ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T KeepNaN<T>(T x, T y) where T : struct, ILanes<T> => T.Select(T.Equal(x, x), y, T.OfBits(CanonicalNaN));
}
