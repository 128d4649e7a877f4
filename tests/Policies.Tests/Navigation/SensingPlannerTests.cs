using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies.Tests;

public class SensingPlannerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Plan_AnyDecisions_EverySectorIsRequestedInTime(ulong seed)
    {
        var options = new GoToGoalOptions();
        var planner = new SensingPlanner(options);
        var random = new RandomStream(seed);
        var unasked = new double[SectorMask.Count];
        RequestReason[] reasons = [RequestReason.Clear, RequestReason.Clear, RequestReason.Clear, RequestReason.Danger, RequestReason.Uncertain];
        for (ulong cycle = 0; cycle < 20000; cycle++)
        {
            double dt = (1 << random.NextInt32(6)) * 1e-3;
            planner.Advance((float)dt);
            // Reports of what was seen must not keep a sector from being asked for: others may have asked.
            if (random.NextInt32(3) == 0) planner.NoteSeen(random.NextDouble(-7, 7));
            var request = planner.Plan(reasons[random.NextInt32(reasons.Length)], random.NextSingle(), random.NextDouble(-4, 4), random.NextDouble(-4, 4), cycle);
            for (int s = 0; s < SectorMask.Count; s++)
            {
                unasked[s] = request.Sectors.Contains(s) ? 0 : unasked[s] + dt;
                Assert.True(unasked[s] <= options.MaxUnseenSecond, $"sector {s} was not asked for during {unasked[s]:F3} s, cycle {cycle}");
            }
            Assert.Equal(cycle + (ulong)options.RequestLifeCycles, request.ExpiresCycle);
            Assert.InRange(request.EventThreshold, 0.7f, 1f);
        }
    }

    [Fact]
    public void Plan_SectorAskedForButNeverSeen_IsAskedForUntilItIs()
    {
        var planner = new SensingPlanner(new GoToGoalOptions());
        SectorMask mask = default;
        for (ulong cycle = 0; cycle < 200; cycle++)
        {
            planner.Advance(0.008f);
            for (int degree = 5; degree < 360; degree += 10)
            {
                if (degree != 185) planner.NoteSeen(degree * Math.PI / 180);
            }
            mask = planner.Plan(RequestReason.Clear, 0, 0, 0, cycle).Sectors;
            if (cycle > 60) Assert.True(mask.Contains(185));
        }
        planner.NoteSeen(185 * Math.PI / 180);
        Assert.False(planner.Plan(RequestReason.Clear, 0, 0, 0, 200).Sectors.Contains(185));
    }

    [Fact]
    public void Plan_Clear_AsksForLessThanDanger()
    {
        var planner = new SensingPlanner(new GoToGoalOptions());
        planner.Plan(RequestReason.Uncertain, 0, 0, 0, 0);
        for (int degree = 0; degree < 360; degree++) planner.NoteSeen((degree + 0.5) * Math.PI / 180);
        int clear = planner.Plan(RequestReason.Clear, 0, 0, 0, 1).Sectors.Population, danger = planner.Plan(RequestReason.Danger, 1, 0, 0, 2).Sectors.Population;
        Assert.Equal(110, clear);
        Assert.Equal(250, danger);
        Assert.Equal(SectorMask.All, planner.Plan(RequestReason.Recover, 0, 0, 0, 3).Sectors);
    }

    [Fact]
    public void Watch_Bearing_IsInTheNextRequestOnly()
    {
        var planner = new SensingPlanner(new GoToGoalOptions());
        planner.Plan(RequestReason.Uncertain, 0, 0, 0, 0);
        for (int degree = 0; degree < 360; degree++) planner.NoteSeen((degree + 0.5) * Math.PI / 180);
        planner.Watch(Math.PI, 10);
        Assert.True(planner.Plan(RequestReason.Clear, 0, 0, 0, 1).Sectors.Contains(180));
        Assert.False(planner.Plan(RequestReason.Clear, 0, 0, 0, 2).Sectors.Contains(180));
    }
}
