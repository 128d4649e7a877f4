namespace EdgeAutonomy.Learning.Tests;

public sealed class SplittingIntegratorTests
{
    [Theory]
    [InlineData(SplittingScheme.DriftKickDrift, -2.3308247045279282, -6.633133001183174, 4.770e-10, 1e-3)]
    [InlineData(SplittingScheme.Fourth, -2.330824704797617, -6.633133001709988, 0, 1)]
    public void Advance_FirstCheck_IsThatOfTheReference(SplittingScheme scheme, double x, double y, double error, double tolerance)
    {
        ThreeBodyState start = ThreeBodySystem.FromSeed(0), s = start;
        IntegrationResult result = new SplittingIntegrator(scheme).Advance(ref s, ThreeBodySystem.CheckStep, 1e-3 / ThreeBodySystem.TimeYears);
        Assert.Equal(100, result.Steps);
        Assert.Equal(scheme == SplittingScheme.Fourth ? 600 : 100, result.ForceEvaluations);
        Orbits.AssertRelative(x, s.X0, 1e-13);
        Orbits.AssertRelative(y, s.Y0, 1e-13);
        Assert.Equal(ThreeBodySystem.CheckStep, s.Time);
        // The 4th order leaves rounding only: 600 kicks of at most 1e-16 each, against an energy that is a difference.
        Assert.InRange(Orbits.EnergyError(start, s), error * (1 - tolerance), (error * (1 + tolerance)) + 1e-13);
    }

    [Fact]
    public void Coefficients_OfTheFourthOrder_AddUpToOneStep()
    {
        double[] a = SplittingIntegrator.Drifts, b = SplittingIntegrator.Kicks;
        Assert.Equal(1, (2 * (a[0] + a[1] + a[2])) + a[3], 15);
        Assert.Equal(1, 2 * (b[0] + b[1] + b[2]), 15);
    }

    // Largest energy error over one orbit at e = 0.5.
    [Theory]
    [InlineData(SplittingScheme.DriftKickDrift, 2)]
    [InlineData(SplittingScheme.KickDriftKick, 2)]
    [InlineData(SplittingScheme.Fourth, 4)]
    public void Advance_FixedSteps_ConvergesWithItsOrder(SplittingScheme scheme, int order)
    {
        var integrator = new SplittingIntegrator(scheme);
        Assert.Equal(order, integrator.Order);
        double[] steps = [.. new[] { 200, 400, 800, 1600 }.Select(n => 2 * Math.PI / n)];
        double[] errors = [.. steps.Select(h => LargestError(integrator, 0.5, h, 1))];
        Assert.InRange(Orbits.Slope(steps, errors), order - 0.15, order + 0.15);
    }

    [Theory]
    [InlineData(SplittingScheme.DriftKickDrift)]
    [InlineData(SplittingScheme.KickDriftKick)]
    [InlineData(SplittingScheme.Fourth)]
    public void Advance_FixedSteps_RunsBackToItsStart(SplittingScheme scheme)
    {
        var integrator = new SplittingIntegrator(scheme);
        ThreeBodyState start = Orbits.FigureEight(), s = start;
        integrator.Advance(ref s, 3, 0.01);
        Assert.True(Orbits.Distance(s, start) > 0.1);
        s.Reverse();
        s.Time = 0;
        integrator.Advance(ref s, 3, 0.01);
        s.Reverse();
        Assert.True(Orbits.Distance(s, start) < 1e-10, $"{Orbits.Distance(s, start)}");
    }

    [Theory]
    [InlineData(SplittingScheme.DriftKickDrift)]
    [InlineData(SplittingScheme.KickDriftKick)]
    [InlineData(SplittingScheme.Fourth)]
    public void Advance_IteratedSteps_RunBackToTheirStartUnlikePlainAdaptiveOnes(SplittingScheme scheme)
    {
        // Three rounds leave about the cube of the parameter's share of each step unsymmetric; a plain adaptive step leaves all of it.
        double iterated = ThereAndBack(new SplittingIntegrator(scheme, StepControl.Iterated, maxSteps: 300));
        double plain = ThereAndBack(new SplittingIntegrator(scheme, StepControl.Collision, maxSteps: 300));
        Assert.True(iterated < 1e-7 && plain > 100 * iterated, $"iterated {iterated}, plain {plain}");

        static double ThereAndBack(SplittingIntegrator integrator)
        {
            ThreeBodyState start = Orbits.Kepler(0.5), s = start;
            Assert.Equal(IntegrationOutcome.StepLimit, integrator.Advance(ref s, 1e6, 0.02).Outcome);
            s.Reverse();
            s.Time = 0;
            integrator.Advance(ref s, 1e6, 0.02);
            s.Reverse();
            return Orbits.Distance(s, start with { X2 = s.X2 });
        }
    }

    [Theory]
    [InlineData(SplittingScheme.DriftKickDrift, 1e-5)]
    [InlineData(SplittingScheme.KickDriftKick, 1e-5)]
    [InlineData(SplittingScheme.Fourth, 1e-6)]
    public void Advance_FigureEight_ClosesAfterOnePeriod(SplittingScheme scheme, double tolerance)
    {
        ThreeBodyState start = Orbits.FigureEight(), s = start;
        new SplittingIntegrator(scheme).Advance(ref s, Orbits.FigureEightPeriod, 1e-3);
        Assert.True(Orbits.Distance(s, start) < tolerance, $"{Orbits.Distance(s, start)}");
    }

    [Fact]
    public void Advance_SymplecticOverManyOrbits_KeepsTheEnergyBounded()
    {
        var integrator = new SplittingIntegrator(SplittingScheme.DriftKickDrift);
        double h = 2 * Math.PI / 300;
        double one = LargestError(integrator, 0.5, h, 1), hundred = LargestError(integrator, 0.5, h, 100);
        // No drift: the bound of one orbit holds for a hundred, up to the phase at which each orbit samples its pericentre.
        Assert.InRange(hundred, one, 1.2 * one);
    }

    [Fact]
    public void Advance_SymmetrisedSteps_DriftFarLessThanPlainAdaptiveOnes()
    {
        double plain = Drift(StepControl.Collision), explicitly = Drift(StepControl.Symmetrised), iterated = Drift(StepControl.Iterated);
        Assert.True(explicitly < plain / 10, $"collision {plain}, symmetrised {explicitly}");
        Assert.True(iterated < plain / 10, $"collision {plain}, iterated {iterated}");

        // The energy at pericentre-to-pericentre averages: the mean error of the last orbit against that of the first.
        static double Drift(StepControl control)
        {
            var integrator = new SplittingIntegrator(SplittingScheme.KickDriftKick, control);
            ThreeBodyState s = Orbits.Kepler(0.5);
            double first = Mean(integrator, ref s, 0), last = 0;
            for (int orbit = 1; orbit <= 60; orbit++) last = Mean(integrator, ref s, orbit);
            return Math.Abs(last - first);
        }

        static double Mean(SplittingIntegrator integrator, ref ThreeBodyState s, int orbit)
        {
            double sum = 0;
            for (int i = 1; i <= 64; i++)
            {
                integrator.Advance(ref s, (orbit + (i / 64.0)) * 2 * Math.PI, 0.05);
                sum += ThreeBodySystem.Energy(s);
            }
            return sum / 64;
        }
    }

    [Fact]
    public void Advance_Compensated_RoundsLess()
    {
        double plain = Error(false), compensated = Error(true);
        Assert.True(compensated < plain / 3, $"plain {plain}, compensated {compensated}");

        static double Error(bool compensated)
        {
            ThreeBodyState start = Orbits.Kepler(0), s = start;
            new SplittingIntegrator(SplittingScheme.Fourth, compensated: compensated).Advance(ref s, 20 * Math.PI, 5e-4);
            return Orbits.EnergyError(start, s) + Math.Abs(s.Y1 - start.Y1);
        }
    }

    [Fact]
    public void Advance_EndNotAfterTheState_DoesNothing()
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        Assert.Equal(new IntegrationResult(0, 0, IntegrationOutcome.Reached), new SplittingIntegrator(SplittingScheme.Fourth).Advance(ref s, 0, 0.1));
        Assert.Equal(ThreeBodySystem.FromSeed(0), s);
    }

    [Fact]
    public void Advance_BadArguments_AreRefused()
    {
        var integrator = new SplittingIntegrator(SplittingScheme.Fourth, maxSteps: 100);
        ThreeBodyState s = ThreeBodySystem.FromSeed(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Advance(ref s, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Advance(ref s, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Advance(ref s, 1, double.NaN));
        Assert.Contains("limit is 100", Assert.Throws<ArgumentOutOfRangeException>(() => integrator.Advance(ref s, 1, 1e-3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SplittingIntegrator(SplittingScheme.Fourth, StepControl.Aarseth));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SplittingIntegrator((SplittingScheme)7));
    }

    private static double LargestError(SplittingIntegrator integrator, double eccentricity, double h, int periods)
    {
        ThreeBodyState start = Orbits.Kepler(eccentricity), s = start;
        double largest = 0;
        long n = (long)Math.Round(periods * 2 * Math.PI / h);
        for (long i = 1; i <= n; i++)
        {
            integrator.Advance(ref s, i * h, h);
            largest = Math.Max(largest, Orbits.EnergyError(start, s));
        }
        return largest;
    }
}
