namespace EdgeAutonomy.Runtime.Tests;

public class DurationTests
{
    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(83_500, "83.5 us")]
    [InlineData(2_000_000, "2 ms")]
    [InlineData(1_500_000_000, "1.5 s")]
    [InlineData(-2_000_000, "-2 ms")]
    public void ToString_AnyLength_PicksTheUnitThatFits(long nanoseconds, string text) => Assert.Equal(text, new Duration(nanoseconds).ToString());

    [Fact]
    public void From_Units_RoundToNanoseconds()
    {
        Assert.Equal(new Duration(1_661_200), Duration.FromMilliseconds(1.6612));
        Assert.Equal(new Duration(150_000), Duration.FromMicroseconds(150));
        Assert.Equal(new Duration(2_500_000_000), Duration.FromSeconds(2.5));
        Assert.Equal((2.5, 2500.0, 2_500_000.0), (new Duration(2_500_000_000).Seconds, new Duration(2_500_000_000).Milliseconds, new Duration(2_500_000_000).Microseconds));
    }

    [Fact]
    public void Operators_Durations_BehaveLikeIntegers()
    {
        Duration a = new(7), b = new(3);
        Assert.Equal((10, 4, 21, 2), ((a + b).Nanoseconds, (a - b).Nanoseconds, (a * 3).Nanoseconds, (a / 3).Nanoseconds));
        Assert.Equal((b, a), (Duration.Min(a, b), Duration.Max(a, b)));
        Assert.True(b < a && b <= a && a > b && a >= b);
        Assert.True(Duration.Unlimited > Duration.FromSeconds(1e9) && Duration.Unlimited + Duration.Unlimited > Duration.Zero);
    }
}
