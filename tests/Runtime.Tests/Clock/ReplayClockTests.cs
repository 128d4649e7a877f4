namespace EdgeAutonomy.Runtime.Tests;

public class ReplayClockTests
{
    private static readonly Stamp[] Recorded = [new(100), new(300), new(350)];

    [Fact]
    public void WaitUntil_AnyDeadline_RelivesTheRecordedInstants()
    {
        var clock = new ReplayClock(Recorded);
        Assert.Equal(new Stamp(100), clock.Now);
        foreach (var instant in Recorded)
        {
            Assert.False(clock.IsExhausted);
            Assert.Equal(new WaitResult(instant, false), clock.WaitUntil(new Stamp(12345)));
            Assert.Equal(instant, clock.Now);
        }
        Assert.True(clock.IsExhausted);
        Assert.Equal(new Stamp(400), clock.WaitUntil(new Stamp(400)).Woke);
        Assert.Equal(new Stamp(400), clock.WaitUntil(new Stamp(10)).Woke);
    }

    [Fact]
    public void Constructor_TimeGoesBack_NamesTheInstant()
    {
        var e = Assert.Throws<ArgumentException>(() => new ReplayClock([new Stamp(5), new Stamp(9), new Stamp(8)]));
        Assert.Contains("instant 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_TimeScaleNotPositive_Throws(double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayClock(Recorded, scale, new SimClock()));

    [Fact]
    public void WaitUntil_TimeScaleTwo_WaitsHalfAsLongAndStaysOnRecordedTime()
    {
        var wall = new SimClock(new Stamp(1_000_000));
        var clock = new ReplayClock(Recorded, 2, wall);
        var walls = new List<long>();
        foreach (var instant in Recorded)
        {
            Assert.Equal(instant, clock.WaitUntil(instant).Woke);
            walls.Add(wall.Now.Nanoseconds);
        }
        Assert.Equal([1_000_000, 1_000_100, 1_000_125], walls);
    }

    [Fact]
    public void Interrupt_WhilePaced_LeavesTheInstantForTheNextWait()
    {
        var system = new ScriptedSleeper();
        var clock = new ReplayClock(Recorded, 1, new RealClock(system, Duration.Zero));
        clock.WaitUntil(Stamp.Zero);
        clock.Interrupt();
        Assert.Equal(new WaitResult(new Stamp(100), true), clock.WaitUntil(Stamp.Zero));
        Assert.Equal(new WaitResult(new Stamp(300), false), clock.WaitUntil(Stamp.Zero));
    }
}
