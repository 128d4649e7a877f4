namespace EdgeAutonomy.Runtime.Tests;

public class StampTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(-1, -1)]
    [InlineData(-1000, -1)]
    [InlineData(-1001, -2)]
    public void Microseconds_AnySign_RoundsTowardsThePast(long nanoseconds, long microseconds) =>
        Assert.Equal(microseconds, new Stamp(nanoseconds).Microseconds);

    [Fact]
    public void Operators_StampsAndDurations_AreExactIntegers()
    {
        var start = new Stamp(1_000_000_007);
        var period = Duration.FromMilliseconds(1);
        var stamp = start;
        for (int i = 0; i < 1_000_000; i++) stamp += period;
        Assert.Equal(start + period * 1_000_000, stamp); // no drift after 1000 s
        Assert.Equal(Duration.FromSeconds(1000), stamp - start);
        Assert.Equal(start, stamp - period * 1_000_000);
    }

    [Fact]
    public void Comparisons_AgreeWithEachOther()
    {
        Stamp early = new(1), late = new(2);
        Assert.True(early < late && early <= late && late > early && late >= early && early <= new Stamp(1) && early >= new Stamp(1));
        Assert.False(early > late || late < early || early < new Stamp(1));
        Assert.Equal(-1, Math.Sign(early.CompareTo(late)));
        Assert.Equal(late, Stamp.Max(early, late));
        Assert.True(Stamp.Never < new Stamp(long.MinValue / 4));
    }

    [Fact]
    public void Never_MinusAnyAge_DoesNotOverflow() => Assert.True(new Stamp(long.MaxValue / 4) - Stamp.Never > Duration.FromSeconds(3600));

    [Fact]
    public void ToString_Stamp_IsSecondsWithInvariantPoint()
    {
        Assert.Equal("12.004500 s", new Stamp(12_004_500_000).ToString());
        Assert.Equal(Stamp.FromMicroseconds(12_004_500), Stamp.FromSeconds(12.0045));
    }
}
