namespace EdgeAutonomy.Learning.Tests;

public sealed class SplittingBatchTests
{
    [Theory]
    [InlineData(SplittingScheme.DriftKickDrift, OrbitWidth.Widest)]
    [InlineData(SplittingScheme.DriftKickDrift, OrbitWidth.One)]
    [InlineData(SplittingScheme.DriftKickDrift, OrbitWidth.Two)]
    [InlineData(SplittingScheme.DriftKickDrift, OrbitWidth.Four)]
    [InlineData(SplittingScheme.DriftKickDrift, OrbitWidth.Eight)]
    [InlineData(SplittingScheme.Fourth, OrbitWidth.Widest)]
    [InlineData(SplittingScheme.Fourth, OrbitWidth.One)]
    [InlineData(SplittingScheme.Fourth, OrbitWidth.Two)]
    [InlineData(SplittingScheme.Fourth, OrbitWidth.Four)]
    [InlineData(SplittingScheme.Fourth, OrbitWidth.Eight)]
    public void Advance_AnyWidth_GivesTheBitsOfTheSingleIntegrator(SplittingScheme scheme, OrbitWidth width)
    {
        var single = new SplittingIntegrator(scheme);
        var batch = new SplittingBatch(scheme, width: width);
        // 11 systems: no width divides it, so the last lanes are empty.
        ThreeBodyState[] together = [.. Enumerable.Range(0, 11).Select(i => ThreeBodySystem.FromSeed((uint)i))];
        ThreeBodyState[] alone = [.. together];
        var results = new IntegrationResult[together.Length];
        for (int check = 1; check <= 3; check++)
        {
            double end = check * ThreeBodySystem.CheckStep;
            batch.Advance(together, end, 0.02, results);
            for (int i = 0; i < alone.Length; i++)
            {
                Assert.Equal(single.Advance(ref alone[i], end, 0.02), results[i]);
                Assert.Equal(alone[i], together[i]);
            }
        }
    }

    [Fact]
    public void Advance_StatesOfDifferentTimes_AreRefusedAndStay()
    {
        ThreeBodyState[] states = [ThreeBodySystem.FromSeed(1), ThreeBodySystem.FromSeed(2)];
        states[1].Time = 0.5;
        ThreeBodyState[] before = [.. states];
        Assert.Throws<ArgumentException>(() => new SplittingBatch(SplittingScheme.Fourth).Advance(states, 1, 0.1, new IntegrationResult[2]));
        Assert.Throws<ArgumentException>(() => new SplittingBatch(SplittingScheme.Fourth).Advance(states, 1, 0.1, new IntegrationResult[3]));
        Assert.Equal(before, states);
    }

    [Fact]
    public void Advance_Warm_AllocatesNothing()
    {
        var batch = new SplittingBatch(SplittingScheme.Fourth);
        ThreeBodyState[] states = [.. Enumerable.Range(0, 9).Select(i => ThreeBodySystem.FromSeed((uint)i))];
        var results = new IntegrationResult[9];
        batch.Advance(states, 1, 0.1, results);
        long before = GC.GetAllocatedBytesForCurrentThread();
        batch.Advance(states, 2, 0.1, results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
