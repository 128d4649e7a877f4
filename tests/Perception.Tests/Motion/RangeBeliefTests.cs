namespace EdgeAutonomy.Perception.Tests;

public class RangeBeliefTests
{
    [Fact]
    public void Read_NothingKnown_HasNoConfidence()
    {
        var belief = new RangeBelief(64);
        Assert.Equal(0, belief.Read(5, out float inverse), 1e-6);
        Assert.InRange(inverse, belief.Inverse[0], belief.Inverse[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(23)]
    public void Read_EvidenceForOneRange_GivesIt(int rung)
    {
        var belief = new RangeBelief(64);
        belief.Of(9)[rung] = 12;
        Assert.InRange(belief.Read(9, out float inverse), 0.99f, 1f);
        Assert.InRange(inverse, belief.Inverse[rung] * 0.99f, belief.Inverse[rung] * 1.01f);
        Assert.Equal(0, belief.Read(10, out _), 1e-6);
    }

    // Driving half a metre at something two metres off leaves one and a half: the ladder's rungs are 19 % apart, and the upwind step smears less than one.
    [Fact]
    public void Advance_DrivingTowards_BringsItNearerAndAwayFarther()
    {
        foreach (float way in (float[])[0.5f, -0.5f])
        {
            var belief = new RangeBelief(64);
            int ahead = belief.At(0), rung = Array.FindIndex(belief.Inverse, i => i >= 0.5f);
            for (int k = 0; k < RangeBelief.Rungs; k++) belief.Of(ahead)[k] = -2f * (k - rung) * (k - rung);
            double start = 1 / belief.Inverse[rung];
            for (int i = 0; i < 50; i++) belief.Advance(1, way / 50, 0);
            belief.Read(ahead, out float inverse);
            Assert.InRange(1 / inverse, (start - way) * 0.87, (start - way) * 1.13);
        }
    }

    [Fact]
    public void Advance_DrivingAside_LeavesWhatIsAbeam()
    {
        var belief = new RangeBelief(64);
        int left = belief.At(Math.PI / 2);
        belief.Of(left)[10] = 5;
        belief.Read(left, out float before);
        for (int i = 0; i < 50; i++) belief.Advance(1, 0.01f, 0);
        belief.Read(left, out float after);
        Assert.InRange(after, before * 0.99f, before * 1.01f);
    }

    [Fact]
    public void Advance_WithoutEvidence_FadesToNothing()
    {
        var belief = new RangeBelief(16);
        belief.Of(3)[20] = 8;
        float before = belief.Read(3, out _);
        for (int i = 0; i < 100; i++) belief.Advance(0.95f, 0, 0);
        Assert.True(belief.Read(3, out _) < 0.1f * before);
    }

    [Fact]
    public void At_AnyAngle_IsTheNearestDirection()
    {
        var belief = new RangeBelief(64);
        for (int i = -500; i < 500; i++)
        {
            double angle = 0.0371 * i;
            int d = belief.At(angle);
            Assert.InRange(d, 0, 63);
            Assert.True(Math.Abs(Math.IEEERemainder(angle - d * belief.Step, 2 * Math.PI)) <= 0.5 * belief.Step + 1e-9);
        }
    }

    [Fact]
    public void PolarTable_AllAround_IsWithinItsError()
    {
        for (int i = 0; i < 20_000; i++)
        {
            double angle = i * (2 * Math.PI / 20_000), length = Math.Exp((i % 400 - 200) * 0.05);
            float x = (float)(length * Math.Cos(angle)), y = (float)(length * Math.Sin(angle));
            float turns = PolarTable.Turns(x, y);
            Assert.InRange(turns, 0f, 0.99999994f);
            Assert.True(Math.Abs(Math.IEEERemainder(turns - angle / (2 * Math.PI), 1)) < 1e-4, $"{angle}: {turns}");
            Assert.True(Math.Abs(PolarTable.Log((float)length) - Math.Log((float)length)) < 1e-4, $"{length}");
        }
        Assert.Equal(0f, PolarTable.Log(1f));
    }
}
