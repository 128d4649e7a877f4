namespace EdgeAutonomy.Learning.Tests;

public sealed class HermiteIntegratorTests
{
    private static readonly HermiteIntegrator Published = new();

    [Fact]
    public void Advance_OneStep_IsThatOfTheReference()
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        IntegrationResult result = Published.Advance(ref s, 1e-9, 0.01);
        Assert.Equal(new IntegrationResult(1, 2, IntegrationOutcome.Reached), result);
        Orbits.AssertRelative(0.5487567502583544, s.Time, 1e-13);
        AssertPlaces(s, [-2.3659739007671083, -6.703817450967887, 10.759459714307454, 0.3413248317358511, -8.393485813540345, 6.362492619232037]);
        double[] expected = [0.06495787357124026, 0.13039541688723594, -0.13036048969933692, -0.06485753266305423, 0.0654026161280967, -0.06553788422418172];
        double[] actual = [s.U0, s.V0, s.U1, s.V1, s.U2, s.V2];
        for (int i = 0; i < 6; i++) Orbits.AssertRelative(expected[i], actual[i], 1e-13);
    }

    [Fact]
    public void Advance_FirstCheck_IsThatOfTheReference()
    {
        ThreeBodyState start = ThreeBodySystem.FromSeed(0), s = start;
        IntegrationResult result = Published.Advance(ref s, ThreeBodySystem.CheckStep, 0.01);
        Assert.Equal(new IntegrationResult(3, 4, IntegrationOutcome.Reached), result);
        Orbits.AssertRelative(1.6183767501689954, s.Time, 1e-13);
        AssertPlaces(s, [-2.296116942278992, -6.563090876567741, 10.618801714202506, 0.27168509128084745, -8.32268477192351, 6.291405785286895]);
        // A difference of energies: 1e-16 of rounding against 1.2e-10 leaves five digits at best.
        Orbits.AssertRelative(1.1748e-10, Orbits.EnergyError(start, s), 1e-4);
    }

    // Steps within 1, errors within a factor of 3: the orbits are chaotic, so that the order of additions shows. At the finest parameter the error is what
    // rounding happened to add up to (ours 1.6e-10, 1.1e-13, 8.0e-13), so that only its upper bound means anything.
    [Theory]
    [InlineData(0u, 0.1, 614, 1.5e-2)]
    [InlineData(0u, 0.01, 6128, 1.5e-7)]
    [InlineData(0u, 0.001, 61285, 1.3e-9)]
    [InlineData(1u, 0.1, 1104, 2.8e-3)]
    [InlineData(1u, 0.01, 11053, 3.8e-8)]
    [InlineData(1u, 0.001, 110531, 6.0e-12)]
    [InlineData(2u, 0.1, 230, 3.2e-5)]
    [InlineData(2u, 0.01, 2302, 8.0e-9)]
    [InlineData(2u, 0.001, 23029, 8.8e-13)]
    public void Advance_ThreeHundredChecks_TakesTheStepsOfTheReference(uint seed, double parameter, long steps, double error)
    {
        ThreeBodyState start = ThreeBodySystem.FromSeed(seed), s = start;
        long taken = 0;
        for (int check = 1; check <= 300; check++) taken += Published.Advance(ref s, check * ThreeBodySystem.CheckStep, parameter).Steps;
        Assert.InRange(taken, steps - 1, steps + 1);
        Assert.InRange(Orbits.EnergyError(start, s), parameter > 0.001 ? error / 3 : 0, error * 3);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Advance_KeplerOrbits_ErrorFallsWithTheFifthPower(double eccentricity)
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { Overshoot = 0 });
        double[] parameters = [0.1, 0.03, 0.01, 0.003];
        double[] errors = [.. parameters.Select(p => KeplerError(integrator, eccentricity, p, 10))];
        Assert.InRange(Orbits.Slope(parameters, errors), 4.85, 5.15);
    }

    // Printed with two digits: a tenth.
    [Theory]
    [InlineData(0.0, 0.1, 8.7e-6)]
    [InlineData(0.5, 0.01, 1.4e-9)]
    [InlineData(0.9, 0.03, 3.3e-6)]
    public void Advance_KeplerOrbits_ErrorIsThatOfTheReference(double eccentricity, double parameter, double error) =>
        Orbits.AssertRelative(error, KeplerError(new HermiteIntegrator(new HermiteOptions { Overshoot = 0 }), eccentricity, parameter, 10), 0.1);

    [Fact]
    public void Advance_FixedSteps_IsOfFourthOrder()
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { Control = StepControl.Fixed });
        double[] steps = [0.02, 0.01, 0.005, 0.0025];
        ThreeBodyState start = Orbits.Kepler(0.3);
        double[] errors = [.. steps.Select(h =>
        {
            ThreeBodyState s = start;
            Assert.Equal((long)Math.Ceiling((2 * Math.PI / h) - 1e-9), integrator.Advance(ref s, 2 * Math.PI, h).Steps);
            Assert.Equal(2 * Math.PI, s.Time);
            return Orbits.Distance(s with { X2 = start.X2 }, start);
        })];
        Assert.InRange(Orbits.Slope(steps, errors), 3.8, 4.2);
    }

    [Theory]
    [InlineData(StepControl.Aarseth)]
    [InlineData(StepControl.Symmetrised)]
    [InlineData(StepControl.Iterated)]
    public void Advance_OtherStepRules_ConvergeToo(StepControl control)
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { Control = control, Rounds = control == StepControl.Iterated ? 3 : 1, Overshoot = 0 });
        double coarse = KeplerError(integrator, 0.5, 0.08, 3), fine = KeplerError(integrator, 0.5, 0.01, 3);
        // An eighth of the step at order 4 or more: at least 8⁴/4, where the 4 allows for the constant not yet being constant.
        Assert.True(fine < coarse / 1000, $"{coarse} fell only to {fine}");
    }

    [Fact]
    public void Advance_Iterated_RunsBackToItsStart()
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { Control = StepControl.Iterated, Rounds = 24, MaxSteps = 200 });
        var plain = new HermiteIntegrator(new HermiteOptions { MaxSteps = 200 });
        Assert.True(ThereAndBack(integrator) < 1e-11, $"symmetric: {ThereAndBack(integrator)}");
        Assert.True(ThereAndBack(plain) > 1e-7, $"the published form is not symmetric: {ThereAndBack(plain)}");

        static double ThereAndBack(HermiteIntegrator integrator)
        {
            ThreeBodyState start = Orbits.Kepler(0.5), s = start;
            Assert.Equal(IntegrationOutcome.StepLimit, integrator.Advance(ref s, 1e6, 0.05).Outcome);
            s.Reverse();
            s.Time = 0;
            integrator.Advance(ref s, 1e6, 0.05);
            s.Reverse();
            return Orbits.Distance(s, start with { X2 = s.X2 });
        }
    }

    [Fact]
    public void Advance_FigureEight_ClosesAfterOnePeriod()
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { Control = StepControl.Fixed });
        ThreeBodyState start = Orbits.FigureEight(), s = start;
        integrator.Advance(ref s, Orbits.FigureEightPeriod, 1e-3);
        // The initial values have eight digits, and the orbit neither damps nor strongly amplifies their error.
        Assert.True(Orbits.Distance(s, start) < 1e-6, $"{Orbits.Distance(s, start)}");
        integrator.Advance(ref s, 1.5 * Orbits.FigureEightPeriod, 1e-3);
        Assert.True(Orbits.Distance(s, start) > 0.1, "half a period later it is elsewhere");
    }

    [Fact]
    public void Advance_LagrangeTriangle_ClosesAndKeepsItsConstants()
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { Control = StepControl.Fixed });
        ThreeBodyState start = Orbits.Lagrange(), s = start;
        integrator.Advance(ref s, 2 * Math.PI, 1e-3);
        Assert.True(Orbits.Distance(s, start) < 1e-9, $"{Orbits.Distance(s, start)}");
        Assert.True(Orbits.EnergyError(start, s) < 1e-12);
        Orbits.AssertRelative(ThreeBodySystem.AngularMomentum(start), ThreeBodySystem.AngularMomentum(s), 1e-12);
    }

    [Fact]
    public void Advance_Compensated_RoundsLess()
    {
        // At this step the method's own error is far below rounding, so that what is left is rounding.
        double plain = Error(new HermiteIntegrator(new HermiteOptions { Control = StepControl.Fixed }));
        double compensated = Error(new HermiteIntegrator(new HermiteOptions { Control = StepControl.Fixed, Compensated = true }));
        Assert.True(compensated < plain / 3, $"plain {plain}, compensated {compensated}");

        static double Error(HermiteIntegrator integrator)
        {
            ThreeBodyState start = Orbits.Kepler(0), s = start;
            integrator.Advance(ref s, 20 * Math.PI, 2e-4);
            return Math.Abs(s.X1 - start.X1) + Math.Abs(s.Y1 - start.Y1);
        }
    }

    [Fact]
    public void Advance_Overshoot_DecidesOnWhichSideOfTheEndItStops()
    {
        ThreeBodyState never = ThreeBodySystem.FromSeed(3), half = never, full = never;
        new HermiteIntegrator(new HermiteOptions { Overshoot = 0 }).Advance(ref never, 5, 0.01);
        new HermiteIntegrator(new HermiteOptions { Overshoot = 0.5 }).Advance(ref half, 5, 0.01);
        Published.Advance(ref full, 5, 0.01);
        Assert.True(never.Time <= 5 && full.Time >= 5 && Math.Abs(half.Time - 5) <= 0.5 * (full.Time - never.Time) + 1e-12);
    }

    [Fact]
    public void Advance_HeadOnCollision_StopsWithoutProgressOrNotFinite()
    {
        // At rest and on one line with equal masses around the middle one: they fall into it.
        var s = new ThreeBodyState { M0 = 1, M1 = 1, M2 = 1, X0 = -1, X1 = 1 };
        IntegrationResult result = Published.Advance(ref s, 100, 0.01);
        Assert.NotEqual(IntegrationOutcome.Reached, result.Outcome);
        Assert.NotEqual(IntegrationOutcome.StepLimit, result.Outcome);
    }

    [Fact]
    public void Advance_StepLimit_StopsThere()
    {
        var integrator = new HermiteIntegrator(new HermiteOptions { MaxSteps = 10 });
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        Assert.Equal(new IntegrationResult(10, 11, IntegrationOutcome.StepLimit), integrator.Advance(ref s, 100, 1e-4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Advance_BadParameter_IsRefused(double parameter)
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        Assert.Equal("parameter", Assert.Throws<ArgumentOutOfRangeException>(() => Published.Advance(ref s, 1, parameter)).ParamName);
        Assert.Equal(ThreeBodySystem.FromSeed(0), s);
    }

    [Fact]
    public void Advance_BadStateOrEnd_IsRefused()
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        Assert.Equal("end", Assert.Throws<ArgumentOutOfRangeException>(() => Published.Advance(ref s, double.NaN, 0.01)).ParamName);
        s.X1 = double.NaN;
        Assert.Throws<ArgumentException>(() => Published.Advance(ref s, 1, 0.01));
    }

    [Fact]
    public void Constructor_BadOptions_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteIntegrator(new HermiteOptions { Overshoot = 1.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteIntegrator(new HermiteOptions { Rounds = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteIntegrator(new HermiteOptions { Control = StepControl.Iterated }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteIntegrator(new HermiteOptions { MaxSteps = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HermiteIntegrator(new HermiteOptions { Control = (StepControl)99 }));
    }

    private static double KeplerError(HermiteIntegrator integrator, double eccentricity, double parameter, int periods)
    {
        ThreeBodyState start = Orbits.Kepler(eccentricity), s = start;
        Assert.Equal(IntegrationOutcome.Reached, integrator.Advance(ref s, periods * 2 * Math.PI, parameter).Outcome);
        return Orbits.EnergyError(start, s);
    }

    private static void AssertPlaces(in ThreeBodyState s, double[] expected)
    {
        double[] actual = [s.X0, s.Y0, s.X1, s.Y1, s.X2, s.Y2];
        for (int i = 0; i < 6; i++) Orbits.AssertRelative(expected[i], actual[i], 1e-13);
    }
}
