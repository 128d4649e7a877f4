using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class LatencyHistogramTests
{
    private static readonly double[] Shares = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 1];

    [Fact]
    public void IndexOf_EveryPowerAndItsNeighbours_IsMonotoneAndInsideItsCounter()
    {
        int previous = -1;
        for (int bit = 0; bit < 37; bit++)
        {
            foreach (long value in new[] { (1L << bit) - 1, 1L << bit, (1L << bit) + (1L << bit) / 3 })
            {
                int index = LatencyHistogram.IndexOf(value);
                long upper = LatencyHistogram.UpperBoundOf(index);
                Assert.InRange(index, previous, LatencyHistogram.CounterCount - 1);
                Assert.InRange(upper, value, value + value / 64);
                Assert.Equal(index, LatencyHistogram.IndexOf(upper));
                previous = Math.Max(previous, index);
            }
        }
        Assert.Equal(LatencyHistogram.CounterCount - 1, LatencyHistogram.IndexOf((1L << 37) - 1));
        Assert.Equal(LatencyHistogram.CounterCount - 1, LatencyHistogram.IndexOf(1L << 50));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Percentile_ManyMagnitudes_IsWithinOneSixtyFourthAboveTheSortedTruth(ulong seed)
    {
        var random = new RandomStream(seed);
        var values = new long[20_000];
        var histogram = new LatencyHistogram();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (long)(random.NextUInt64() >> (28 + random.NextInt32(36))); // magnitudes 2^0 … 2^36
            histogram.Record(values[i], (ulong)i);
        }
        var sorted = values.Order().ToArray();
        foreach (double share in Shares)
        {
            long truth = sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
            Assert.InRange(histogram.Percentile(share), truth, truth + truth / 64);
        }
        double mean = values.Average();
        Assert.Equal(mean, histogram.MeanNs, mean * 1e-12); // integer sum: only the division rounds
        double stddev = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        Assert.Equal(stddev, histogram.StddevNs, stddev * 1e-9); // the reference sums 20 000 rounded squares
        Assert.Equal(sorted[0], histogram.MinNs);
        Assert.Equal(sorted[^1], histogram.MaxNs);
        Assert.Equal(sorted[^1], values[histogram.WorstId]);
        var jitter = values.Zip(values.Skip(1), (a, b) => Math.Abs(a - b)).ToArray();
        Assert.Equal(jitter.Max(), histogram.JitterMaxNs);
        Assert.Equal(jitter.Average(), histogram.JitterMeanNs, 1e-3);
    }

    [Fact]
    public void Stddev_LargeValuesSmallSpread_DoesNotCancel()
    {
        var histogram = new LatencyHistogram();
        for (int i = 0; i < 1000; i++) histogram.Record(100_000_000_000 + (i & 1) * 2);
        Assert.Equal(Math.Sqrt(1000.0 / 999), histogram.StddevNs, 1e-3); // squares differ by 1 part in 10^22; a double sum would show 0 or garbage
    }

    [Fact]
    public void Summarize_NothingRecorded_IsAllZero() => Assert.Equal(LatencySummary.Empty, new LatencyHistogram().Summarize());

    [Fact]
    public void Record_OutOfRange_IsClampedAndStillCounted()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue, 42);
        var summary = histogram.Summarize();
        Assert.Equal((2, 0, (1L << 53) - 1, 42UL), (summary.Count, summary.MinNs, summary.MaxNs, summary.WorstId));
        Assert.Equal(summary.MaxNs, histogram.Percentile(1));
    }

    [Fact]
    public void WorstId_EqualWorst_KeepsTheFirst()
    {
        var histogram = new LatencyHistogram();
        foreach (var (ns, id) in new[] { (5L, 1UL), (9L, 2UL), (9L, 3UL), (7L, 4UL) }) histogram.Record(ns, id);
        Assert.Equal(2UL, histogram.WorstId);
    }

    [Fact]
    public void Merge_TwoHalves_EqualsTheWholeExceptForTheSeam()
    {
        var random = new RandomStream(9);
        LatencyHistogram whole = new(), first = new(), second = new();
        for (int i = 0; i < 10_000; i++)
        {
            long ns = random.NextInt32(1 << 24);
            whole.Record(ns, (ulong)i);
            (i < 5000 ? first : second).Record(ns, (ulong)i);
        }
        first.Merge(second);
        // Jitter has one step fewer: the one across the seam.
        Assert.Equal(whole.Summarize() with { JitterMeanNs = 0, JitterMaxNs = 0 }, first.Summarize() with { JitterMeanNs = 0, JitterMaxNs = 0 });
        var copy = new LatencyHistogram();
        whole.CopyTo(copy);
        Assert.Equal(whole.Summarize(), copy.Summarize());
        copy.Reset();
        Assert.Equal(LatencySummary.Empty, copy.Summarize());
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Percentile_ShareOutOfRange_Throws(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Percentile(share));

    [Fact]
    public void Summarize_WhileAnotherThreadRecords_StaysPlausible()
    {
        var histogram = new LatencyHistogram();
        bool stop = false;
        var writer = new Thread(() =>
        {
            for (ulong i = 0; !Volatile.Read(ref stop); i++) histogram.Record(1000 + (long)(i & 1023), i);
        });
        writer.Start();
        for (int i = 0; i < 200; i++)
        {
            var s = histogram.Summarize();
            if (s.Count == 0) continue;
            Assert.InRange(s.P50Ns, 1000, 2023);
            Assert.InRange(s.MaxNs, 1000, 2023);
        }
        Volatile.Write(ref stop, true);
        writer.Join();
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        LatencyHistogram histogram = new(), target = new();
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 100; i++) histogram.Record(i * 1000, (ulong)i);
            histogram.CopyTo(target);
            _ = target.Percentile(0.99) + target.StddevNs;
        });
    }
}
