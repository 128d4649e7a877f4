using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class DeterministicMathTests
{
    private const int Samples = 3000;

    // Arguments over all magnitudes: sign, exponent and fraction are drawn separately.
    private static IEnumerable<double> Arguments(ulong seed, double smallestLog2, double largestLog2, bool signed = true, int count = Samples)
    {
        var random = new RandomStream(seed);
        for (int i = 0; i < count; i++)
        {
            double magnitude = Math.Pow(2, random.NextDouble(smallestLog2, largestLog2)) * (1 + random.NextDouble() * 1e-3);
            yield return signed && (random.NextUInt64() & 1) != 0 ? -magnitude : magnitude;
        }
    }

    private static void AssertBound(IEnumerable<double> arguments, Func<double, double> function, Func<double, Exact> truth, double bound)
    {
        double worst = 0, at = 0;
        foreach (double x in arguments)
        {
            double error = truth(x).UlpsFrom(function(x));
            if (error > worst) (worst, at) = (error, x);
        }
        Assert.True(worst < bound, $"{worst:F3} ulp at {at:R}, bound is {bound}");
        Assert.True(worst > 0.4, $"only {worst:F3} ulp: the measurement itself is broken, since rounding alone makes nearly 0.5");
    }

    [Fact]
    public void Exp_AllMagnitudes_IsWithinOneUlp() => AssertBound(
        Arguments(1, -60, 9.45).Concat(Arguments(11, -2, 2)).Where(x => x is > -745 and < 709.7), DeterministicMath.Exp, ExactMath.Exp, 1);

    [Fact]
    public void Expm1_AllMagnitudes_IsWithinTwoUlp() => AssertBound(
        Arguments(2, -80, 9.45).Concat(Arguments(12, -3, 2)).Where(x => x < 709.7), DeterministicMath.Expm1, ExactMath.Expm1, 2);

    [Fact]
    public void Log_AllMagnitudes_IsWithinOneUlp() => AssertBound(
        Arguments(3, -1073, 1023, signed: false).Concat(Arguments(13, -40, -1).Select(d => 1 + d)), DeterministicMath.Log, ExactMath.Log, 1);

    [Fact]
    public void Sin_AllMagnitudes_IsWithinOneUlp() => AssertBound(Arguments(4, -60, 29.8).Concat(NearQuarterTurns()), DeterministicMath.Sin, ExactMath.Sin, 1);

    [Fact]
    public void Cos_AllMagnitudes_IsWithinOneUlp() => AssertBound(Arguments(5, -60, 29.8).Concat(NearQuarterTurns()), DeterministicMath.Cos, ExactMath.Cos, 1);

    [Fact]
    public void Atan_AllMagnitudes_IsWithinOneUlp() => AssertBound(Arguments(6, -60, 60).Concat(Arguments(16, -3, 3)), DeterministicMath.Atan, ExactMath.Atan, 1);

    [Fact]
    public void Tanh_AllMagnitudes_IsWithinThreeUlp() => AssertBound(Arguments(7, -60, 6).Concat(Arguments(17, -3, 3)), DeterministicMath.Tanh, ExactMath.Tanh, 3);

    [Fact]
    public void Sigmoid_AllMagnitudes_IsWithinThreeUlp() => AssertBound(
        Arguments(8, -40, 9.45).Concat(Arguments(18, -3, 5)).Where(x => x > -745), DeterministicMath.Sigmoid, ExactMath.Sigmoid, 3);

    [Fact]
    public void Atan2_FourQuadrants_IsWithinTwoUlp()
    {
        var random = new RandomStream(9);
        for (int i = 0; i < Samples; i++)
        {
            double y = Math.Pow(2, random.NextDouble(-30, 30)), x = Math.Pow(2, random.NextDouble(-30, 30));
            if ((i & 1) != 0) x = -x;
            var truth = ExactMath.Atan2(y, x);
            Assert.InRange(truth.UlpsFrom(DeterministicMath.Atan2(y, x)), 0, 2);
            Assert.Equal(-DeterministicMath.Atan2(y, x), DeterministicMath.Atan2(-y, x));
        }
    }

    [Fact]
    public void Pow_ModerateExponents_IsWithinTheStatedBound()
    {
        var random = new RandomStream(10);
        for (int i = 0; i < Samples; i++)
        {
            double x = Math.Pow(2, random.NextDouble(-20, 20)), y = random.NextDouble(-20, 20);
            double exponent = y * Math.Log(x);
            // x^y = e^(y·ln x): the exact product of y and the rounded logarithm stands in for the truth, good to |y·ln x| · 2^-53 relative.
            double truth = Math.Pow(x, y);
            double ulps = Math.Abs(DeterministicMath.Pow(x, y) - truth) / (Math.BitIncrement(truth) - truth);
            Assert.InRange(ulps, 0, 3 + 2 * Math.Abs(exponent));
        }
    }

    // The doubles next to k·π/2, where the reduction cancels everything, for small and large k.
    private static IEnumerable<double> NearQuarterTurns()
    {
        for (long k = 1; k < 600_000_000; k = k * 3 / 2 + 1)
        {
            double near = k * (Math.PI / 2);
            yield return near;
            yield return Math.BitIncrement(near);
            yield return -Math.BitDecrement(near);
        }
    }

    [Fact]
    public void Functions_SpecialArguments_GiveTheStatedValues()
    {
        Assert.Equal(1, DeterministicMath.Exp(0));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(709.79));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(double.PositiveInfinity));
        Assert.Equal(0, DeterministicMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.Epsilon, DeterministicMath.Exp(-745.13));
        Assert.Equal(-1, DeterministicMath.Expm1(double.NegativeInfinity));
        Assert.Equal(double.NegativeInfinity, DeterministicMath.Log(0));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Log(double.PositiveInfinity));
        Assert.Equal(0, DeterministicMath.Log(1));
        Assert.Equal(1, DeterministicMath.Pow(double.NaN, 0));
        Assert.Equal(0, DeterministicMath.Pow(0, 2));
        Assert.Equal((0, 1), DeterministicMath.SinCos(0));
        Assert.Equal(Math.PI / 2, DeterministicMath.Atan(double.PositiveInfinity));
        Assert.Equal(Math.PI, DeterministicMath.Atan2(-0.0, -1));
        Assert.Equal(0, DeterministicMath.Atan2(0, 0));
        Assert.Equal(Math.PI / 2, DeterministicMath.Atan2(1, 0));
        Assert.Equal(-Math.PI / 2, DeterministicMath.Atan2(-1, 0));
        Assert.Equal(3 * Math.PI / 4, DeterministicMath.Atan2(double.PositiveInfinity, double.NegativeInfinity), 1e-15);
        Assert.Equal((1, -1), (DeterministicMath.Tanh(30), DeterministicMath.Tanh(double.NegativeInfinity)));
        Assert.Equal((1, 0), (DeterministicMath.Sigmoid(800), DeterministicMath.Sigmoid(-800)));
        Assert.Equal(0.5, DeterministicMath.Sigmoid(0));
    }

    [Fact]
    public void Functions_NoNumber_GiveOneNaNPattern()
    {
        foreach (double nan in new[] { double.NaN, BitConverter.Int64BitsToDouble(0x7FF8000000000000), BitConverter.Int64BitsToDouble(0x7FF0000000000001) })
        {
            double[] results =
            [
                DeterministicMath.Exp(nan), DeterministicMath.Expm1(nan), DeterministicMath.Log(nan), DeterministicMath.Log(-1),
                DeterministicMath.Sin(nan), DeterministicMath.Cos(2e9), DeterministicMath.Sin(double.NegativeInfinity), DeterministicMath.Atan(nan),
                DeterministicMath.Atan2(nan, 1), DeterministicMath.Tanh(nan), DeterministicMath.Sigmoid(nan),
            ];
            Assert.All(results, r => Assert.Equal(0x7FF8000000000000, BitConverter.DoubleToInt64Bits(r)));
        }
    }

    [Fact]
    public void WrapAngle_AnyAngle_IsInRangeAndSameDirection()
    {
        foreach (double x in Arguments(20, -10, 16).Concat([Math.PI, -Math.PI, 3 * Math.PI, -3 * Math.PI, 0, Math.BitIncrement(Math.PI)]))
        {
            double wrapped = DeterministicMath.WrapAngle(x);
            Assert.True(wrapped is > -Math.PI and <= Math.PI, $"{x:R} gave {wrapped:R}");
            // 2π itself is rounded, so the error grows with the number of turns: 2.4e-16 per turn, plus the rounding of the product.
            Assert.Equal(0, Math.Sin((x - wrapped) / 2), 1e-15 + Math.Abs(x) * 4e-16);
        }
    }

    // The bits below were computed by this implementation and must be the same under every SIMD setting and on every machine; the C
    // library's functions give other bits on other machines.
    [Fact]
    public void Functions_ManyArguments_HashToTheSameBitsEverywhere()
    {
        var hasher = new StateHasher(0);
        var random = new RandomStream(21);
        for (int i = 0; i < 3000; i++)
        {
            double x = Math.ScaleB(random.NextDouble(-1, 1), i % 30 - 20); // no library function may shape the arguments
            hasher.Add(DeterministicMath.Exp(x));
            hasher.Add(DeterministicMath.Expm1(x));
            hasher.Add(DeterministicMath.Log(x));
            hasher.Add(DeterministicMath.Sin(x));
            hasher.Add(DeterministicMath.Cos(x));
            hasher.Add(DeterministicMath.Atan(x));
            hasher.Add(DeterministicMath.Atan2(x, 1.5));
            hasher.Add(DeterministicMath.Tanh(x));
            hasher.Add(DeterministicMath.Sigmoid(x));
        }
        Assert.Equal("A6B511E589F89043", $"{hasher.Value:X16}");
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing() => Allocations.AssertNone(() =>
        _ = DeterministicMath.Exp(1.5) + DeterministicMath.Log(1.5) + DeterministicMath.SinCos(100).Sin + DeterministicMath.Atan2(1, 2) + DeterministicMath.Tanh(1));
}
