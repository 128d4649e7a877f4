namespace EdgeAutonomy.Runtime.Tests;

public class PeriodGridTests
{
    [Fact]
    public void Default_Periods_DoubleFromOneToThirtyTwoMilliseconds() => Assert.Equal(
        [1, 2, 4, 8, 16, 32], Enumerable.Range(0, PeriodGrid.Default.Count).Select(i => PeriodGrid.Default[i].Milliseconds));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(1.0, 0)]
    [InlineData(1.999999, 0)]
    [InlineData(2.0, 1)]
    [InlineData(31.9, 4)]
    [InlineData(32, 5)]
    [InlineData(1e6, 5)]
    public void IndexAtMost_AnyLimit_NeverExceedsItUnlessTheShortestDoes(double milliseconds, byte index) =>
        Assert.Equal(index, PeriodGrid.Default.IndexAtMost(Duration.FromMilliseconds(milliseconds)));

    [Fact]
    public void IndexAtMost_Unlimited_IsTheLongest() => Assert.Equal(PeriodGrid.Default.Longest, PeriodGrid.Default[PeriodGrid.Default.IndexAtMost(Duration.Unlimited)]);

    [Theory]
    [InlineData(0, 6)]
    [InlineData(-1, 6)]
    [InlineData(1000, 0)]
    [InlineData(1000, 17)]
    public void Constructor_OutOfRange_Throws(long nanoseconds, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeriodGrid(new Duration(nanoseconds), count));
}
