namespace EdgeAutonomy.Learning.Tests;

public sealed class ThreeBodySystemTests
{
    // Computed by the reference implementation; 1e-15: one rounding of each.
    [Fact]
    public void Units_OfTheExperiment_AreThoseOfTheReference()
    {
        Orbits.AssertRelative(0.09187809973416197, ThreeBodySystem.TimeYears, 1e-15);
        Orbits.AssertRelative(51595.21667567483, ThreeBodySystem.SpeedMetresPerSecond, 1e-15);
        Orbits.AssertRelative(1.0883986530994627, ThreeBodySystem.CheckStep, 1e-15);
    }

    [Theory]
    [InlineData(0u, -0.0122153948514)]
    [InlineData(1u, -0.0212857655596)]
    [InlineData(2u, -0.0154165139375)]
    public void Energy_AtTheStart_IsThatOfTheReference(uint seed, double energy) =>
        Orbits.AssertRelative(energy, ThreeBodySystem.Energy(ThreeBodySystem.FromSeed(seed)), 1e-11); // the reference is printed with 12 digits

    [Fact]
    public void FromSeed_Zero_HasThePlacesOfTheReference()
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        double[] expected =
        [
            -2.4015229327311443, -6.775047136225883, 10.830679626178728, 0.37684652749831216, -8.429156693447583, 6.398200608727571,
            0.06460547213681676, 0.1292109442736335, -0.1292109442736335, -0.06460547213681676, 0.06460547213681676, -0.06460547213681676,
        ];
        double[] actual = [s.X0, s.Y0, s.X1, s.Y1, s.X2, s.Y2, s.U0, s.V0, s.U1, s.V1, s.U2, s.V2];
        for (int i = 0; i < 12; i++) Orbits.AssertRelative(expected[i], actual[i], 1e-14); // a few roundings of the centre of mass
        Assert.Equal(0, s.Time);
    }

    [Fact]
    public void FromSeed_AnySeed_RestsInTheOrigin()
    {
        var generator = new LegacyUniform(0);
        for (uint seed = 0; seed < 500; seed++)
        {
            ThreeBodyState s = ThreeBodySystem.FromSeed(seed, generator);
            Assert.Equal(0, s.X0 + s.X1 + s.X2, 13);
            Assert.Equal(0, s.Y0 + s.Y1 + s.Y2, 13);
            Assert.Equal(0, s.U0 + s.U1 + s.U2, 15);
            Assert.Equal(0, s.V0 + s.V1 + s.V2, 15);
            Assert.Equal(s, ThreeBodySystem.FromSeed(seed));
        }
    }

    [Fact]
    public void CollisionTime_OfAPair_IsTheLesserOfMeetingAndFalling()
    {
        // Circle of radius 1 with mass 1: r/v and √(r³/m) are both 1; the far body has no say.
        Assert.Equal(1, ThreeBodySystem.CollisionTime(Orbits.Kepler(0)), 14);
        // Pericentre of e = 0.9: r = 0.1, v² = 19, r/v = 0.0229 < √r³ = 0.0316.
        Assert.Equal(0.1 / Math.Sqrt(19), ThreeBodySystem.CollisionTime(Orbits.Kepler(0.9)), 14);
    }

    [Fact]
    public void Validate_BadStates_SayWhatIsWrong()
    {
        ThreeBodyState state = Orbits.Lagrange();
        state.V2 = double.NaN;
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => state.Validate("state")).Message, StringComparison.Ordinal);
        state = Orbits.Lagrange();
        state.M1 = -1;
        Assert.Contains("negative", Assert.Throws<ArgumentException>(() => state.Validate("state")).Message, StringComparison.Ordinal);
        Assert.Contains("one place", Assert.Throws<ArgumentException>(() => default(ThreeBodyState).Validate("state")).Message, StringComparison.Ordinal);
    }
}
