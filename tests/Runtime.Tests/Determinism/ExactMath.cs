using System.Numerics;

namespace EdgeAutonomy.Runtime.Tests;

/// <summary>Elementary functions in fixed point with 400 bits, by plain series: slow, obvious, and independent of the code under test.</summary>
internal static class ExactMath
{
    private const int P = 400;
    private static readonly BigInteger One = BigInteger.One << P;
    private static readonly BigInteger Ln2 = 2 * AtanhInverse(3);
    private static readonly BigInteger Pi = 16 * AtanInverse(5) - 4 * AtanInverse(239); // Machin

    public static Exact Exp(double x)
    {
        var (mantissa, k) = ExpParts(Exact.From(x).Fixed(P));
        return new Exact(mantissa, k - P);
    }

    public static Exact Expm1(double x)
    {
        var (mantissa, k) = ExpParts(Exact.From(x).Fixed(P));
        return k >= 0 ? new Exact((mantissa << k) - One, -P) : new Exact((mantissa >> -k) - One, -P);
    }

    public static Exact Log(double x)
    {
        // Newton from the framework's value y: ln x = y + ln(1 + t) with t = x·e^−y − 1, about 1e−16.
        double y = Math.Log(x);
        var (mantissa, k) = ExpParts(-Exact.From(y).Fixed(P));
        var value = Exact.From(x);
        int shift = value.Exponent + k;
        var product = value.Mantissa * mantissa;
        var t = (shift >= 0 ? product << shift : product >> -shift) - One;
        BigInteger sum = 0, power = t;
        for (int n = 1; n < 12; n++)
        {
            sum += (n & 1) != 0 ? power / n : -(power / n);
            power = power * t >> P;
        }
        return new Exact(Exact.From(y).Fixed(P) + sum, -P);
    }

    public static Exact Sin(double x) => new(SinCos(Exact.From(x).Fixed(P)).Sin, -P);

    public static Exact Cos(double x) => new(SinCos(Exact.From(x).Fixed(P)).Cos, -P);

    public static Exact Atan(double x)
    {
        // atan x = y + atan((x·cos y − sin y)/(cos y + x·sin y)) from the framework's y.
        double y = Math.Atan(x);
        var (s, c) = SinCos(Exact.From(y).Fixed(P));
        var fixedX = Exact.From(x).Fixed(P);
        var d = (((fixedX * c) >> P) - s << P) / (c + (fixedX * s >> P));
        return new Exact(Exact.From(y).Fixed(P) + d - (d * d >> P) * d / 3 / One, -P); // d is about 1e-16: the next term is below 2^-250
    }

    /// <summary>The angle of (x, y) for y &gt; 0.</summary>
    public static Exact Atan2(double y, double x)
    {
        double start = Math.Atan2(y, x);
        var (s, c) = SinCos(Exact.From(start).Fixed(P));
        BigInteger fx = Exact.From(x).Fixed(P), fy = Exact.From(y).Fixed(P);
        var d = ((fy * c - fx * s) << P) / (fx * c + fy * s);
        return new Exact(Exact.From(start).Fixed(P) + d - (d * d >> P) * d / 3 / One, -P);
    }

    public static Exact Tanh(double x)
    {
        var (mantissa, k) = ExpParts(2 * Exact.From(x).Fixed(P));
        var e = k >= 0 ? mantissa << k : mantissa >> -k;
        return new Exact((e - One << P) / (e + One), -P);
    }

    public static Exact Sigmoid(double x)
    {
        // As a quotient of mantissas, so that a tiny result keeps its bits.
        var (mantissa, k) = ExpParts(Exact.From(x).Fixed(P));
        if (k < 0) return new Exact((mantissa << P) / (One + (mantissa >> -k)), k - P);
        return new Exact(((mantissa << k) << P) / (One + (mantissa << k)), -P);
    }

    private static (BigInteger Mantissa, int Exponent) ExpParts(BigInteger x)
    {
        var k = (x + (Ln2 >> 1)) / Ln2;
        var r = x - k * Ln2;
        BigInteger sum = One, term = One;
        for (int n = 1; n < 110; n++) // 0.7^110/110! is below 2^-640
        {
            term = (term * r >> P) / n;
            sum += term;
        }
        return (sum, (int)k);
    }

    private static (BigInteger Sin, BigInteger Cos) SinCos(BigInteger x)
    {
        var half = Pi >> 1;
        var quarter = BigInteger.Divide(x + (x.Sign >= 0 ? half >> 1 : -(half >> 1)), half);
        var r = x - quarter * half;
        var z = r * r >> P;
        BigInteger sine = r, cosine = One, s = r, c = One;
        for (int n = 1; n < 60; n++)
        {
            c = -(c * z >> P) / ((2 * n - 1) * (2 * n));
            s = -(s * z >> P) / ((2 * n) * (2 * n + 1));
            cosine += c;
            sine += s;
        }
        return (int)(quarter & 3) switch { 0 => (sine, cosine), 1 => (cosine, -sine), 2 => (-sine, -cosine), _ => (-cosine, sine) };
    }

    private static BigInteger AtanInverse(int n) => Inverse(n, -1);

    private static BigInteger AtanhInverse(int n) => Inverse(n, 1);

    private static BigInteger Inverse(int n, int sign)
    {
        BigInteger power = One / n, sum = power;
        for (int k = 3; power != 0; k += 2)
        {
            power = power / n / n;
            sum += (sign < 0 && (k & 2) != 0 ? -power : power) / k;
        }
        return sum;
    }
}
