using System.Buffers;

namespace EdgeAutonomy.Runtime.Tests.Sensing;

public class SensingArbiterTests
{
    private static readonly Duration Period = Duration.FromMilliseconds(4);

    [Fact]
    public void Current_AtStart_IsAFullSweep() => Assert.Equal(SectorMask.All, new SensingArbiter(Duration.FromMilliseconds(500)).Current(0, Stamp.Zero, Period).Sectors);

    [Fact]
    public void Current_StrongestOriginDecides()
    {
        var arbiter = Started();
        arbiter.Submit(Request(RequestOrigin.Agent, 0.3f), 1);
        arbiter.Submit(Request(RequestOrigin.Policy, 0.5f), 1);
        arbiter.Submit(Request(RequestOrigin.Monitor, 0.9f), 1);
        arbiter.Submit(Request(RequestOrigin.Operator, 0.7f), 1);
        Assert.Equal(0.9f, arbiter.Current(2, At(2), Period).EventThreshold);
    }

    [Fact]
    public void Submit_EqualOriginsInOneCycle_AreJoined()
    {
        var arbiter = Started();
        var a = Request(RequestOrigin.Policy, 0.8f) with { RateHz = 10, Sectors = default };
        a.Sectors.Add(5);
        var b = Request(RequestOrigin.Policy, 0.6f) with { RateHz = 20, Sectors = default };
        b.Sectors.Add(-7);
        arbiter.Submit(a, 1);
        arbiter.Submit(b, 1);
        var c = arbiter.Current(2, At(2), Period);
        Assert.Equal((0.6f, 20f), (c.EventThreshold, c.RateHz));
        Assert.True(c.Sectors.Contains(5) && c.Sectors.Contains(353));
        Assert.Equal(2, c.Sectors.Population);
    }

    [Fact]
    public void Submit_InactiveOrForgedOrigin_IsIgnored()
    {
        var arbiter = Started();
        arbiter.Submit(SensingRequest.None, 1);
        arbiter.Submit(Request((RequestOrigin)200, 0.1f), 1);
        Assert.Equal(0f, arbiter.Current(2, At(2), Period).EventThreshold);
    }

    /// <summary>Whatever a policy asks for, no sector stays unsensed longer than the limit.</summary>
    [Fact]
    public void Current_AnyRequests_NoSectorUnseenForLongerThanTheLimit()
    {
        var limit = Duration.FromMilliseconds(100);
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var dice = new RandomStream(seed);
            var arbiter = new SensingArbiter(limit);
            var seen = new long[SectorMask.Count];
            for (ulong cycle = 0; cycle < 500; cycle++)
            {
                var now = At(cycle);
                var current = arbiter.Current(cycle, now, Period);
                arbiter.Applied(new SensorApplied { Sectors = current.Sectors, Region = current.Region }, now);
                for (int k = 0; k < SectorMask.Count; k++)
                {
                    Assert.True(cycle == 0 || now.Nanoseconds - seen[k] <= limit.Nanoseconds, $"seed {seed}: sector {k} unseen at cycle {cycle}");
                    if (current.Sectors.Contains(k)) seen[k] = now.Nanoseconds;
                }
                var narrow = Request(RequestOrigin.Policy, 1) with { Sectors = default, ExpiresCycle = cycle + 3 };
                narrow.Sectors.AddRange(dice.NextInt32(360), 1 + dice.NextInt32(20));
                arbiter.Submit(narrow, cycle);
            }
        }
    }

    [Fact]
    public void Current_NarrowRequest_IsNarrowMostOfTheTime() // negative control: anti-blindness must not mean "always everything"
    {
        var arbiter = Started();
        int full = 0;
        for (ulong cycle = 1; cycle < 500; cycle++)
        {
            var narrow = Request(RequestOrigin.Policy, 1) with { Sectors = default, ExpiresCycle = cycle + 3 };
            narrow.Sectors.AddRange(0, 30);
            arbiter.Submit(narrow, cycle);
            var current = arbiter.Current(cycle + 1, At(cycle + 1), Period);
            arbiter.Applied(new SensorApplied { Sectors = current.Sectors }, At(cycle + 1));
            if (current.Sectors.Population > 30) full++;
        }
        Assert.InRange(full, 1, 20);
    }

    [Fact]
    public void Thaw_ContinuesTheSame()
    {
        var a = Started();
        var r = Request(RequestOrigin.Policy, 0.5f) with { Sectors = default, ExpiresCycle = 100 };
        r.Sectors.Add(3);
        a.Submit(r, 1);
        var bytes = new ArrayBufferWriter<byte>();
        a.Freeze(bytes);
        var b = new SensingArbiter(Duration.FromMilliseconds(500));
        b.Thaw(bytes.WrittenSpan);
        for (ulong cycle = 2; cycle < 300; cycle++)
        {
            SensingRequest x = a.Current(cycle, At(cycle), Period), y = b.Current(cycle, At(cycle), Period);
            Assert.Equal(x.Sectors, y.Sectors);
            a.Applied(new SensorApplied { Sectors = x.Sectors }, At(cycle));
            b.Applied(new SensorApplied { Sectors = y.Sectors }, At(cycle));
        }
    }

    private static SensingArbiter Started()
    {
        var arbiter = new SensingArbiter(Duration.FromMilliseconds(500));
        arbiter.Current(0, Stamp.Zero, Period);
        arbiter.Applied(new SensorApplied { Sectors = SectorMask.All }, Stamp.Zero);
        return arbiter;
    }

    private static SensingRequest Request(RequestOrigin origin, float threshold) =>
        new() { Origin = origin, EventThreshold = threshold, Sectors = SectorMask.All, ExpiresCycle = 10 };

    private static Stamp At(ulong cycle) => Stamp.Zero + Period * (long)cycle;
}
