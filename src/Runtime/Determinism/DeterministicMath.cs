using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>Mathematics that gives the same bits on every machine and vector width.</summary>
/// <remarks>
/// Built from IEEE-exact + − × ÷ and sqrt only, two roundings per multiply-add, no fused operation: the C library's transcendentals and
/// width-dependent reductions differ between machines (specs of the kernel, 6.2). Thread-safe, allocation-free.
/// </remarks>
public static partial class DeterministicMath
{
    private const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10; // fdlibm's split of ln 2
    private const double InvLn2 = 1.44269504088896338700;

    // pi/2 in three parts of 33 bits (fdlibm): k * part is exact for |k| < 2^20, so reduction keeps full precision up to 1.6e6 rad.
    private const double PiHalf1 = 1.57079632673412561417e+00, PiHalf2 = 6.07710050630396597660e-11, PiHalf3 = 2.02226624879595063154e-21;
    private const double TwoOverPi = 6.36619772367581382433e-01;

    /// <summary>Returns e^x. Error below 1 ulp; 0 below −745, +∞ above 709.79; NaN stays NaN.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (x > 709.782712893384) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        double k = Math.Floor(x * InvLn2 + 0.5);
        double r = x - k * Ln2High - k * Ln2Low;
        double p = 1.0 / 6227020800.0;
        p = p * r + 1.0 / 479001600.0;
        p = p * r + 1.0 / 39916800.0;
        p = p * r + 1.0 / 3628800.0;
        p = p * r + 1.0 / 362880.0;
        p = p * r + 1.0 / 40320.0;
        p = p * r + 1.0 / 5040.0;
        p = p * r + 1.0 / 720.0;
        p = p * r + 1.0 / 120.0;
        p = p * r + 1.0 / 24.0;
        p = p * r + 1.0 / 6.0;
        p = p * r + 0.5;
        double e = 1 + (r + r * r * p);
        return Scale(e, (int)k);
    }

    /// <summary>Returns the natural logarithm. Error below 2 ulp; −∞ at 0, NaN below 0.</summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0) return double.NaN;
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
        // log(1+f) = f − (f²/2 − s·(f²/2 + R)), fdlibm's arrangement; R is the series of log((1+s)/(1−s)) − 2s over s.
        double r = 2.0 / 23;
        for (int n = 21; n >= 3; n -= 2) r = r * z + 2.0 / n;
        r *= z;
        double half = 0.5 * f * f;
        return k * Ln2High - (half - (s * (half + r) + k * Ln2Low) - f);
    }

    /// <summary>Returns x to the power y for x ≥ 0, as e^(y·ln x). Relative error about |y·ln x| ulp.</summary>
    public static double Pow(double x, double y) => y == 0 ? 1 : x == 0 ? (y > 0 ? 0 : double.PositiveInfinity) : Exp(y * Log(x));

    /// <summary>Returns the sine. Error below 2 ulp of 1 for |x| ≤ 1e6; NaN for infinities and beyond 1e9.</summary>
    public static double Sin(double x)
    {
        int quadrant = Reduce(x, out double r);
        return (quadrant & 3) switch { 0 => SinCore(r), 1 => CosCore(r), 2 => -SinCore(r), _ => -CosCore(r) };
    }

    /// <summary>Returns the cosine. Error as <see cref="Sin"/>.</summary>
    public static double Cos(double x)
    {
        int quadrant = Reduce(x, out double r);
        return (quadrant & 3) switch { 0 => CosCore(r), 1 => -SinCore(r), 2 => -CosCore(r), _ => SinCore(r) };
    }

    /// <summary>Returns the arc tangent in [−π/2, π/2]. Error below 2 ulp.</summary>
    public static double Atan(double x)
    {
        if (double.IsNaN(x)) return x;
        double a = Math.Abs(x);
        bool invert = a > 1;
        if (invert) a = 1 / a;
        // Two argument halvings bring a below tan(pi/16), where eleven terms of the series suffice.
        double b = a / (1 + Math.Sqrt(1 + a * a));
        double c = b / (1 + Math.Sqrt(1 + b * b));
        double z = c * c, p = 1.0 / 23;
        for (int n = 21; n >= 3; n -= 2) p = 1.0 / n - z * p;
        double result = 4 * (c - c * z * p);
        if (invert) result = 1.5707963267948966 - result;
        return x < 0 ? -result : result;
    }

    /// <summary>Returns the angle of the point (x, y) in (−π, π]; 0 for the origin.</summary>
    public static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.NaN;
        if (x == 0 && y == 0) return 0;
        if (Math.Abs(y) > Math.Abs(x)) return (y > 0 ? 1.5707963267948966 : -1.5707963267948966) - Atan(x / y);
        double angle = Atan(y / x);
        return x > 0 ? angle : y >= 0 ? angle + Math.PI : angle - Math.PI;
    }

    /// <summary>Returns the hyperbolic tangent. Absolute error below 3e-16.</summary>
    public static double Tanh(double x)
    {
        if (x > 20) return 1;
        if (x < -20) return -1;
        double e = Exp(2 * x);
        return Math.Abs(x) < 1e-5 ? x : (e - 1) / (e + 1);
    }

    /// <summary>Wraps an angle into (−π, π].</summary>
    public static double WrapAngle(double radians)
    {
        if (radians is > -Math.PI and <= Math.PI) return radians;
        double wrapped = radians - 2 * Math.PI * Math.Floor((radians + Math.PI) / (2 * Math.PI));
        return wrapped <= -Math.PI ? wrapped + 2 * Math.PI : wrapped;
    }

    /// <summary>Returns the sum of products in 16 fixed lanes and a fixed tree. Spans of unequal length: the shorter one counts.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Span<float> lanes = stackalloc float[16];
        lanes.Clear();
        int n = Math.Min(a.Length, b.Length);
        for (int i = 0; i < n; i++) lanes[i & 15] += a[i] * b[i];
        return Tree(lanes);
    }

    /// <summary>Returns the sum in 16 fixed lanes and a fixed tree.</summary>
    public static float Sum(ReadOnlySpan<float> a)
    {
        Span<float> lanes = stackalloc float[16];
        lanes.Clear();
        for (int i = 0; i < a.Length; i++) lanes[i & 15] += a[i];
        return Tree(lanes);
    }

    private static float Tree(Span<float> lanes)
    {
        for (int w = 8; w >= 1; w >>= 1)
        {
            for (int j = 0; j < w; j++) lanes[j] += lanes[j + w];
        }
        return lanes[0];
    }

    private static int Reduce(double x, out double r)
    {
        if (!(Math.Abs(x) < 1e9))
        {
            r = double.NaN;
            return 0;
        }
        double k = Math.Floor(x * TwoOverPi + 0.5);
        r = x - k * PiHalf1 - k * PiHalf2 - k * PiHalf3;
        return (int)k;
    }

    private static double SinCore(double r)
    {
        double z = r * r;
        double p = 1.0 / 355687428096000.0;
        p = p * z - 1.0 / 1307674368000.0;
        p = p * z + 1.0 / 6227020800.0;
        p = p * z - 1.0 / 39916800.0;
        p = p * z + 1.0 / 362880.0;
        p = p * z - 1.0 / 5040.0;
        p = p * z + 1.0 / 120.0;
        p = p * z - 1.0 / 6.0;
        return r + r * z * p;
    }

    private static double CosCore(double r)
    {
        double z = r * r;
        double p = -1.0 / 6402373705728000.0;
        p = p * z + 1.0 / 20922789888000.0;
        p = p * z - 1.0 / 87178291200.0;
        p = p * z + 1.0 / 479001600.0;
        p = p * z - 1.0 / 3628800.0;
        p = p * z + 1.0 / 40320.0;
        p = p * z - 1.0 / 720.0;
        p = p * z + 1.0 / 24.0;
        return 1 - (0.5 * z - z * z * p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Scale(double value, int exponent)
    {
        // Two steps, so that results below the normal range round once, at the end.
        if (exponent < -1000)
        {
            value *= BitConverter.Int64BitsToDouble((long)(1023 - 1000) << 52);
            exponent += 1000;
        }
        else if (exponent > 1000)
        {
            value *= BitConverter.Int64BitsToDouble((long)(1023 + 1000) << 52);
            exponent -= 1000;
        }
        return value * BitConverter.Int64BitsToDouble((long)(1023 + exponent) << 52);
    }
}
