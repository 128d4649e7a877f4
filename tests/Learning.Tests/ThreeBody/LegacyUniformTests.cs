namespace EdgeAutonomy.Learning.Tests;

public sealed class LegacyUniformTests
{
    // numpy.random.seed(seed), then uniform(5, 20), uniform(0, 10), uniform(0, -10), uniform(5, 20).
    [Theory]
    [InlineData(0u, 13.232202558909872, 7.151893663724195, -6.027633760716439, 13.173247744953454)]
    [InlineData(1u, 11.25533007053861, 7.203244934421581, -0.0011437481734488664, 9.534988589477596)]
    [InlineData(2u, 11.539923532130057, 0.25926231827891333, -5.496624778787091, 11.529835889274153)]
    public void Next_SeedsOfTheExperiment_GiveTheBitsOfNumpy(uint seed, double x2, double y2, double x3, double y3)
    {
        var uniform = new LegacyUniform(seed);
        Assert.Equal(x2, uniform.Next(5, 20));
        Assert.Equal(y2, uniform.Next(0, 10));
        Assert.Equal(x3, uniform.Next(0, -10));
        Assert.Equal(y3, uniform.Next(5, 20));
    }

    // The 10 000th word of the default seed is a published check value of MT19937 (C++ standard, [rand.predef]).
    [Fact]
    public void NextWord_DefaultSeedOfTheStandard_GivesItsTenThousandthValue()
    {
        var uniform = new LegacyUniform(5489);
        for (int i = 1; i < 10_000; i++) uniform.NextWord();
        Assert.Equal(4123659995u, uniform.NextWord());
    }

    [Fact]
    public void Seed_Again_RepeatsTheSequence()
    {
        var uniform = new LegacyUniform(7);
        double[] first = [.. Enumerable.Range(0, 700).Select(_ => uniform.NextUnit())];
        uniform.Seed(7);
        Assert.Equal(first, Enumerable.Range(0, 700).Select(_ => uniform.NextUnit()));
        Assert.All(first, u => Assert.InRange(u, 0, 1 - double.Epsilon));
    }

    [Fact]
    public void Next_EndNotFinite_SaysWhichEnd()
    {
        var uniform = new LegacyUniform(0);
        Assert.Equal("low", Assert.Throws<ArgumentOutOfRangeException>(() => uniform.Next(double.NaN, 1)).ParamName);
        Assert.Equal("high", Assert.Throws<ArgumentOutOfRangeException>(() => uniform.Next(0, double.PositiveInfinity)).ParamName);
    }
}
