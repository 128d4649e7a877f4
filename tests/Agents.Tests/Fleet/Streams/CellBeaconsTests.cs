using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class CellBeaconsTests
{
    [Fact]
    public void Cells_RobotsNearForTwoPeriods_KnowEachOther() => Seeds.ForEach(12, seed =>
    {
        var fleet = new CellFleet(seed, 20, 90, new InterestOptions { Radius = CellFleet.Radius });
        if (fleet.Run(90) is { } fault) return fault;
        if (fleet.Gaps > 0) return $"{fleet.Gaps} gaps on a network that loses nothing";
        return fleet.Checked > 10_000 && fleet.Moves > 50 ? null : $"only {fleet.Checked} pairs checked and {fleet.Moves} changes of cell";
    });

    [Fact]
    public void Cells_SmallerThanTheRadius_IsCaught()
        => Assert.NotNull(Seeds.FirstFailing(12, seed => new CellFleet(seed, 16, 90, new InterestOptions { Radius = CellFleet.Radius / 3 }).Run(60)));

    [Fact]
    public void Cells_FarRobots_AreNotHeard()
    {
        var fleet = new CellFleet(3, 24, 400, new InterestOptions { Radius = CellFleet.Radius });
        Assert.Null(fleet.Run(30));
        // 24 that all hear each other would have 23 members with beacons each.
        int heard = Enumerable.Range(0, 24).Sum(i => fleet[i].Members.Members.Count(m => m.BeaconAt != Stamp.Never));
        Assert.InRange(heard, 1, 24 * 23 / 4);
    }

    [Fact]
    public void Topics_OfCells_AreReadWithTheSenderFromTheTopic()
    {
        var topics = new FleetTopics("s", "me");
        Assert.True(topics.TryRead("ea/v1/s/cell/0_m12/3/r7"u8, out var address));
        Assert.Equal("r7"u8, address.Robot);
        Assert.Equal("cell"u8, address.Stream);
        foreach (string bad in (string[])["ea/v1/s/cell/0_1/3", "ea/v1/s/cell/0_1/3/", "ea/v1/s/cell/0_1/3/r7/more", "ea/v1/s/cell//3/r7", "ea/v1/t/cell/0_1/3/r7"])
            Assert.False(topics.TryRead(System.Text.Encoding.UTF8.GetBytes(bad), out _), bad);
    }
}
