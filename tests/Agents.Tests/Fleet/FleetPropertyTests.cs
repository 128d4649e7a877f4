namespace EdgeAutonomy.Agents.Tests;

/// <summary>A whole fleet on a bad network: docs/fleet.md, guarantees 1 to 7. A failing seed prints its faults.</summary>
public sealed class FleetPropertyTests
{
    [Fact]
    public void Fleet_NothingGoesWrong_DoesEveryTaskOnce() => Assert.Null(FleetWorld.Run(1, faults: 0));

    [Fact]
    public void Fleet_EverythingGoesWrong_NoTaskIsLostNoneDoneTwiceOneCoordinates() => Seeds.ForEach(500, seed => FleetWorld.Run(seed));

    [Fact]
    public void Fleet_SameSeed_SendsTheSameBytes() => Assert.Equal(FleetWorld.Trace(5), FleetWorld.Trace(5));

    [Fact]
    public void Fleet_CutOffRobotWithItsWallClockPutBack_HoldsNoLongerThanItsLease()
    {
        Seeds.ForEach(30, seed => FleetWorld.Run(seed, wrongClock: true));
        // Negative control: leases by the wall clock last on, beside those of others.
        Assert.NotNull(Seeds.FirstFailing(100, seed => FleetWorld.Run(seed, FleetMutation.WallTimeInLeases, wrongClock: true)));
    }

    [Fact]
    public void Fleet_LowestNameLeads_IsCaught() => Assert.NotNull(Seeds.FirstFailing(100, seed => FleetWorld.Run(seed, FleetMutation.LowestIdLeads)));
}
