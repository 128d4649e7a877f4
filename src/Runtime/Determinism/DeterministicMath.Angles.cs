namespace EdgeAutonomy.Runtime;

public static partial class DeterministicMath
{
    // pi/2 in five parts, the first four of 23 bits: k times each of them is exact for |k| < 2^30, so the reduction keeps full relative
    // accuracy up to 1e9 rad, also next to the multiples of pi/2, where all leading parts cancel.
    private const double PiHalf1 = 1.570796251296997, PiHalf2 = 7.549789415861596e-08, PiHalf3 = 5.390302529957765e-15;
    private const double PiHalf4 = 3.2820031633724233e-22, PiHalf5 = 3.7950107727212256e-29;
    private const double TwoOverPi = 6.36619772367581382433e-01;
    private const double PiHalf = 1.5707963267948966, PiHalfLow = 6.123233995736766e-17, PiLow = 1.2246467991473532e-16;
    private const double LongestAngle = 1e9;

    /// <summary>Returns the sine. Error below 1 ulp for |x| ≤ 1e9, also next to its zeros; NaN beyond.</summary>
    public static double Sin(double x) => Wave(ReduceAngle(x, out double r, out double low), r, low);

    /// <summary>Returns the cosine. Error below 1 ulp for |x| ≤ 1e9, also next to its zeros; NaN beyond.</summary>
    public static double Cos(double x) => Wave(ReduceAngle(x, out double r, out double low) + 1, r, low);

    /// <summary>Returns sine and cosine at the cost of one reduction. The values are those of <see cref="Sin"/> and <see cref="Cos"/>.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        int quarter = ReduceAngle(x, out double r, out double low);
        return (Wave(quarter, r, low), Wave(quarter + 1, r, low));
    }

    /// <summary>Returns the arc tangent in [−π/2, π/2]. Error below 1 ulp.</summary>
    public static double Atan(double x)
    {
        if (double.IsNaN(x)) return CanonicalNaN;
        double a = Math.Abs(x), base1, base2, t;
        // atan a = atan c + atan((a − c)/(1 + a·c)) with c = 0, ½, 1, 3/2, ∞ leaves |t| ≤ 7/16.
        if (a < 0.4375) (base1, base2, t) = (0, 0, a);
        else if (a < 0.6875) (base1, base2, t) = (0.4636476090008061, 2.2698777452961687e-17, (2 * a - 1) / (2 + a));
        else if (a < 1.1875) (base1, base2, t) = (0.7853981633974483, 3.061616997868383e-17, (a - 1) / (a + 1));
        else if (a < 2.4375) (base1, base2, t) = (0.982793723247329, 1.3903311031230998e-17, (a - 1.5) / (1 + 1.5 * a));
        else (base1, base2, t) = (PiHalf, PiHalfLow, -1 / a);
        double z = t * t;
        // (atan t − t)/t³: own minimax fit, error 2^-57.
        double p = -0.33333333333332926 + z * (0.19999999999875084 + z * (-0.1428571427237707 + z * (0.11111110399732253
            + z * (-0.0909088698341962 + z * (0.07691873772135618 + z * (-0.06661047918687468 + z * (0.05833402855906261
            + z * (-0.0497619127488421 + z * (0.0365156867450226 + z * -0.016269990917102545)))))))));
        double y = base1 + (t + (base2 + t * z * p));
        return x < 0 ? -y : y;
    }

    /// <summary>Returns the angle of the point (x, y) in (−π, π]; 0 for the origin, and +π (never −π) for y = ±0, x &lt; 0. Error below 2 ulp.</summary>
    public static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return CanonicalNaN;
        if (y == 0) return x < 0 ? Math.PI : 0;
        if (double.IsInfinity(x) && double.IsInfinity(y)) (x, y) = (Math.CopySign(1, x), Math.CopySign(1, y));
        double angle = Atan(Math.Abs(y / x)); // 0/0 cannot happen here; y/0 gives +∞ and so π/2
        if (x < 0) angle = Math.PI - (angle - PiLow);
        return y < 0 ? -angle : angle;
    }

    /// <summary>Wraps an angle into (−π, π].</summary>
    public static double WrapAngle(double radians)
    {
        if (radians is > -Math.PI and <= Math.PI) return radians;
        double wrapped = radians - 2 * Math.PI * Math.Floor((radians + Math.PI) / (2 * Math.PI));
        // The product rounds, so the difference may leave the half-open interval by an ulp on either side.
        if (wrapped <= -Math.PI) wrapped += 2 * Math.PI;
        return wrapped > Math.PI ? Math.PI : wrapped;
    }

    // Number of quarter turns, and the rest r + low in [−π/4, π/4].
    private static int ReduceAngle(double x, out double r, out double low)
    {
        if (!(Math.Abs(x) <= LongestAngle))
        {
            (r, low) = (CanonicalNaN, 0);
            return 0;
        }
        double k = Math.Floor(x * TwoOverPi + 0.5);
        if (k == 0)
        {
            (r, low) = (x, 0);
            return 0;
        }
        // The first difference is exact (Sterbenz); each further one hands its rounding error on.
        double s = x - k * PiHalf1, error = 0;
        Subtract(ref s, ref error, k * PiHalf2);
        Subtract(ref s, ref error, k * PiHalf3);
        Subtract(ref s, ref error, k * PiHalf4);
        error -= k * PiHalf5;
        r = s + error;
        low = s - r + error;
        return (int)k;
    }

    // s − b with its rounding error added to error (Knuth's two-sum, which needs no order of magnitude).
    private static void Subtract(ref double s, ref double error, double b)
    {
        double difference = s - b, part = difference - s;
        error += s - (difference - part) - (b + part);
        s = difference;
    }

    private static double Wave(int quarter, double r, double low)
    {
        double y = (quarter & 1) == 0 ? SinCore(r, low) : CosCore(r, low);
        if (double.IsNaN(y)) return CanonicalNaN;
        return (quarter & 2) == 0 ? y : -y;
    }

    // (sin r − r)/r³ for |r| ≤ π/4: own minimax fit, error 2^-63 of the sine.
    private static double SinCore(double r, double low)
    {
        double z = r * r;
        double p = -0.16666666666666666 + z * (0.008333333333333038 + z * (-0.00019841269840955873 + z * (2.755731906960236e-06
            + z * (-2.505206960296191e-08 + z * (1.605412671218582e-10 + z * -7.379681953451239e-13)))));
        return r + (r * z * p + low * (1 - 0.5 * z));
    }

    // (cos r − 1 + r²/2)/r⁴ for |r| ≤ π/4: own minimax fit, error 2^-63 of the cosine. 1 − z/2 is rounded once and its error put back.
    private static double CosCore(double r, double low)
    {
        double z = r * r;
        double p = 0.041666666666666595 + z * (-0.0013888888888873325 + z * (2.4801587288983675e-05 + z * (-2.7557314210071766e-07
            + z * (2.0875704270306384e-09 + z * -1.1358683284153978e-11))));
        double half = 0.5 * z, one = 1 - half;
        return one + (1 - one - half + (z * z * p - r * low));
    }
}
