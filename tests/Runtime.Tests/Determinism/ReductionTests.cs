using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class ReductionTests
{
    private static readonly int[] Lengths = [0, 1, 7, 15, 16, 17, 31, 32, 33, 48, 63, 100, 255, 1024, 4099];

    private static (float[] A, float[] B) ReferenceCase()
    {
        var random = new Random(1);
        float[] a = new float[4099], b = new float[4099];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = (float)(random.NextDouble() * 2 - 1);
            b[i] = (float)(random.NextDouble() * 2 - 1);
        }
        return (a, b);
    }

    [Fact]
    public void Dot_ReferenceCase_GivesTheKnownBits()
    {
        var (a, b) = ReferenceCase();
        Assert.Equal(0x42066096u, BitConverter.SingleToUInt32Bits(DeterministicMath.Dot(a, b)));
        float plain = 0;
        for (int i = 0; i < a.Length; i++) plain += a[i] * b[i];
        Assert.Equal(0x4206609Fu, BitConverter.SingleToUInt32Bits(plain)); // control: another order gives other bits
    }

    [Fact]
    public void Reductions_AnyLengthAndWidth_EqualTheScalarTwinBitForBit()
    {
        var (a, b) = ReferenceCase();
        foreach (int n in Lengths)
        {
            Span<float> x = a.AsSpan(0, n), y = b.AsSpan(0, n);
            AssertSame(Scalar<DeterministicMath.ProductTerm>(x, y), DeterministicMath.Dot(x, y));
            AssertSame(Scalar<DeterministicMath.ProductTerm>(x, x), DeterministicMath.SumOfSquares(x));
            AssertSame(Scalar<DeterministicMath.PlainTerm>(x, x), DeterministicMath.Sum(x));
            if (n < 16) continue;
            // Every width, also those this machine would not choose; where the hardware lacks one the framework emulates it.
            AssertSame(Scalar<DeterministicMath.ProductTerm>(x, y), Width(x, y, 128));
            AssertSame(Scalar<DeterministicMath.ProductTerm>(x, y), Width(x, y, 256));
            AssertSame(Scalar<DeterministicMath.ProductTerm>(x, y), Width(x, y, 512));
        }
    }

    [Fact]
    public void Dot_AgainstDouble_HasSmallError()
    {
        var (a, b) = ReferenceCase();
        double truth = a.Zip(b, (x, y) => (double)x * y).Sum(), magnitude = a.Zip(b, (x, y) => Math.Abs((double)x * y)).Sum();
        // 257 additions per lane plus 4 tree levels plus the product's rounding, each at most 2^-24 of the sum of magnitudes.
        Assert.Equal(truth, DeterministicMath.Dot(a, b), magnitude * 262 * Math.Pow(2, -24));
    }

    [Fact]
    public void Dot_UnequalLengths_TheShorterCounts() => Assert.Equal(1 * 3f + 2 * 4f, DeterministicMath.Dot([1, 2, 100], [3, 4]));

    [Fact]
    public void Axpy_AnyLength_EqualsTwoRoundingsPerElement()
    {
        var (a, b) = ReferenceCase();
        foreach (int n in Lengths)
        {
            float[] y = b[..n], expected = b[..n];
            for (int i = 0; i < n; i++)
            {
                float product = 0.3f * a[i];
                expected[i] += product;
            }
            DeterministicMath.Axpy(0.3f, a.AsSpan(0, n), y);
            Assert.Equal(expected, y);
        }
        Assert.Throws<ArgumentException>(() => DeterministicMath.Axpy(1, new float[3], new float[2]));
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var (a, b) = ReferenceCase();
        Allocations.AssertNone(() =>
        {
            _ = DeterministicMath.Dot(a, b) + DeterministicMath.Sum(a) + DeterministicMath.SumOfSquares(a);
            DeterministicMath.Axpy(1e-9f, a, b);
        });
    }

    private static float Scalar<TTerm>(Span<float> a, Span<float> b) where TTerm : struct, DeterministicMath.ITerm
    {
        Span<float> lanes = stackalloc float[16];
        lanes.Clear();
        if (a.Length > 0) DeterministicMath.ScalarReduce<TTerm>(ref a[0], ref b[0], 0, a.Length, lanes);
        return DeterministicMath.Tree(lanes);
    }

    private static float Width(Span<float> a, Span<float> b, int bits)
    {
        Span<float> lanes = stackalloc float[16];
        int done = bits switch
        {
            128 => DeterministicMath.Reduce128<DeterministicMath.ProductTerm>(ref a[0], ref b[0], a.Length, lanes),
            256 => DeterministicMath.Reduce256<DeterministicMath.ProductTerm>(ref a[0], ref b[0], a.Length, lanes),
            _ => DeterministicMath.Reduce512<DeterministicMath.ProductTerm>(ref a[0], ref b[0], a.Length, lanes),
        };
        DeterministicMath.ScalarReduce<DeterministicMath.ProductTerm>(ref a[0], ref b[0], done, a.Length, lanes);
        return DeterministicMath.Tree(lanes);
    }

    private static void AssertSame(float expected, float actual) =>
        Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
}
