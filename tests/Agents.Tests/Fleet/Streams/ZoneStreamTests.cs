using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class ZoneStreamTests
{
    private static readonly ZoneStreamOptions Options = new() { Zones = new ZoneOptions { MaxLease = Duration.FromSeconds(4) } };

    [Fact]
    public void Zones_BadNetworkAndCoordinatorsThatChange_NeverOverfullAndAllServedWhenHealed() => Seeds.ForEach(300, seed => ZoneFleet.Run(seed, Options));

    [Fact]
    public void Zones_ExpiredLeaseCountsAsEmpty_IsCaught() => Assert.NotNull(Seeds.FirstFailing(300, seed => ZoneFleet.Run(seed, Options with { Zones = Options.Zones with { DistrustsExpiry = false } })));

    [Fact]
    public void Zones_NewCoordinatorGrantsAtOnce_IsCaught() => Assert.NotNull(Seeds.FirstFailing(300, seed => ZoneFleet.Run(seed, Options with { GrantsAtOnce = true })));

    // The coordinator was killed on its way into a zone, after its last beacon: it stands there, and nobody alive knows of its lease.
    [Fact]
    public void Zones_KilledCoordinatorWithALeaseNobodyKnowsOf_KeepsItsZone()
    {
        Assert.Null(ZoneFleet.Run(419, Options));
        Assert.NotNull(ZoneFleet.Run(419, Options with { Zones = Options.Zones with { PresumesLeases = false } }));
    }

    // Two that follow each other lost their leases inside, and the new coordinator did not hear their reports.
    [Fact]
    public void Zones_TwoWithoutLeasesInACorridor_GetOut() => Assert.Null(ZoneFleet.Run(2950, Options));

    [Fact]
    public void Zones_SameSeed_SameRun() => Assert.Equal(ZoneFleet.Trace(7, Options), ZoneFleet.Trace(7, Options));

    [Fact]
    public void Topics_LongestNames_FitTheLimits()
    {
        string longest = new('x', FleetTopics.MaxRobotName);
        var topics = new FleetTopics(new string('s', 24), longest);
        Assert.Equal(LinkTopic.MaxLevels, topics.Own("zone/grant." + longest).Text.Count(c => c == '/') + 1);
    }
}
