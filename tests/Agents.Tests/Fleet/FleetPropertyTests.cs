namespace EdgeAutonomy.Agents.Tests;

/// <summary>A whole fleet on a bad network: docs/fleet.md, guarantees 1 to 7. A failing seed prints its faults.</summary>
public sealed class FleetPropertyTests
{
    [Fact]
    public void Fleet_NothingGoesWrong_DoesEveryTaskOnce() => Assert.Null(FleetWorld.Run(1, faults: 0));

    [Fact]
    public void Fleet_EverythingGoesWrong_NoTaskIsLostNoneDoneTwiceOneCoordinates() => Seeds.ForEach(300, seed => FleetWorld.Run(seed));

    [Fact]
    public void Fleet_SameSeed_SendsTheSameBytes() => Assert.Equal(FleetWorld.Trace(5), FleetWorld.Trace(5));

    [Theory]
    [InlineData((int)FleetMutation.WallTimeInLeases)]
    [InlineData((int)FleetMutation.LowestIdLeads)]
    public void Fleet_BrokenRule_IsCaught(int mutation) => Assert.NotNull(Seeds.FirstFailing(300, seed => FleetWorld.Run(seed, (FleetMutation)mutation)));
}
