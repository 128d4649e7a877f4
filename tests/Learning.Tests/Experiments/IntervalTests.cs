using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public class IntervalTests
{
    // Mean 3, sample deviation √2.5, five values: half width 2.7764·√(2.5/5).
    [Fact]
    public void OfMean_FiveValues_IsStudents()
    {
        var interval = Interval.OfMean([1, 2, 3, 4, 5]);
        Assert.Equal(3, interval.Value, 12);
        Assert.Equal(3 - 1.96324, interval.Low, 4);
        Assert.Equal(3 + 1.96324, interval.High, 4);
        Assert.Equal(5, interval.N);
    }

    [Fact]
    public void OfMean_OneValue_HasNoBounds()
    {
        var interval = Interval.OfMean([7]);
        Assert.Equal(7, interval.Value);
        Assert.True(double.IsNaN(interval.Low) && double.IsNaN(interval.High));
        Assert.Throws<ArgumentException>(() => Interval.OfMean([]));
    }

    // The textbook's example: 95 of 100 gives [0.888, 0.978].
    [Theory]
    [InlineData(95, 100, 0.8882, 0.9785)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    public void OfShare_KnownCounts_IsWilsons(long hits, long n, double low, double high)
    {
        var interval = Interval.OfShare(hits, n);
        Assert.Equal((double)hits / n, interval.Value, 12);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    // What the interval promises: of many experiments about 95 % cover the truth.
    [Fact]
    public void OfMean_ManyExperiments_CoverTheTruthAsOftenAsPromised()
    {
        var random = RandomStream.For(1, "coverage");
        int covered = 0;
        double[] values = new double[5];
        for (int i = 0; i < 4000; i++)
        {
            for (int k = 0; k < values.Length; k++) values[k] = 2 + random.NextGaussian();
            var interval = Interval.OfMean(values);
            if (interval.Low <= 2 && 2 <= interval.High) covered++;
        }
        Assert.InRange(covered / 4000.0, 0.94, 0.96); // three standard errors are 0.0103
    }

    [Fact]
    public void OfShare_CountsThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.OfShare(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.OfShare(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Interval.OfShare(-1, 2));
    }
}
