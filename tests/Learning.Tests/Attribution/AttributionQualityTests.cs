namespace EdgeAutonomy.Learning.Tests.Attribution;

public class AttributionQualityTests
{
    [Fact]
    public void RankCorrelation_KnownValues_AreReproduced()
    {
        Assert.Equal(1, AttributionQuality.RankCorrelation([1, 5, 9, 100], [2, 3, 4, 5]), 1e-12);
        Assert.Equal(-1, AttributionQuality.RankCorrelation([1, 5, 9], [3, 2, 1]), 1e-12);
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: Pearson of the ranks = 4.5 / sqrt(4.5 · 5).
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), AttributionQuality.RankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]), 1e-12);
        Assert.True(double.IsNaN(AttributionQuality.RankCorrelation([1, 1], [1, 2])));
        Assert.Throws<ArgumentException>(() => AttributionQuality.RankCorrelation([1], [1, 2]));
        // Values that are all equal have no order, at any length: a mean that is off by a rounding would give them one.
        for (int n = 2; n < 60; n++)
        {
            double[] same = [.. Enumerable.Repeat(0.1, n)], rising = [.. Enumerable.Range(0, n).Select(i => (double)i)];
            Assert.True(double.IsNaN(AttributionQuality.RankCorrelation(same, rising)));
            Assert.True(double.IsNaN(AttributionQuality.Calibration(same, rising).Slope));
        }
    }

    [Fact]
    public void Calibration_Line_IsFound()
    {
        var (slope, intercept, error) = AttributionQuality.Calibration([0, 1, 2], [1, 3, 5]);
        Assert.Equal((2, 1), (slope, intercept));
        Assert.Equal((1 + 4 + 9) / 3.0, error, 1e-12);
    }

    [Fact]
    public void PositiveMass_NegativeOnes_DoNotCount() => Assert.Equal(0.25, AttributionQuality.PositiveMass([1, -5, 3], [true, true, false]), 1e-12);
}
