namespace EdgeAutonomy.Agents.Tests;

public sealed class ElectionPropertyTests
{
    [Fact]
    public void Election_BadNetworkRestartsAndLostDisks_AtMostOneActsAndOneActsWhenHealed() => Seeds.ForEach(3000, seed => ElectionWorld.Run(seed));

    [Theory]
    [InlineData((int)FleetMutation.LowestIdLeads)]
    public void Election_BrokenRule_IsCaught(int mutation) => Assert.NotNull(Seeds.FirstFailing(200, seed => ElectionWorld.Run(seed, (FleetMutation)mutation)));
}
