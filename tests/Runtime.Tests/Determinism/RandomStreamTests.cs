using System.Buffers;
using System.Buffers.Binary;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class RandomStreamTests
{
    private static ulong[] State(RandomStream stream)
    {
        var writer = new ArrayBufferWriter<byte>();
        stream.Freeze(writer);
        return [.. Enumerable.Range(0, 4).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(writer.WrittenSpan[(8 * i)..]))];
    }

    private static RandomStream FromState(params ulong[] words)
    {
        var bytes = new byte[32];
        for (int i = 0; i < 4; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), words[i]);
        var stream = new RandomStream(0);
        stream.Thaw(bytes);
        return stream;
    }

    // SplitMix64 from 1234567: the published outputs of the reference program, recomputed with unbounded integers.
    [Fact]
    public void Constructor_KnownSeed_FillsTheStateWithSplitMix64() => Assert.Equal(
        [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431], State(new RandomStream(1234567)));

    // xoshiro256** from (1, 2, 3, 4): the published outputs of the reference program, recomputed with unbounded integers.
    [Fact]
    public void NextUInt64_KnownState_GivesThePublishedSequence()
    {
        var stream = FromState(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600,
            16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => stream.NextUInt64()));
    }

    [Fact]
    public void For_NameAndSeed_GivesTheStatedStream()
    {
        Assert.Equal(0xEFBE046955949BEEul, RandomStream.Fnv1a("perceive"));
        Assert.Equal(0x2F7FE77F2136A446ul, RandomStream.For(7, "perceive").NextUInt64());
        Assert.NotEqual(RandomStream.For(7, "perceive").NextUInt64(), RandomStream.For(7, "decide").NextUInt64());
        Assert.NotEqual(RandomStream.For(7, "perceive").NextUInt64(), RandomStream.For(8, "perceive").NextUInt64());
    }

    [Fact]
    public void Thaw_AfterFreeze_ContinuesTheSameSequence()
    {
        var stream = new RandomStream(3);
        for (int i = 0; i < 100; i++) stream.NextGaussian();
        var copy = FromState(State(stream));
        for (int i = 0; i < 100; i++) Assert.Equal(stream.NextGaussian(), copy.NextGaussian());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)] // all zero
    [InlineData(33)]
    public void Thaw_WrongBytes_IsRefused(int length) => Assert.Throws<InvalidDataException>(() => new RandomStream(1).Thaw(new byte[length]));

    [Fact]
    public void NextDouble_Extremes_StayBelowOne()
    {
        // The largest draw of each kind: all bits set.
        Assert.True((ulong.MaxValue >> 11) * (1.0 / (1UL << 53)) < 1);
        Assert.True((ulong.MaxValue >> 40) * (1.0f / (1 << 24)) < 1);
        var stream = new RandomStream(5);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.InRange(stream.NextDouble(), 0, Math.BitDecrement(1.0));
            Assert.InRange(stream.NextSingle(), 0, MathF.BitDecrement(1f));
            Assert.InRange(stream.NextInt32(7), 0, 6);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.NextInt32(0));
    }

    // Limits are five standard errors of each estimate for n independent draws; the seed is fixed, so the test never flickers.
    [Fact]
    public void NextGaussian_ManyDraws_HasTheMomentsOfTheNormalDistribution()
    {
        const int N = 400_000;
        var stream = new RandomStream(11);
        double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
        int tail = 0;
        for (int i = 0; i < N; i++)
        {
            double x = stream.NextGaussian();
            m1 += x;
            m2 += x * x;
            m3 += x * x * x;
            m4 += x * x * x * x;
            if (Math.Abs(x) > 3) tail++;
        }
        double error = 5 / Math.Sqrt(N);
        Assert.Equal(0, m1 / N, error);
        Assert.Equal(1, m2 / N, error * Math.Sqrt(2));
        Assert.Equal(0, m3 / N, error * Math.Sqrt(15));
        Assert.Equal(3, m4 / N, error * Math.Sqrt(96));
        Assert.Equal(0.0026998, (double)tail / N, error * Math.Sqrt(0.0027));
    }

    [Fact]
    public void NextExponential_ManyDraws_HasMeanAndVarianceOne()
    {
        const int N = 400_000;
        var stream = new RandomStream(12);
        double sum = 0, squares = 0;
        for (int i = 0; i < N; i++)
        {
            double x = stream.NextExponential();
            Assert.True(x >= 0);
            sum += x;
            squares += x * x;
        }
        Assert.Equal(1, sum / N, 5 / Math.Sqrt(N));
        Assert.Equal(2, squares / N, 5 * Math.Sqrt(20.0 / N)); // variance of x² is 24 − 4
    }

    [Fact]
    public void NextInt32_SmallBound_IsUniform()
    {
        const int N = 600_000, Bound = 6;
        var stream = new RandomStream(13);
        var counts = new int[Bound];
        for (int i = 0; i < N; i++) counts[stream.NextInt32(Bound)]++;
        double chi2 = counts.Sum(c => Math.Pow(c - N / Bound, 2) / (N / Bound));
        Assert.InRange(chi2, 0.05, 25.7); // 5 degrees of freedom: 1e-4 in the upper tail; below 0.05 would be too even to be chance
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var stream = new RandomStream(1);
        Allocations.AssertNone(() => _ = stream.NextGaussian() + stream.NextExponential() + stream.NextInt32(5) + stream.NextSingle());
    }
}
