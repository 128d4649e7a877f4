using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class DeterministicMathFTests
{
    private delegate void SpanFunction(ReadOnlySpan<float> source, Span<float> target);

    private sealed record Function(string Name, Func<float, float> Single, SpanFunction Span, Func<double, double> Truth, double Bound)
    {
        public override string ToString() => Name;
    }

    // The truth is the double function, itself tested against 400-bit arithmetic: its error is 2^-29 of a float's ulp.
    private static readonly Function[] s_functions =
    [
        new("Exp", DeterministicMathF.Exp, DeterministicMathF.Exp, DeterministicMath.Exp, 1),
        new("Log", DeterministicMathF.Log, DeterministicMathF.Log, DeterministicMath.Log, 1),
        new("Sin", DeterministicMathF.Sin, DeterministicMathF.Sin, DeterministicMath.Sin, 2),
        new("Cos", DeterministicMathF.Cos, DeterministicMathF.Cos, DeterministicMath.Cos, 2),
        new("Tanh", DeterministicMathF.Tanh, DeterministicMathF.Tanh, DeterministicMath.Tanh, 3),
        new("Sigmoid", DeterministicMathF.Sigmoid, DeterministicMathF.Sigmoid, DeterministicMath.Sigmoid, 3),
    ];

    public static TheoryData<string> Names => [.. s_functions.Select(f => f.Name)];

    private static Function Get(string name) => s_functions.Single(f => f.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_EveryBitPatternOfAGrid_IsWithinItsBound(string name)
    {
        // A stride that is prime to 2^32 visits all exponents and fractions.
        const uint Stride = 9973;
        var function = Get(name);
        double worst = 0;
        float at = 0;
        for (uint bits = 0; ; bits += Stride)
        {
            float x = BitConverter.UInt32BitsToSingle(bits);
            double truth = function.Truth(x);
            float y = function.Single(x);
            double error = Ulps(truth, y);
            if (error > worst) (worst, at) = (error, x);
            if (bits > uint.MaxValue - Stride) break;
        }
        Assert.True(worst < function.Bound, $"{name}: {worst:F3} ulp at {at:R}, bound is {function.Bound}");
        Assert.True(worst > 0.45, $"{name}: only {worst:F3} ulp, so the measurement is broken");
    }

    [Theory]
    [InlineData("Sin")]
    [InlineData("Cos")]
    public void Function_FloatsNextToQuarterTurns_KeepsItsRelativeAccuracy(string name)
    {
        // Here the reduction cancels all leading digits, and only its last part decides the result.
        var function = Get(name);
        for (int k = 1; k < 20_000; k++)
        {
            float near = (float)(k * (Math.PI / 2));
            foreach (float x in new[] { near, MathF.BitIncrement(near), -MathF.BitDecrement(near) })
            {
                Assert.True(Ulps(function.Truth(x), function.Single(x)) < function.Bound, $"{name} at {x:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Span_AnyLength_EqualsTheSingleFunctionBitForBit(string name)
    {
        var function = Get(name);
        var random = new RandomStream(77);
        foreach (int length in new[] { 0, 1, 3, 4, 5, 8, 15, 16, 17, 29, 64, 1001 })
        {
            var source = new float[length];
            for (int i = 0; i < length; i++)
            {
                // Half of them any bit pattern (huge, tiny, NaN, infinite), half of ordinary size.
                source[i] = (i & 1) == 0 ? BitConverter.UInt32BitsToSingle((uint)random.NextUInt64()) : (float)random.NextDouble(-20, 20);
            }
            var target = new float[length + 1];
            target[length] = 42;
            function.Span(source, target);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(BitConverter.SingleToUInt32Bits(function.Single(source[i])), BitConverter.SingleToUInt32Bits(target[i]));
            }
            Assert.Equal(42, target[length]);
            function.Span(source, source); // in place
            Assert.Equal(target[..length].Select(BitConverter.SingleToUInt32Bits), source.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Span_TargetTooShortOrShifted_Throws(string name)
    {
        var function = Get(name);
        var buffer = new float[10];
        Assert.Throws<ArgumentException>(() => function.Span(buffer, new float[9]));
        Assert.Throws<ArgumentException>(() => function.Span(buffer.AsSpan(0, 8), buffer.AsSpan(1, 8)));
    }

    [Fact]
    public void Functions_SpecialArguments_GiveTheStatedValues()
    {
        Assert.Equal(1, DeterministicMathF.Exp(0));
        Assert.Equal((float.PositiveInfinity, 0), (DeterministicMathF.Exp(float.PositiveInfinity), DeterministicMathF.Exp(float.NegativeInfinity)));
        Assert.Equal(float.PositiveInfinity, DeterministicMathF.Exp(88.73f));
        Assert.Equal(float.Epsilon, DeterministicMathF.Exp(-103.9f));
        Assert.Equal((float.NegativeInfinity, float.PositiveInfinity), (DeterministicMathF.Log(0), DeterministicMathF.Log(float.PositiveInfinity)));
        Assert.Equal(0, DeterministicMathF.Log(1));
        Assert.Equal((1, -1), (DeterministicMathF.Tanh(float.PositiveInfinity), DeterministicMathF.Tanh(-10)));
        Assert.Equal((1, 0.5f, 0), (DeterministicMathF.Sigmoid(float.PositiveInfinity), DeterministicMathF.Sigmoid(0), DeterministicMathF.Sigmoid(float.NegativeInfinity)));
        float[] nans =
        [
            DeterministicMathF.Exp(float.NaN), DeterministicMathF.Log(-1), DeterministicMathF.Log(float.NaN), DeterministicMathF.Sin(float.PositiveInfinity),
            DeterministicMathF.Cos(2e9f), DeterministicMathF.Sin(float.NaN), DeterministicMathF.Tanh(float.NaN), DeterministicMathF.Sigmoid(float.NaN),
        ];
        Assert.All(nans, nan => Assert.Equal(0x7FC00000u, BitConverter.SingleToUInt32Bits(nan)));
    }

    [Fact]
    public void Functions_EveryBitPatternOfAGrid_HashToTheSameBitsEverywhere()
    {
        var hasher = new StateHasher(0);
        var source = new float[1 << 16];
        var target = new float[source.Length];
        for (int i = 0; i < source.Length; i++) source[i] = BitConverter.UInt32BitsToSingle((uint)i << 16 | 0x1234);
        foreach (var function in s_functions)
        {
            function.Span(source, target);
            hasher.Add(target);
        }
        Assert.Equal("9217244E5A10325B", $"{hasher.Value:X16}");
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        float[] source = new float[100], target = new float[100];
        Allocations.AssertNone(() =>
        {
            DeterministicMathF.Exp(source, target);
            DeterministicMathF.Log(source, target);
            DeterministicMathF.Sin(source, target);
            DeterministicMathF.Tanh(source, target);
            _ = DeterministicMathF.Sigmoid(1) + DeterministicMathF.Cos(1e6f);
        });
    }

    private static double Ulps(double truth, float y)
    {
        if (double.IsNaN(truth) || float.IsNaN(y)) return double.IsNaN(truth) && float.IsNaN(y) ? 0 : double.PositiveInfinity;
        // Beyond the largest float infinity is right, and so is the largest float within half an ulp of it.
        if (Math.Abs(truth) >= 3.4028235677973366e38) return float.IsInfinity(y) && Math.Sign(y) == Math.Sign(truth) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity(y)) return double.PositiveInfinity;
        int exponent = truth == 0 ? -149 : Math.Max(Math.ILogB(truth) - 23, -149);
        return Math.Abs(truth - y) * Math.ScaleB(1, -exponent);
    }
}
