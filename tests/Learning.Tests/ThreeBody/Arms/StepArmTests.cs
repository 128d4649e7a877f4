namespace EdgeAutonomy.Learning.Tests;

public sealed class StepArmTests
{
    private const int Checks = 30;

    private static readonly ThreeBodyEnvironmentOptions Coarse = ThreeBodyEnvironmentOptions.FixedStep with
    {
        Ladder = ParameterLadder.Logarithmic(1e-4, 1e-2, 5),
        Checks = Checks,
        ErrorStop = double.MaxValue,
        Seeds = SeedSet.Any,
        Observation = ThreeBodyObservation.Distance,
    };

    [Fact]
    public void OracleGreedy_EverySeed_TakesTheTrajectoryOfRetryAndCostsNoMore()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        bool saves = false;
        for (uint seed = 0; seed < 20; seed++)
        {
            ArmEpisode retry = ArmEpisode.Play(new RetryArm(new Acceptance(1e-9)), environment, seed), oracle = ArmEpisode.Play(new RetryArm(new Acceptance(1e-9), pays: false), environment, seed);
            Assert.Equal(retry.LogError, oracle.LogError);
            Assert.Equal(retry.Work.Accepted, oracle.Work.Total);
            Assert.True(oracle.Work.Total <= retry.Work.Total);
            saves |= oracle.Work.Total < retry.Work.Total;
        }
        Assert.True(saves, "no seed rejected anything: the tolerance tests nothing");
    }

    [Fact]
    public void Retry_InfiniteTolerance_EqualsTheCoarsestRung()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        for (uint seed = 0; seed < 5; seed++)
        {
            ArmEpisode coarsest = ArmEpisode.Play(new FixedArm(4, 1e-2), environment, seed);
            foreach (StepArm arm in new StepArm[] { new RetryArm(new Acceptance(double.PositiveInfinity)), new RetryArm(new Acceptance(double.PositiveInfinity), RetryStart.Warm), new ForecastArm(Untrained(5), new Acceptance(double.PositiveInfinity)) })
            {
                ArmEpisode other = ArmEpisode.Play(arm, environment, seed);
                Assert.Equal(coarsest.LogError, other.LogError);
                Assert.Equal(coarsest.Work.Total, other.Work.Total);
            }
        }
    }

    [Fact]
    public void Retry_NoTolerance_TriesEverythingAndKeepsTheLeastBad()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        var seen = new float[environment.ObservationLength];
        environment.Reset(3, seen);
        ThreeBodyCheckpoint before = environment.Save();
        double[] errors = new double[5];
        for (int rung = 0; rung < 5; rung++)
        {
            environment.Restore(before);
            errors[rung] = Math.Abs(environment.Step(rung, seen).Info.IntervalError);
        }
        foreach (StepArm arm in new StepArm[] { new RetryArm(new Acceptance(0)), new LagrangeArm(0) })
        {
            environment.Restore(before);
            arm.Begin(3);
            ArmWork work = default;
            ThreeBodyTransition made = arm.Step(environment, seen, seen, ref work);
            Assert.Equal(errors.Min(), Math.Abs(made.Info.IntervalError));
            Assert.Equal(5, work.Trials);
            Assert.Equal(made.Info.Time, environment.State.Time);
        }
    }

    [Fact]
    public void RetryWarm_AfterAFineRung_BeginsOneCoarser()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        var seen = new float[environment.ObservationLength];
        environment.Reset(3, seen);
        var arm = new RetryArm(new Acceptance(0), RetryStart.Warm);
        arm.Begin(3);
        ArmWork work = default;
        ThreeBodyTransition first = arm.Step(environment, seen, seen, ref work);
        int kept = Enumerable.Range(0, 5).Single(r => Coarse.Ladder[r] == first.Info.Parameter);
        work = default;
        arm.Step(environment, seen, seen, ref work);
        Assert.Equal(Math.Min(5, kept + 2), work.Trials);
    }

    [Fact]
    public void RetryWithPolicy_BeginsAtItsRungAndGoesFiner()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        ArmEpisode all = ArmEpisode.Play(new RetryArm(new Acceptance(1e-3), _ => 1, "learned"), environment, 2), one = ArmEpisode.Play(new FixedArm(1, 1), environment, 2);
        Assert.Equal(one.LogError, all.LogError);
        Assert.Equal(Checks, all.Work.Inferences);
    }

    [Fact]
    public void Lagrange_AnyPriceAboveAll_EqualsTheCoarsestRung()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        ArmEpisode oracle = ArmEpisode.Play(new LagrangeArm(1), environment, 1), coarsest = ArmEpisode.Play(new FixedArm(4, 1), environment, 1);
        Assert.Equal(coarsest.LogError, oracle.LogError);
        Assert.Equal(coarsest.Work.Accepted, oracle.Work.Accepted);
    }

    [Fact]
    public void ControlledRetry_EveryAcceptedInterval_IsWithinItsLimitOrAtTheFinestRung()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        var seen = new float[environment.ObservationLength];
        var rule = new Acceptance(1e-8, 1);
        for (uint seed = 0; seed < 5; seed++)
        {
            environment.Reset(seed, seen);
            var arm = new ControlledRetryArm(rule);
            arm.Begin(seed);
            ArmWork work = default;
            while (environment.IsRunning)
            {
                ThreeBodyTransition made = arm.Step(environment, seen, seen, ref work);
                Assert.True(Math.Abs(made.Info.IntervalError) <= rule.Limit(made.Info.Integration.ForceEvaluations) || made.Info.Parameter == Coarse.Ladder[0]);
            }
        }
    }

    [Fact]
    public void ErrorPi_NeverTakesAnythingBack()
    {
        ArmEpisode played = ArmEpisode.Play(new ControlledRetryArm(new Acceptance(1e-8), rejects: false), new ThreeBodyEnvironment(Coarse), 4);
        Assert.Equal(0, played.Work.Rejected);
        Assert.Equal(Checks, played.Work.Trials);
    }

    [Fact]
    public void Forecast_AnyNetwork_KeepsTheGuaranteeOfRetry()
    {
        // The network is untrained: its starts are arbitrary, what it accepts is not.
        var environment = new ThreeBodyEnvironment(Coarse with { Ladder = ParameterLadder.Logarithmic(1e-4, 1e-2, 17) });
        var seen = new float[environment.ObservationLength];
        var rule = new Acceptance(1e-8, 1);
        var arm = new ForecastArm(Untrained(17), rule);
        for (uint seed = 0; seed < 5; seed++)
        {
            environment.Reset(seed, seen);
            arm.Begin(seed);
            while (environment.IsRunning)
            {
                ThreeBodyCheckpoint before = environment.Save();
                ArmWork work = default;
                ThreeBodyTransition made = arm.Step(environment, seen, seen, ref work);
                double error = Math.Abs(made.Info.IntervalError);
                if (error <= rule.Limit(made.Info.Integration.ForceEvaluations)) continue;
                // Not accepted: then the finest rung is not acceptable either, and what was kept is at least as good.
                ThreeBodyCheckpoint after = environment.Save();
                environment.Restore(before);
                ThreeBodyTransition finest = environment.Step(0, seen);
                Assert.True(Math.Abs(finest.Info.IntervalError) > rule.Limit(finest.Info.Integration.ForceEvaluations));
                Assert.True(error <= Math.Abs(finest.Info.IntervalError));
                environment.Restore(after);
            }
        }
    }

    [Fact]
    public void Forecast_LadderOfAnotherLength_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => ArmEpisode.Play(new ForecastArm(Untrained(7), new Acceptance(1e-8)), new ThreeBodyEnvironment(Coarse), 1));
        Assert.Contains("7 rungs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_SameSeed_TakesTheSameRungs()
    {
        var environment = new ThreeBodyEnvironment(Coarse);
        var arm = new RandomArm();
        ArmEpisode first = ArmEpisode.Play(arm, environment, 5), other = ArmEpisode.Play(arm, environment, 6), again = ArmEpisode.Play(arm, environment, 5);
        Assert.Equal(first, again);
        Assert.NotEqual(first.Work.Total, other.Work.Total);
    }

    [Fact]
    public void Look_AfterRestore_GivesTheObservationOfThatMoment()
    {
        var environment = new ThreeBodyEnvironment(Coarse with { Observation = ThreeBodyObservation.Invariant });
        float[] first = new float[15], second = new float[15], looked = new float[15];
        environment.Reset(8, first);
        environment.Look(looked);
        Assert.Equal(first, looked);
        environment.Step(2, second);
        ThreeBodyCheckpoint moment = environment.Save();
        environment.Step(0, looked);
        environment.Restore(moment);
        environment.Look(looked);
        Assert.Equal(second, looked);
    }

    [Fact]
    public void FixedRuns_SideBySide_GiveTheNumbersOfOneByOne()
    {
        ThreeBodyEnvironmentOptions hermite = new() { Checks = Checks, ErrorStop = double.MaxValue, Seeds = SeedSet.Any, Observation = ThreeBodyObservation.Distance };
        ThreeBodyEnvironmentOptions leapfrog = Coarse with { Integrator = new SplittingIntegrator(SplittingScheme.DriftKickDrift) };
        ThreeBodyEnvironmentOptions symmetrised = hermite with { Integrator = new HermiteIntegrator(new HermiteOptions { Control = StepControl.Symmetrised }) };
        uint[] seeds = [.. Enumerable.Range(0, 11).Select(i => (uint)i)];
        foreach (ThreeBodyEnvironmentOptions options in new[] { Coarse, leapfrog, hermite, symmetrised })
        {
            int rung = options.Ladder.Count - 1;
            var environment = new ThreeBodyEnvironment(options);
            ArmEpisode[] together = FixedRuns.Play(options, rung, seeds);
            for (int i = 0; i < seeds.Length; i++) Assert.Equal(ArmEpisode.Play(new FixedArm(rung, 1), environment, seeds[i]), together[i]);
        }
    }

    private static ErrorForecast Untrained(int rungs) => new ForecastTrainer(
        new ForecastOptions { Environment = Coarse with { Seeds = SeedSet.Training, Ladder = ParameterLadder.Logarithmic(1e-4, 1e-2, rungs) }, Episodes = 1, Checks = 2, Hidden = 8 }, 1).Best();
}
