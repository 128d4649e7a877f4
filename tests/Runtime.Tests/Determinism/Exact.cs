using System.Numerics;

namespace EdgeAutonomy.Runtime.Tests;

/// <summary>A number Mantissa · 2^Exponent of any size: the truth that floating-point results are measured against.</summary>
internal readonly record struct Exact(BigInteger Mantissa, int Exponent)
{
    /// <summary>Takes a double as it is.</summary>
    public static Exact From(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) & 0x7FF;
        long mantissa = bits & 0x000FFFFFFFFFFFFF;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        return new Exact(bits < 0 ? -mantissa : mantissa, exponent - 1075);
    }

    /// <summary>Gets the number in fixed point, in units of 2^−<paramref name="bits"/>, rounded down.</summary>
    public BigInteger Fixed(int bits)
    {
        int shift = Exponent + bits;
        return shift >= 0 ? Mantissa << shift : Mantissa >> -shift;
    }

    /// <summary>Returns how far a double result is away, in units of the last place of the truth.</summary>
    public double UlpsFrom(double y) => Ulps(y, 52, -1074);

    /// <summary>Returns how far a float result is away, in units of the last place of the truth.</summary>
    public double UlpsFrom(float y) => Ulps(y, 23, -149);

    private double Ulps(double y, int fraction, int smallest)
    {
        if (!double.IsFinite(y)) return double.PositiveInfinity;
        var other = From(y);
        int common = Math.Min(Exponent, other.Exponent);
        var difference = BigInteger.Abs((Mantissa << (Exponent - common)) - (other.Mantissa << (other.Exponent - common)));
        int magnitude = (int)BigInteger.Abs(Mantissa).GetBitLength() - 1 + Exponent;
        int shift = Math.Max(magnitude - fraction, smallest) - common; // difference · 2^common / 2^ulp
        int drop = Math.Max(0, (int)difference.GetBitLength() - 60);
        return (double)(difference >> drop) * Math.ScaleB(1, drop - shift);
    }
}
