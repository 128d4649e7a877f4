using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class PairedStatisticsTests
{
    private const int Resamples = 300;

    [Fact]
    public void MeanDifference_KnownDifference_IsCoveredInNinetyFivePercent()
    {
        const int Tables = 300, Episodes = 60;
        const double Difference = 0.3;
        var random = RandomStream.For(1, "coverage");
        int mean = 0, median = 0;
        for (int table = 0; table < Tables; table++)
        {
            double[] a = new double[Episodes], b = new double[Episodes];
            for (int i = 0; i < Episodes; i++)
            {
                // Episodes differ far more than arms do: only a paired interval is short enough to be wrong sometimes.
                double hard = 5 * random.NextGaussian();
                (a[i], b[i]) = (hard + Difference + random.NextGaussian(), hard + random.NextGaussian());
            }
            if (Covers(PairedBootstrap.MeanDifference([a], [b], (ulong)table, Resamples))) mean++;
            if (Covers(PairedBootstrap.MedianDifference([a], [b], (ulong)table, Resamples))) median++;
        }
        // 95 % ± 3 standard errors of a share of 300 tables (1.3 %); the percentile interval of 60 episodes itself is short by about one per cent.
        Assert.InRange(mean / (double)Tables, 0.91, 0.985);
        Assert.InRange(median / (double)Tables, 0.91, 0.985);

        static bool Covers(Interval i) => i.Low <= Difference && Difference <= i.High;
    }

    [Fact]
    public void MeanDifference_TrainingSeedsDiffer_TheIntervalIsAsWideAsThey()
    {
        // Five trainings that differ by far more than episodes do: without the first level the interval would shrink with the episodes.
        double[] effects = [-1, -0.5, 0, 0.5, 1];
        double[][] a = [.. effects.Select(e => Enumerable.Repeat(e, 500).ToArray())];
        Interval found = PairedBootstrap.MeanDifference(a, [new double[500]], 1, Resamples);
        Assert.Equal(0, found.Value, 1e-12);
        Assert.True(found.High - found.Low > 0.8, $"{found.Low} to {found.High}");
    }

    [Fact]
    public void MedianDifference_SmallTable_IsTheMedian()
    {
        Interval odd = PairedBootstrap.MedianDifference([[1, 5, 9]], [[0, 0, 0]], 1, Resamples), even = PairedBootstrap.MedianDifference([[1, 5, 9, 11]], [[0, 0, 0, 0]], 1, Resamples);
        Assert.Equal(5, odd.Value);
        Assert.Equal(7, even.Value);
        Assert.Throws<ArgumentException>(() => PairedBootstrap.MeanDifference([[1, 2]], [[1]]));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.MeanDifference([[1], [2]], [[1], [2], [3]]));
    }

    [Fact]
    public void LeastCost_KnownPoints_LiesOnTheHull()
    {
        // (4, 0.9) lies above the segment from (1, 1) to (9, 0): no mixture needs it.
        ReadOnlySpan<(double, double)> points = [(9, 0), (1, 1), (4, 0.9), (2, 2)];
        Assert.Equal(5, LowerHull.LeastCost(points, 0.5), 1e-12);
        Assert.Equal(1, LowerHull.LeastCost(points, 3));
        Assert.Equal(9, LowerHull.LeastCost(points, 0));
        Assert.Equal(double.PositiveInfinity, LowerHull.LeastCost(points, -0.1));
    }

    [Fact]
    public void Comparison_MixtureOfTwoRungs_IsNotBetter()
    {
        (ArmSample[] front, ArmSample mixture, _) = Tables(200);
        FrontComparison found = FrontComparison.Of(mixture, front, Resamples);
        Assert.False(found.IsBetter, $"{found.Mixture}");
        Assert.InRange(found.Mixture.Value, -0.1, 0.1);
    }

    [Fact]
    public void Verdict_OutsideOnBothSets_IsBetterAndInsideIsWorse()
    {
        (ArmSample[] front, ArmSample mixture, ArmSample outside) = Tables(100);
        FrontComparison good = FrontComparison.Of(outside, front, Resamples), plain = FrontComparison.Of(mixture, front, Resamples);
        Assert.True(good.IsBetter);
        Assert.Equal("better", Verdict.Of("x", "the front", good, good).Word);
        Assert.Equal("not distinguishable", Verdict.Of("x", "the front", good, plain).Word);
        var inside = new ArmSample("inside", [[.. front[1].LogError[0].Select(e => e + 0.5)]], [[.. front[1].LogCost[0].Select(c => c + 0.3)]]);
        FrontComparison bad = FrontComparison.Of(inside, front, Resamples);
        Assert.True(bad.IsWorse);
        Assert.Equal(front[1].Name, bad.Both);
        Verdict verdict = Verdict.Of("x", "the front", bad, bad);
        Assert.Equal("worse", verdict.Word);
        Assert.Contains("beaten on both axes by b", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_BlowsUpMoreOften_IsNotBetter()
    {
        (ArmSample[] front, _, ArmSample outside) = Tables(100);
        // A tenth of the episodes blow up, which medians do not see.
        var wild = new ArmSample("wild", [[.. outside.LogError[0].Select((e, i) => i % 10 == 0 ? -1 : e - 2)]], outside.LogCost);
        Assert.False(FrontComparison.Of(wild, front, Resamples).IsBetter);
    }

    // Two rungs, a random mixture of them per episode, and a policy that is half a decade more accurate than the mixture.
    private static (ArmSample[] Front, ArmSample Mixture, ArmSample Outside) Tables(int episodes)
    {
        var random = RandomStream.For(2, "tables");
        double[] coarse = new double[episodes], fine = new double[episodes], cheap = new double[episodes], dear = new double[episodes];
        double[] mixed = new double[episodes], paid = new double[episodes], better = new double[episodes], spent = new double[episodes];
        for (int i = 0; i < episodes; i++)
        {
            double hard = random.NextGaussian();
            (coarse[i], fine[i], cheap[i], dear[i]) = (-6 + hard, -10 + hard, 4, 6);
            bool first = random.NextDouble() < 0.5;
            (mixed[i], paid[i]) = first ? (coarse[i], cheap[i]) : (fine[i], dear[i]);
            (better[i], spent[i]) = (-10.3 + hard + (0.1 * random.NextGaussian()), 5);
        }
        return ([new ArmSample("a", [coarse], [cheap]), new ArmSample("b", [fine], [dear])], new ArmSample("mixture", [mixed], [paid]), new ArmSample("outside", [better], [spent]));
    }
}
