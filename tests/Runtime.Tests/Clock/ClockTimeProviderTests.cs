namespace EdgeAutonomy.Runtime.Tests;

public class ClockTimeProviderTests
{
    private static readonly DateTimeOffset Origin = new(2025, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));

    [Fact]
    public void GetUtcNow_SimClock_FollowsTheClock()
    {
        var clock = new SimClock();
        var provider = new ClockTimeProvider(clock, Origin);
        long start = provider.GetTimestamp();
        clock.AdvanceTo(Stamp.FromSeconds(1.5));
        Assert.Equal(Origin.AddSeconds(1.5), provider.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, provider.GetUtcNow().Offset);
        Assert.Equal(TimeSpan.FromSeconds(1.5), provider.GetElapsedTime(start));
    }

    [Fact]
    public void FireDueTimers_SimClock_FiresInOrderOfDueTimesAndOnlyWhenDue()
    {
        var clock = new SimClock();
        var provider = new ClockTimeProvider(clock, Origin);
        var log = new List<string>();
        using var periodic = provider.CreateTimer(s => log.Add((string)s!), "tick", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
        using var once = provider.CreateTimer(s => log.Add((string)s!), "once", TimeSpan.FromMilliseconds(15), Timeout.InfiniteTimeSpan);
        var disposed = provider.CreateTimer(_ => log.Add("never"), null, TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        Assert.Equal(0, provider.FireDueTimers());
        clock.AdvanceTo(Stamp.FromSeconds(0.030));
        Assert.Equal(4, provider.FireDueTimers());
        Assert.Equal(["tick", "once", "tick", "tick"], log);
        Assert.True(once.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        Assert.Equal(1, provider.FireDueTimers());
        Assert.Equal(0, provider.FireDueTimers());
    }

    [Fact]
    public void FireDueTimers_CallbackChangesItsOwnTimer_DoesNotDeadlockOrLoop()
    {
        var clock = new SimClock();
        var provider = new ClockTimeProvider(clock, Origin);
        int calls = 0;
        ITimer? timer = null;
        timer = provider.CreateTimer(_ =>
        {
            calls++;
            timer!.Change(TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }, null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Assert.Equal(1, provider.FireDueTimers());
        clock.AdvanceTo(Stamp.FromSeconds(0.001));
        Assert.Equal(1, provider.FireDueTimers());
        Assert.Equal(2, calls);
        timer.Dispose();
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void ForRealTime_Calendar_AgreesWithTheSystem()
    {
        var provider = ClockTimeProvider.ForRealTime(new RealClock());
        Assert.Equal(0, provider.FireDueTimers());
        // Generous: only a wrong origin or unit (hours, years) shall fail, not a busy machine.
        Assert.InRange((provider.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalMinutes, -10, 10);
    }
}
