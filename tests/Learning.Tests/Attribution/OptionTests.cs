namespace EdgeAutonomy.Learning.Tests.Attribution;

public class OptionTests
{
    [Fact]
    public void SpaOptions_Bonus_NeedsToBeAllowed()
    {
        var error = Assert.Throws<ArgumentException>(() => new SpaAttributor(Episodes.Shape, new SpaOptions { Beta = 0.5 }, 1));
        Assert.Contains("AllowUnsafeGroundingBonus", error.Message, StringComparison.Ordinal);
        _ = new SpaAttributor(Episodes.Shape, SpaOptions.Paper, 1);
    }

    [Fact]
    public void SpaOptions_NegativeBonusOrBadNumbers_AreRefused()
    {
        foreach (var options in (SpaOptions[])[new() { Beta = -0.1 }, new() { Alpha = double.NaN }, new() { LeastSquares = true }, new() { LearningRate = 0 }, new() { Hidden = [0] }, new() { Ridge = 0 }, new() { ClipNorm = 0 }])
        {
            Assert.Throws<ArgumentException>(options.Check);
        }
    }

    [Fact]
    public void Attribute_PaperBonus_PaysGroundedSteps()
    {
        var t = Episodes.Random(20, 3);
        var x = new float[20];
        new SpaAttributor(Episodes.Shape, SpaOptions.Paper, 1).Attribute(t, x);
        for (int i = 0; i < 20; i++) Assert.Equal(t.Grounded[i] ? 0.5f : 0, x[i]);
    }

    [Fact]
    public void GroundingPenalty_AboveABound_NamesBoth()
    {
        // The pilot's numbers (notes D.2): p 0.09, u 0.5, H 40 → 0.00225 by the policy, 0.00375 by the limit.
        var at = new GroundingPenalty { Beta = 0.00225, Limit = 40, Success = 0.09, Ungrounded = 0.5 };
        at.Check();
        Assert.Equal(0.00375, at.BoundByLimit, 1e-12);
        var error = Assert.Throws<ArgumentException>(() => new PenalisedAttributor(new TerminalAttributor(), at with { Beta = 0.004 }));
        Assert.Contains("0.00225", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.00375", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>((at with { Beta = 0.0037, Success = 0.09 }).Check);
        Assert.Throws<ArgumentException>((at with { Beta = 0.004, Success = 1 }).Check);
        Assert.Throws<ArgumentException>((at with { Beta = -0.001 }).Check);
        Assert.Throws<ArgumentException>((at with { Beta = 0.0001, Success = 0 }).Check);
        (at with { Beta = 0.003, Ungrounded = 0 }).Check();
    }

    [Fact]
    public void Attribute_Penalised_TakesItOffUngroundedSteps()
    {
        var t = Episodes.Random(20, 3);
        float[] x = new float[20], y = new float[20];
        new TerminalAttributor().Attribute(t, y);
        new PenalisedAttributor(new TerminalAttributor(), new GroundingPenalty { Beta = 0.001, Limit = 60, Success = 0.5, Ungrounded = 0.3 }).Attribute(t, x);
        for (int i = 0; i < 20; i++) Assert.Equal(t.Grounded[i] ? y[i] : y[i] - 0.001f, x[i]);
    }

    [Fact]
    public void RrdAndRudderOptions_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentException>(new RrdOptions { Draws = 1, Unbiased = true }.Check);
        Assert.Throws<ArgumentException>(new RrdOptions { Draws = 0 }.Check);
        Assert.Throws<ArgumentException>(new RudderOptions { Cells = 0 }.Check);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PotentialAttributor(new SpaAttributor(Episodes.Shape, new SpaOptions(), 1), 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PotentialAttributor(new SpaAttributor(Episodes.Shape, new SpaOptions(), 1), 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpaAttributor(Episodes.Shape, new SpaOptions { Input = AttributorInput.Encoding }, 1));
    }
}
