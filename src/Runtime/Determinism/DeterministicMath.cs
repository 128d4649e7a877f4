using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Mathematics that gives the same bits on every machine and vector width.</summary>
/// <remarks>
/// Built from IEEE-exact + − × ÷ and sqrt only, two roundings per multiply-add, no fused operation: the C library's transcendentals and
/// width-dependent reductions differ between machines. Error bounds are in units in the last place of the result and are tested against
/// 200-bit arithmetic. Every NaN comes out as 0x7FF8000000000000. Thread-safe, allocation-free.
/// </remarks>
public static partial class DeterministicMath
{
    // ln 2 in two parts (fdlibm); the first has 32 bits, so k times it is exact for every exponent k.
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;
    private const double InvLn2 = 1.44269504088896338700;
    private const double LargestExponent = 709.782712893384, SmallestExponent = -745.2;

    // The framework's NaN constant is the x86 pattern with the sign set; ARM makes this one.
    private static double CanonicalNaN => BitConverter.Int64BitsToDouble(0x7FF8000000000000);

    /// <summary>Returns e^x. Error below 1 ulp; 0 below −745.13, +∞ above 709.78.</summary>
    public static double Exp(double x)
    {
        if (!(x <= LargestExponent)) return x > 0 ? double.PositiveInfinity : CanonicalNaN;
        if (x < SmallestExponent) return 0;
        int k = ReduceExp(x, out double r, out double low);
        return Scale(1 + (r + (low + r * r * ExpTail(r))), k);
    }

    /// <summary>Returns e^x − 1 without cancellation for small x. Error below 2 ulp.</summary>
    public static double Expm1(double x)
    {
        if (!(x <= LargestExponent)) return x > 0 ? double.PositiveInfinity : CanonicalNaN;
        if (x < -40) return -1; // e^−40 is less than a quarter of an ulp of 1
        int k = ReduceExp(x, out double r, out double low);
        double e = r + (low + r * r * ExpTail(r));
        if (k == 0) return e;
        return k > 60 ? Scale(1 + e, k) : Scale(e, k) + (Scale(1, k) - 1);
    }

    /// <summary>Returns the natural logarithm. Error below 1 ulp; −∞ at 0, NaN below 0.</summary>
    public static double Log(double x)
    {
        if (!(x >= 0)) return CanonicalNaN;
        if (x == 0) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x)) return x;
        int k = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0; // 2^54 lifts a subnormal into the normal range
            k = -54;
        }
        long bits = BitConverter.DoubleToInt64Bits(x);
        k += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }
        double f = m - 1, s = f / (2 + f), z = s * s;
        // (ln((1+s)/(1−s)) − 2s)/s³ for m in [√½, √2]: own minimax fit, error 2^-59 of the logarithm.
        double tail = z * (0.6666666666666735 + z * (0.3999999999940935 + z * (0.2857142874368659 + z * (0.22222198428975407
            + z * (0.18183572353760652 + z * (0.1531383224420154 + z * 0.14798257396440032))))));
        // ln(1+f) = f − (f²/2 − s·(f²/2 + tail)): the large term f is exact, so its rounding does not count.
        double half = 0.5 * f * f;
        return k * Ln2High - (half - (s * (half + tail) + k * Ln2Low) - f);
    }

    /// <summary>Returns x to the power y for x ≥ 0, as e^(y·ln x). Error below 3 + 2·|y·ln x| ulp; NaN for x &lt; 0.</summary>
    public static double Pow(double x, double y) => y == 0 ? 1 : x == 0 ? (y > 0 ? 0 : double.PositiveInfinity) : Exp(y * Log(x));

    /// <summary>Returns the hyperbolic tangent. Error below 3 ulp.</summary>
    public static double Tanh(double x)
    {
        double a = Math.Abs(x);
        if (!(a < 22)) return double.IsNaN(x) ? CanonicalNaN : x > 0 ? 1 : -1;
        double t = Expm1(2 * a), y = a < 1 ? t / (t + 2) : 1 - 2 / (t + 2);
        return x < 0 ? -y : y;
    }

    /// <summary>Returns 1/(1 + e^−x). Error below 3 ulp.</summary>
    public static double Sigmoid(double x)
    {
        double e = Exp(-Math.Abs(x)); // never overflows; the other branch keeps the relative accuracy of small results
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }

    // k = round(x/ln 2); r + low = x − k·ln 2 with r in [−0.347, 0.347] and |low| below half an ulp of r.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReduceExp(double x, out double r, out double low)
    {
        double k = Math.Floor(x * InvLn2 + 0.5), high = x - k * Ln2High, step = k * Ln2Low;
        r = high - step;
        low = high - r - step;
        return (int)k;
    }

    // (e^r − 1 − r)/r², Taylor to r^14/14!: the next term is below 2^-63. Even and odd powers apart, so that the two chains overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ExpTail(double r)
    {
        double z = r * r;
        double even = 1.0 / 3628800.0 + z * (1.0 / 479001600.0 + z * (1.0 / 87178291200.0));
        even = 0.5 + z * (1.0 / 24.0 + z * (1.0 / 720.0 + z * (1.0 / 40320.0 + z * even)));
        double odd = 1.0 / 362880.0 + z * (1.0 / 39916800.0 + z * (1.0 / 6227020800.0));
        odd = 1.0 / 6.0 + z * (1.0 / 120.0 + z * (1.0 / 5040.0 + z * odd));
        return even + r * odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Scale(double value, int exponent)
    {
        // Two steps, so that results below the normal range round once, at the end.
        if (exponent < -1000)
        {
            value *= PowerOfTwo(-1000);
            exponent += 1000;
        }
        else if (exponent > 1000)
        {
            value *= PowerOfTwo(1000);
            exponent -= 1000;
        }
        return value * PowerOfTwo(exponent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(1023 + exponent) << 52);
}
