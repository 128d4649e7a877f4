namespace EdgeAutonomy.Agents.Tests;

public sealed class LeasePropertyTests
{
    [Fact]
    public void Leases_BadNetworkRestartsAndLostDisks_NeverTwoHoldersAndVotersOutlastThem()
    {
        int granted = 0;
        Seeds.ForEach(6500, seed =>
        {
            string? fault = LeaseWorld.Run(seed, FleetMutation.None, out int grants);
            granted += grants;
            return fault;
        });
        // Safety alone would be kept by never granting anything.
        Assert.True(granted > 4 * Seeds.Count(6500), $"{granted} leases granted in {Seeds.Count(6500)} seeds.");
    }

    [Theory]
    [InlineData((int)FleetMutation.DeadlineFromLastVote)]
    [InlineData((int)FleetMutation.VoterForgetsToWait)]
    public void Leases_BrokenRule_AreCaught(int mutation)
        => Assert.NotNull(Seeds.FirstFailing(6000, seed => LeaseWorld.Run(seed, (FleetMutation)mutation, out _)));
}
