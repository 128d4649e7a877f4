namespace EdgeAutonomy.Policies.Tests;

/// <summary>The policy against a small kinematic world; the figures that count come from the project's simulator.</summary>
public class ClosedLoopTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(32)]
    public void Ranges_RoomWithWallAndPillars_NoCollisionAndManyGoals(int periodMs)
    {
        int goals = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var arena = Arena.Random(seed, pillars: 5, movers: 0);
            arena.RangeNoise = 0.01f;
            arena.ScanPeriodSecond = 0.05f;
            new Drive(arena, new GoToGoalPolicy()).For(60, periodMs);
            Assert.False(arena.Collided, $"seed {seed}: {arena.CollisionWith}");
            Assert.True(arena.GoalsReached >= 3, $"seed {seed}: {arena.GoalsReached} goals");
            goals += arena.GoalsReached;
        }
        Assert.True(goals >= 30, $"{goals} goals in 6 minutes");
    }

    [Fact]
    public void EventsAlone_RoomWithWallAndPillars_NoCollisionAndGoals()
    {
        int goals = 0;
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var arena = Arena.Random(seed, pillars: 4, movers: 0, beams: 0);
            arena.ContactNoise = 0.15f;
            new Drive(arena, new GoToGoalPolicy()).For(60);
            Assert.False(arena.Collided, $"seed {seed}: {arena.CollisionWith}");
            goals += arena.GoalsReached;
        }
        Assert.True(goals >= 12, $"{goals} goals in 6 minutes");
    }

    [Fact]
    public void Ranges_ThingsThatNeverGiveWay_MostRunsWithoutCollision()
    {
        // These discs drive on whatever stands in their way, so a robot in a corner may be caught without fault: a share is asked for, not all.
        int clean = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var arena = Arena.Random(seed, pillars: 3, movers: 3);
            arena.RangeNoise = 0.01f;
            arena.ScanPeriodSecond = 0.05f;
            new Drive(arena, new GoToGoalPolicy()).For(40);
            if (!arena.Collided) clean++;
        }
        Assert.True(clean >= 7, $"{clean} of 10 runs without collision");
    }

    [Fact]
    public void NoSensors_Creeps_NeverDrivesFast()
    {
        var arena = Arena.Random(2, pillars: 0, movers: 0, beams: 0);
        for (int s = 0; s < 16; s++) arena.Percept.Sectors[s].Confidence = 0;
        double fastest = 0;
        var blind = new Arena(2, beams: 0, hasSectors: false);
        blind.AddRoom(10, 8);
        (blind.X, blind.Y, blind.Goal) = (2, 4, arena.Goal);
        new Drive(blind, new GoToGoalPolicy()) { AfterDecision = d => fastest = Math.Max(fastest, Math.Abs(d.Decision.Action.Linear)) }.For(5);
        Assert.InRange(fastest, 0.01, new GoToGoalOptions().EventsOnlySpeedMetrePerSecond + 1e-6);
    }
}
