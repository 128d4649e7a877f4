using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class DecayTableTests
{
    private static readonly Duration Tau = Duration.FromMilliseconds(1.6612);

    [Fact]
    public void Indexer_GridPeriods_IsTheRoundedExponential()
    {
        var table = new DecayTable(PeriodGrid.Default, Duration.FromMilliseconds(20));
        for (int i = 0; i < PeriodGrid.Default.Count; i++)
        {
            double exact = DeterministicMath.Exp(-(double)PeriodGrid.Default[i].Nanoseconds / 20_000_000);
            Assert.Equal((float)exact, table[i]);
            Assert.Equal(exact, table.Beta(PeriodGrid.Default[i]));
            Assert.Equal(table[i], table.BetaSingle(PeriodGrid.Default[i]));
        }
    }

    [Fact]
    public void Beta_MultiplesOfTheShortest_AgreeWithTheExponential()
    {
        var table = new DecayTable(PeriodGrid.Default, Duration.FromMilliseconds(500));
        for (int m = 1; m < 3000; m++)
        {
            var dt = PeriodGrid.Default.Shortest * m;
            double exact = Math.Exp(-(double)m / 500);
            // One rounding per factor and per product, at most 12 of each below 3000.
            Assert.Equal(exact, table.Beta(dt), exact * 26 * Math.Pow(2, -53));
        }
    }

    [Fact]
    public void Beta_SkippedSlots_ComposesFromTheBinaryDigitsLowestFirst()
    {
        var table = new DecayTable(PeriodGrid.Default, Tau);
        double one = table.Beta(PeriodGrid.Default[0]), four = table.Beta(PeriodGrid.Default[2]), eight = table.Beta(PeriodGrid.Default[3]);
        Assert.Equal(one * four * eight, table.Beta(Duration.FromMilliseconds(13)));
    }

    [Fact]
    public void Beta_OneStepAgainstTwoHalfSteps_Agrees()
    {
        var table = new DecayTable(PeriodGrid.Default, Tau);
        for (int i = 1; i < PeriodGrid.Default.Count; i++)
        {
            double half = table.Beta(PeriodGrid.Default[i - 1]), whole = table.Beta(PeriodGrid.Default[i]);
            // −dt/τ is rounded once per entry: |dt/τ| ≤ 20 half-ulps, twice, plus the products.
            Assert.Equal(whole, half * half, whole * 50 * Math.Pow(2, -53));
        }
    }

    [Fact]
    public void Beta_OffTheGrid_IsTheExponential() =>
        Assert.Equal(DeterministicMath.Exp(-1_500_001.0 / Tau.Nanoseconds), new DecayTable(PeriodGrid.Default, Tau).Beta(new Duration(1_500_001)));

    [Fact]
    public void Beta_Extremes_StayInRange()
    {
        var table = new DecayTable(PeriodGrid.Default, Tau);
        Assert.Equal(1, table.Beta(Duration.Zero));
        Assert.Equal(1, table.Beta(new Duration(-5)));
        Assert.Equal(0, table.Beta(Duration.FromSeconds(3600)));
        Assert.Equal(0, table.Beta(Duration.Unlimited));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecayTable(PeriodGrid.Default, Duration.Zero));
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var table = new DecayTable(PeriodGrid.Default, Tau);
        Allocations.AssertNone(() => _ = table[2] + table.BetaSingle(Duration.FromMilliseconds(13)) + table.Beta(new Duration(77)));
    }
}
