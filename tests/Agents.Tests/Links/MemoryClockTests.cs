using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Clocks that are wrong in a way that is known exactly.</summary>
public class MemoryClockTests
{
    [Theory]
    [InlineData(0, 10_000_000_000)]
    [InlineData(1_000_000, 10_010_000_000)]
    [InlineData(-1_000_000, 9_990_000_000)]
    [InlineData(1, 10_000_000_010)]
    public void Now_Drift_IsExact(int ppb, long after10Seconds)
    {
        var hub = new MemoryHub(1);
        var clock = hub.CreateClock(Duration.FromSeconds(100), ppb);
        Assert.Equal(Stamp.FromSeconds(100), clock.Now);
        hub.RunUntil(Stamp.FromSeconds(10));
        Assert.Equal(100_000_000_000 + after10Seconds, clock.Now.Nanoseconds);
        Assert.Equal(clock.Now.Nanoseconds, clock.GetTimestamp());
    }

    [Fact]
    public void HubTime_RandomReadings_IsTheFirstInstantThatReadsSo()
    {
        var random = new RandomStream(3);
        for (int i = 0; i < 300; i++)
        {
            var hub = new MemoryHub(1);
            var clock = hub.CreateClock(new Duration(random.NextInt32(1000)), random.NextInt32(2_000_001) - 1_000_000);
            var reading = clock.Now + new Duration((long)(random.NextDouble() * 1e13));
            var at = clock.HubTime(reading);
            if (at > hub.Now) hub.RunUntil(at - new Duration(1));
            Assert.True(at == hub.Now || clock.Now < reading);
            hub.RunUntil(at);
            Assert.True(clock.Now >= reading);
        }
    }

    [Fact]
    public void ClockJump_Wall_MovesTheCalendarOnly()
    {
        var site = new Site();
        var clock = site.Hub.CreateClock(wallError: Duration.FromSeconds(5));
        _ = site.Hub.CreateLink(Site.Options("a"), clock);
        var other = site.Hub.CreateClock();
        Assert.Equal(TimeSpan.FromSeconds(5), clock.GetUtcNow() - other.GetUtcNow());
        site.Hub.Apply(new FaultPlan([Fault.ClockJump("a", Duration.FromSeconds(-3600), site.In(1))]));
        site.Run(2);
        Assert.Equal(TimeSpan.FromSeconds(5 - 3600), clock.GetUtcNow() - other.GetUtcNow());
        Assert.Equal(other.Now, clock.Now);
    }

    [Fact]
    public void ClockJump_Suspension_MovesBothAndTimersFire()
    {
        var site = new Site();
        var link = site.Hub.CreateLink(Site.Options("a"));
        var fired = new List<double>();
        link.Clock.CreateTimer(_ => fired.Add(site.Hub.Now.Seconds), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        site.Hub.Apply(new FaultPlan([Fault.ClockJump("a", Duration.FromSeconds(15), site.In(4), monotonic: true)]));
        site.Run(20);
        // Due at reading 10, which the jump at 4 skips; then at reading 30, when the hub has 15.
        Assert.Equal([4.0, 15.0], fired);
        Assert.Equal(Stamp.FromSeconds(35), link.Clock.Now);
    }

    [Fact]
    public void CreateTimer_FastClock_FiresEarlyInHubTime()
    {
        var hub = new MemoryHub(1);
        var clock = hub.CreateClock(driftPpb: 1_000_000);
        var fired = new List<Stamp>();
        using (clock.CreateTimer(_ => fired.Add(hub.Now), null, TimeSpan.FromMilliseconds(1001), TimeSpan.FromMilliseconds(1001)))
        {
            hub.RunUntil(Stamp.FromSeconds(2.5));
        }
        hub.RunUntil(Stamp.FromSeconds(10));
        Assert.Equal([1_000_000_000L, 2_000_000_000L], fired.Select(f => f.Nanoseconds));
    }

    [Fact]
    public void Arrived_Message_IsStampedByTheReceiversClock()
    {
        var site = new Site();
        var a = site.Join("a");
        var clock = site.Hub.CreateClock(Duration.FromSeconds(77));
        var b = site.Hub.CreateLink(Site.Options("b"), clock);
        b.Subscribe(LinkFilter.Parse("t"), new SubscribeOptions(InboxQueue.Commands, 1));
        _ = b.StartAsync();
        site.Run(1);
        Site.Post(a, "t", "x");
        var due = clock.Now + new Duration(400_000);
        site.Run(1);
        var message = new LinkMessage();
        Assert.True(b.Inbox.TryTake(message));
        Assert.Equal(due.Nanoseconds, message.Arrived);
    }
}
