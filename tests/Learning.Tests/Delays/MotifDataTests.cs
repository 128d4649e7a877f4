namespace EdgeAutonomy.Learning.Tests;

public sealed class MotifDataTests
{
    private static readonly MotifOptions Options = new();

    [Fact]
    public void Fill_EverySample_HasOneSpikePerChannelAndTheNoise()
    {
        var data = new MotifData(Options, 1000, 0, 400);
        for (int i = 0; i < data.Count; i++)
        {
            float[] sample = Sample(data, i);
            Assert.All(sample, v => Assert.True(v is 0 or 1));
            int spikes = (int)sample.Sum();
            Assert.InRange(spikes, 42, 48); // 40 and 5 to 20 % noise
            for (int c = 0; c < 40; c++) Assert.True(ChannelCount(sample, c) >= 1, $"sample {i} has no spike on channel {c}");
        }
    }

    [Fact]
    public void Fill_NoNoiseNoJitter_SpikesStandAtOnsetPlusDelay()
    {
        var data = new MotifData(Options with { Jitter = 0, NoiseFrom = 0, NoiseTo = 0 }, 1000, 0, 50);
        for (int i = 0; i < data.Count; i++)
        {
            float[] sample = Sample(data, i);
            int onset = Array.IndexOf(sample, 1) / 40;
            for (int c = 0; c < 40; c++) Assert.Equal(1, sample[(onset + data.DelayOf(data.ClassOf(i), c)) * 40 + c]);
        }
    }

    [Fact]
    public void DelayOf_AnyTwoClasses_SameDelaysInAnotherOrder()
    {
        var data = new MotifData(Options, 1000, 0, 1);
        int[][] motifs = [.. Enumerable.Range(0, 10).Select(k => Enumerable.Range(0, 40).Select(c => data.DelayOf(k, c)).ToArray())];
        Assert.All(motifs, m => Assert.Equal(motifs[0].Order(), m.Order()));
        Assert.All(motifs, m => Assert.Equal((0, 24), (m.Min(), m.Max())));
        for (int a = 0; a < 10; a++)
        {
            for (int b = 0; b < a; b++) Assert.NotEqual(motifs[a], motifs[b]);
        }
    }

    [Fact]
    public void Fill_CountsPerClass_EqualInDistribution()
    {
        const int PerClass = 600;
        var data = new MotifData(Options, 1001, 0, 10 * PerClass);
        var histogram = new double[10, 7];
        for (int i = 0; i < data.Count; i++) histogram[data.ClassOf(i), (int)Sample(data, i).Sum() - 42]++;
        double chi2 = 0;
        for (int n = 0; n < 7; n++)
        {
            double expected = Enumerable.Range(0, 10).Sum(k => histogram[k, n]) / 10;
            for (int k = 0; k < 10; k++) chi2 += (histogram[k, n] - expected) * (histogram[k, n] - expected) / expected;
        }
        // Homogeneity of 10 classes over 7 counts: 54 degrees of freedom, 99.9 % quantile 91.9.
        Assert.InRange(chi2, 0, 91.9);
    }

    [Fact]
    public void Controls_CountsAndRates_AtChance_KnownDelaysNearlyPerfect()
    {
        MotifData train = new(Options, 1000, 0, 2000), test = new(Options, 1000, 1, 2000);
        // Share of 0.1 from 2000 trials: standard deviation 0.0067, four of them.
        Assert.InRange(MotifControls.Counts(train, test), 0.073, 0.127);
        Assert.InRange(MotifControls.Rates(train, test), 0.073, 0.127);
        Assert.InRange(MotifControls.KnownDelays(test, Options.Jitter), 0.97, 1);
    }

    [Fact]
    public void Controls_CountsGivenAway_AreFound()
    {
        // The control of the control: where the count is the class, the same classifiers must find it.
        var data = new CountedSpikes();
        Assert.Equal(1, MotifControls.Counts(data, data));
        Assert.Equal(1, MotifControls.Rates(data, data));
    }

    [Fact]
    public void Fill_SameSeed_SameSamples_OtherPartOrSeed_OthersWithTheSameMotifs()
    {
        MotifData a = new(Options, 7, 0, 4), b = new(Options, 7, 0, 4), part = new(Options, 7, 1, 4), other = new(Options, 8, 0, 4);
        Assert.Equal(Sample(a, 3), Sample(b, 3));
        Assert.NotEqual(Sample(a, 3), Sample(part, 3));
        Assert.NotEqual(Sample(a, 3), Sample(other, 3));
        Assert.All(Enumerable.Range(0, 400), i => Assert.Equal(a.DelayOf(i / 40, i % 40), part.DelayOf(i / 40, i % 40)));
        Assert.Contains(Enumerable.Range(0, 400), i => a.DelayOf(i / 40, i % 40) != other.DelayOf(i / 40, i % 40));
    }

    [Fact]
    public void Fill_OneSlotOfABatch_LeavesTheOthersAlone()
    {
        var data = new MotifData(Options, 7, 0, 4);
        var batch = new float[100 * 3 * 40];
        Array.Fill(batch, 9);
        data.Fill(2, null, 1, 3, batch);
        float[] alone = Sample(data, 2);
        for (int t = 0; t < 100; t++)
        {
            Assert.Equal(alone.AsSpan(t * 40, 40), batch.AsSpan((t * 3 + 1) * 40, 40));
            Assert.True(batch.AsSpan(t * 3 * 40, 40).IndexOfAnyExcept(9f) < 0);
            Assert.True(batch.AsSpan((t * 3 + 2) * 40, 40).IndexOfAnyExcept(9f) < 0);
        }
    }

    [Theory]
    [InlineData(40, 7, 10, 100, 25)]
    [InlineData(40, 5, 1, 100, 25)]
    [InlineData(40, 5, 10, 50, 25)]
    [InlineData(40, 40, 10, 100, 25)]
    [InlineData(4, 2, 10, 100, 25)]
    public void Constructor_OptionsThatDoNotFit_Throws(int channels, int groups, int classes, int steps, int span) =>
        Assert.Throws<ArgumentException>(() => new MotifData(new MotifOptions { Channels = channels, Groups = groups, Classes = classes, Steps = steps, Span = span }, 1, 0, 1));

    private static float[] Sample(MotifData data, int i)
    {
        var sample = new float[data.Steps * data.Size.Count];
        data.Fill(i, null, 0, 1, sample);
        return sample;
    }

    private static int ChannelCount(float[] sample, int channel) => Enumerable.Range(0, 100).Count(t => sample[t * 40 + channel] != 0);

    /// <summary>Class k has k spikes more than class 0.</summary>
    private sealed class CountedSpikes : ITrainingData
    {
        public int Count => 40;

        public MapSize Size => new(4);

        public int Steps => 10;

        public int Classes => 4;

        public int ClassOf(int sample) => sample % 4;

        public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch)
        {
            batch.Clear();
            for (int i = 0; i <= ClassOf(sample); i++) batch[((i + 1) * slots + slot) * 4 + i] = 1;
        }
    }
}
