using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>The coding of points.</summary>
public sealed class PointEncoderTests
{
    // One group of four points: 0, 10, 20, 30 along x, row 5, times 0, 0, 0, 100. The centroid is the oldest, leftmost point.
    private static readonly Event[] Four = [new(0, 0, 5, 1), new(0, 10, 5, 0), new(0, 20, 5, 1), new(100, 30, 5, 0)];

    [Fact]
    public void Encode_FourPoints_GivesTheNumbersComputedByHand()
    {
        // Normalised: x = 0, 1/3, 2/3, 1; y = 0; t = 0, 0, 0, 1. Squares of Δ sum to 1/9 + 4/9 + 1 + 1 = 23/9; σ = √(23/9 / 12) = 0.46148.
        double sigma = Math.Sqrt(23.0 / 9 / 12), scale = 1 / (3 * sigma);
        foreach (var coding in (PointCoding[])[PointCoding.AbsoluteMinimum, PointCoding.SignedCentroid])
        {
            var encoder = new PointEncoder(new PointOptions { Points = 8, Groups = 1, Neighbours = 4, Coding = coding });
            Assert.True(encoder.Encode(Four));
            double[] expected =
            [
                0, 0, 0, 0, 0, 0,
                scale / 3, 0, 0, 0, 0, 0,
                2 * scale / 3, 0, 0, 0, 0, 0,
                scale, 0, scale, 0, 0, 0,
            ];
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], encoder.Codes[i], 1e-6); // a few float roundings of numbers below 1
        }
    }

    [Fact]
    public void Encode_LeftAndRightOfTheCentroid_DifferInBothCodings()
    {
        // The second centroid is the corner point far right and late; its group lies left of it. Mirrored, the group of the mirrored point lies right of it.
        Event[] left = [new(0, 0, 0, 0), new(0, 100, 0, 0), new(100, 60, 100, 0), new(100, 50, 100, 0), new(100, 40, 100, 0)];
        Event[] right = [new(0, 0, 0, 0), new(0, 100, 0, 0), new(100, 40, 100, 0), new(100, 50, 100, 0), new(100, 60, 100, 0)];
        float[] LeftCodes(PointCoding coding, Event[] events, int centre)
        {
            // Codes of the group whose centroid is the given event: the signed coding shows which that is.
            var signed = new PointEncoder(new PointOptions { Points = 8, Groups = 5, Neighbours = 3, Coding = PointCoding.SignedCentroid });
            var encoder = new PointEncoder(new PointOptions { Points = 8, Groups = 5, Neighbours = 3, Coding = coding });
            signed.Encode(events);
            encoder.Encode(events);
            for (int g = 0; g < 5; g++)
            {
                int at = g * 3 * PointEncoder.Features;
                if (Math.Abs(signed.Codes[at + 3] - events[centre].X / 100f) < 1e-4 && signed.Codes[at + 5] > 0.5f) return encoder.Codes.Slice(at, 3 * PointEncoder.Features).ToArray();
            }
            throw new InvalidOperationException("no such group");
        }
        float[] absoluteLeft = LeftCodes(PointCoding.AbsoluteMinimum, left, 2), absoluteRight = LeftCodes(PointCoding.AbsoluteMinimum, right, 2);
        for (int k = 0; k < 3; k++)
        {
            // |Δ| alone cannot tell the two: the control.
            for (int f = 0; f < 3; f++) Assert.Equal(absoluteLeft[k * 6 + f], absoluteRight[k * 6 + f], 1e-6);
        }
        // Centroid at 0.6 with its group to the left down to 0.4; mirrored: centroid at 0.4, group to the right, minimum 0.4 too but at the centroid itself.
        float[] signedLeft = LeftCodes(PointCoding.SignedCentroid, left, 2), signedRight = LeftCodes(PointCoding.SignedCentroid, right, 2);
        Assert.Equal(-signedLeft[2 * 6], signedRight[2 * 6], 1e-6);
        Assert.True(signedLeft[2 * 6] < 0);
        // About the same centroid: shift the mirrored group by 0.2, as another sample would have it; now the minimum alone tells left (0.4) from right (0.6).
        Event[] shifted = [new(0, 0, 0, 0), new(0, 100, 0, 0), new(100, 60, 100, 0), new(100, 70, 100, 0), new(100, 80, 100, 0)];
        float[] absoluteShifted = LeftCodes(PointCoding.AbsoluteMinimum, shifted, 2);
        for (int f = 0; f < 3; f++) Assert.Equal(absoluteLeft[2 * 6 + f], absoluteShifted[2 * 6 + f], 1e-6);
        Assert.Equal(0.4, absoluteLeft[3], 1e-6);
        Assert.Equal(0.6, absoluteShifted[3], 1e-6);
    }

    [Fact]
    public void Encode_EventsInAnyOrder_GivesTheSameCodes()
    {
        var random = new RandomStream(4);
        var events = new Event[200];
        for (int i = 0; i < events.Length; i++) events[i] = new Event(random.NextInt32(50), (ushort)random.NextInt32(34), (ushort)random.NextInt32(34), (byte)random.NextInt32(2));
        var encoder = new PointEncoder(new PointOptions());
        encoder.Encode(events);
        float[] codes = encoder.Codes.ToArray();
        for (int i = events.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (events[i], events[j]) = (events[j], events[i]);
        }
        encoder.Encode(events);
        Assert.Equal(codes, encoder.Codes.ToArray());
        Assert.All(codes, c => Assert.InRange(c, 0, 1));
    }

    [Fact]
    public void Encode_OneEventOrNone_IsFiniteAndZero()
    {
        var encoder = new PointEncoder(new PointOptions());
        Assert.True(encoder.Encode([new Event(long.MinValue / 4, 65535, 65535, 1)]));
        Assert.All(encoder.Codes.ToArray(), c => Assert.Equal(0, c));
        Assert.True(encoder.Encode([new Event(long.MinValue, 0, 0, 1), new Event(long.MaxValue, 65535, 65535, 1)]));
        Assert.All(encoder.Codes.ToArray(), c => Assert.InRange(c, 0, 1));
        Assert.False(encoder.Encode([]));
        Assert.All(encoder.Codes.ToArray(), c => Assert.Equal(0, c));
    }

    [Fact]
    public void Draw_ManySteps_FiresAsOftenAsTheCodeSays()
    {
        var encoder = new PointEncoder(new PointOptions { Points = 8, Groups = 1, Neighbours = 4, Steps = 64, Coding = PointCoding.SignedCentroid });
        // Mirrored along x, so that the codes of Δx are negative.
        encoder.Encode([new Event(0, 30, 5, 1), new Event(0, 20, 5, 0), new Event(0, 10, 5, 1), new Event(100, 0, 5, 0)]);
        var spikes = new byte[4 * 64];
        var counts = new int[24];
        var random = new RandomStream(8);
        const int Runs = 300;
        for (int run = 0; run < Runs; run++)
        {
            encoder.Draw(random, spikes);
            for (int i = 0; i < spikes.Length; i++)
            {
                for (int f = 0; f < 6; f++) counts[i / 64 * 6 + f] += spikes[i] >> f & 1;
            }
        }
        for (int i = 0; i < counts.Length; i++)
        {
            double p = Math.Max(0, encoder.Codes[i]), n = Runs * 64;
            // Five standard deviations, and half a step of the 1,024 that probabilities have.
            Assert.InRange(counts[i] / n, p - 5 * Math.Sqrt(p * (1 - p) / n) - 0.0005, p + 5 * Math.Sqrt(p * (1 - p) / n) + 0.0005);
        }
        Assert.Contains(encoder.Codes.ToArray(), c => c < 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public void Options_OutOfRange_AreRefusedByName(int points)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new PointEncoder(new PointOptions { Points = points }));
        Assert.Contains("PointOptions:Points", error.Message, StringComparison.Ordinal);
    }
}
