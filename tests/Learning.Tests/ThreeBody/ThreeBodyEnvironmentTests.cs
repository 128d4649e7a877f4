using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Learning.Tests;

public sealed class ThreeBodyEnvironmentTests
{
    private static readonly ThreeBodyEnvironmentOptions Ours = new() { Seeds = SeedSet.Any };

    // Printed with six digits after the point.
    [Theory]
    [InlineData(1e-12, 2, 2.736111, 5.736111)]
    [InlineData(1e-12, 20, 1.173611, 4.173611)]
    [InlineData(1e-12, 100, 1.034722, 4.034722)]
    [InlineData(1e-10, 2, 1, 4)]
    [InlineData(1e-8, 2, -4.859375, -1.859375)]
    [InlineData(1e-8, 20, 0.414062, 3.414062)]
    [InlineData(1e-8, 100, 0.882812, 3.882812)]
    [InlineData(1e-6, 2, -26.777778, -23.777778)]
    [InlineData(1e-6, 20, -1.777778, 1.222222)]
    [InlineData(1e-6, 100, 0.444444, 3.444444)]
    [InlineData(1e-4, 2, -139.625, -136.625)]
    [InlineData(1e-4, 20, -13.0625, -10.0625)]
    [InlineData(1e-4, 100, -1.8125, 1.1875)]
    [InlineData(1e-2, 2, -1499, -1496)]
    [InlineData(1e-2, 20, -149, -146)]
    [InlineData(1e-2, 100, -29, -26)]
    public void Published_TableOfRewards_IsThatOfTheReference(double error, int check, double fine, double coarse)
    {
        Assert.Equal(fine, ThreeBodyReward.Published(error, check, 1e-4), 1e-6);
        Assert.Equal(coarse, ThreeBodyReward.Published(-error, check, 1e-1), 1e-6);
        Assert.Equal(0, ThreeBodyReward.Published(error, 1, 1e-4));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Rewards_AnyError_AreFinite(double error)
    {
        Assert.True(double.IsFinite(ThreeBodyReward.Published(error, 2, 0.01)));
        Assert.True(double.IsFinite(ThreeBodyReward.Potential(error, 1e-8, 1)));
    }

    [Fact]
    public void Reset_PublishedSeedZero_GivesTheObservationOfTheReference()
    {
        var environment = new ThreeBodyEnvironment(ThreeBodyEnvironmentOptions.Published);
        var observation = new float[13];
        environment.Reset(0, observation);
        double[] expected =
        [
            -0.240152293, -0.677504714, 1.08306796, 0.0376846527, -0.842915669, 0.639820061,
            0.0646054721, 0.129210944, -0.129210944, -0.0646054721, 0.0646054721, -0.0646054721, 0,
        ];
        for (int i = 0; i < 13; i++) Assert.Equal(expected[i], observation[i], 1e-7); // float
        environment.Step(6, observation);
        Assert.Equal(-Math.Log10(1.1748e-10), observation[12], 1e-3);
    }

    [Fact]
    public void Ladders_Published_HaveTheirValues()
    {
        double[] expected = [1e-4, 2.154e-4, 4.642e-4, 1e-3, 2.154e-3, 4.642e-3, 1e-2, 2.154e-2, 4.642e-2, 1e-1];
        Assert.Equal(10, ParameterLadder.Hermite.Count);
        for (int i = 0; i < 10; i++) Orbits.AssertRelative(expected[i], ParameterLadder.Hermite[i], 1e-3);
        Assert.Equal(1e-3, ParameterLadder.Hermite[3]);
        Assert.Equal(1e-2, ParameterLadder.Hermite[6]);
        Assert.Equal(1e-5, ParameterLadder.Huayno[0]);
        Assert.Equal(1e-7, ParameterLadder.SympleYears[0]);
        Orbits.AssertRelative(Math.Pow(10, -5.5), ParameterLadder.FixedYears[0], 1e-14);
        Orbits.AssertRelative(1e-5, ParameterLadder.FixedYears[1], 1e-14);
        Assert.Equal(8, ParameterLadder.FixedYears.Count);
    }

    [Fact]
    public void Step_OurRewards_AddUpToThePotentialAtTheEnd()
    {
        var environment = new ThreeBodyEnvironment(Ours with { Price = 0, Tolerance = 1e-12 });
        var random = new RandomStream(3);
        var observation = new float[15];
        for (uint seed = 0; seed < 5; seed++)
        {
            environment.Reset(seed, observation);
            double sum = 0;
            ThreeBodyTransition step;
            do
            {
                step = environment.Step(4 + random.NextInt32(6), observation);
                sum += step.Reward;
            }
            while (environment.IsRunning);
            double expected = ThreeBodyReward.Potential(step.Info.EnergyError, 1e-12, 1) - (step.Terminated ? 10 : 0);
            Assert.Equal(expected, sum, 1e-9);
            Assert.True(expected < 0);
        }
    }

    [Fact]
    public void Step_Price_IsChargedForTheWorkDone()
    {
        var free = new ThreeBodyEnvironment(Ours with { Price = 0 });
        var priced = new ThreeBodyEnvironment(Ours with { Price = 0.3 });
        var observation = new float[15];
        free.Reset(1, observation);
        priced.Reset(1, observation);
        for (int i = 0; i < 20; i++)
        {
            double without = free.Step(6, observation).Reward;
            ThreeBodyTransition with = priced.Step(6, observation);
            Assert.Equal(without - (0.3 * Math.Log10(1 + (with.Info.Integration.Steps / 17.0))), with.Reward, 1e-12);
        }
    }

    [Fact]
    public void Step_LimitOfChecks_TruncatesOursAndTerminatesThePublished()
    {
        var ours = new ThreeBodyEnvironment(Ours with { Checks = 3 });
        var published = new ThreeBodyEnvironment(ThreeBodyEnvironmentOptions.Published with { Checks = 3 });
        var observation = new float[15];
        ours.Reset(0, observation);
        published.Reset(0, observation);
        for (int i = 1; i <= 3; i++)
        {
            ThreeBodyTransition a = ours.Step(6, observation), b = published.Step(6, observation);
            Assert.Equal((false, i == 3), (a.Terminated, a.Truncated));
            Assert.Equal((i == 3, false), (b.Terminated, b.Truncated));
            Assert.Equal(i, a.Info.Check);
        }
        Assert.Contains("call Reset", Assert.Throws<InvalidOperationException>(() => ours.Step(6, new float[15])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_BlowUp_TerminatesWithThePenaltyAndFiniteNumbers()
    {
        // Fixed steps of 0.01 yr do not resolve the close encounters of these seeds: some must blow up.
        var environment = new ThreeBodyEnvironment(ThreeBodyEnvironmentOptions.FixedStep with { Seeds = SeedSet.TestA, Checks = 300 });
        var observation = new float[15];
        int blown = 0, finished = 0;
        for (uint seed = 0; seed < 30; seed++)
        {
            environment.Reset(seed, observation);
            ThreeBodyTransition step;
            do
            {
                step = environment.Step(7, observation);
                Assert.True(double.IsFinite(step.Reward));
                Assert.All(observation, x => Assert.True(float.IsFinite(x)));
            }
            while (environment.IsRunning);
            if (step.Terminated)
            {
                blown++;
                Assert.False(step.Truncated);
                Assert.True(!(Math.Abs(step.Info.EnergyError) <= 0.1));
                Assert.True(step.Reward < -9, $"{step.Reward}");
            }
            else
            {
                finished++;
                Assert.True(step.Truncated);
            }
        }
        Assert.True(blown > 0 && finished > 0, $"{blown} blown, {finished} finished");
    }

    [Fact]
    public void Step_SameSeedAndActions_GiveTheSameBits()
    {
        var first = new ThreeBodyEnvironment(Ours);
        var second = new ThreeBodyEnvironment(Ours);
        float[] a = new float[15], b = new float[15];
        second.Reset(99, b);
        second.Step(9, b);
        first.Reset(4, a);
        second.Reset(4, b);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(first.Step(i % 6 + 4, a), second.Step(i % 6 + 4, b));
            Assert.Equal(a, b);
        }
        Assert.Equal(first.State, second.State);
    }

    // The hash of a run on an x86-64 processor with AVX-512; every machine and SIMD level must give it.
    [Fact]
    public void Step_TwentySeeds_GiveTheHashOfEveryMachine()
    {
        var environment = new ThreeBodyEnvironment(Ours);
        var hasher = new StateHasher(0);
        var observation = new float[15];
        for (uint seed = 0; seed < 20; seed++)
        {
            environment.Reset(seed, observation);
            for (int i = 0; i < 40 && environment.IsRunning; i++)
            {
                hasher.Add(environment.Step((i % 6) + 4, observation).Reward);
                hasher.Add(observation);
            }
        }
        Assert.Equal(7164684001649433546UL, hasher.Value);
    }

    [Fact]
    public void Restore_AfterATrial_TakesItBack()
    {
        var environment = new ThreeBodyEnvironment(Ours);
        float[] a = new float[15], b = new float[15];
        environment.Reset(7, a);
        for (int i = 0; i < 5; i++) environment.Step(6, a);
        ThreeBodyCheckpoint before = environment.Save();
        ThreeBodyTransition coarse = environment.Step(9, a), next = environment.Step(4, a);
        environment.Restore(before);
        Assert.Equal(coarse, environment.Step(9, b));
        Assert.Equal(next, environment.Step(4, b));
        Assert.Equal(a, b);
        environment.Restore(before);
        Assert.NotEqual(coarse, environment.Step(3, b));
    }

    [Fact]
    public void Observation_Invariant_DoesNotSeeRotationTranslationOrNames()
    {
        ThreeBodyState s = ThreeBodySystem.FromSeed(11);
        double c = Math.Cos(0.7), d = Math.Sin(0.7);
        ThreeBodyState turned = s with
        {
            X0 = c * s.X1 - d * s.Y1 + 3,
            Y0 = d * s.X1 + c * s.Y1 - 2,
            X1 = c * s.X2 - d * s.Y2 + 3,
            Y1 = d * s.X2 + c * s.Y2 - 2,
            X2 = c * s.X0 - d * s.Y0 + 3,
            Y2 = d * s.X0 + c * s.Y0 - 2,
            U0 = c * s.U1 - d * s.V1,
            V0 = d * s.U1 + c * s.V1,
            U1 = c * s.U2 - d * s.V2,
            V1 = d * s.U2 + c * s.V2,
            U2 = c * s.U0 - d * s.V0,
            V2 = d * s.U0 + c * s.V0,
        };
        float[] a = new float[15], b = new float[15];
        ThreeBodyView.Write(ThreeBodyObservation.Invariant, new ThreeBodyCheckpoint { State = s }, 1e-9, 10, a);
        ThreeBodyView.Write(ThreeBodyObservation.Invariant, new ThreeBodyCheckpoint { State = turned }, 1e-9, 10, b);
        for (int i = 0; i < 15; i++) Assert.Equal(a[i], b[i], 1e-5);
        Assert.True(a[0] <= a[3] && a[3] <= a[6]);
        Assert.Equal(9, a[12], 1e-5);
    }

    [Fact]
    public void Observation_Distance_IsTheClosestPair()
    {
        float[] a = new float[3];
        ThreeBodyView.Write(ThreeBodyObservation.Distance, new ThreeBodyCheckpoint { State = Orbits.Kepler(0.5) }, 1e-4, 10, a);
        Assert.Equal(0.05f, a[0], 1e-6f);
        Assert.Equal(Math.Sqrt(3), a[1], 1e-6);
        Assert.Equal(4, a[2], 1e-5);
    }

    [Fact]
    public void SeedSets_TrainingValidationAndTests_AreDisjoint()
    {
        SeedSet[] sets = [SeedSet.Training, SeedSet.Validation, SeedSet.TestA, SeedSet.TestB];
        foreach (SeedSet a in sets)
        {
            foreach (SeedSet b in sets.Where(b => b != a)) Assert.True(a.Bounds().Last < b.Bounds().First || b.Bounds().Last < a.Bounds().First);
        }
        var training = new ThreeBodyEnvironment();
        foreach (uint held in new uint[] { 0, 99, 150, 200, 299 })
            Assert.Throws<ArgumentOutOfRangeException>(() => training.Reset(held, new float[15]));
        training.Reset(1000, new float[15]);
    }

    [Fact]
    public void Step_BadInput_SaysWhatIsWrong()
    {
        var environment = new ThreeBodyEnvironment(Ours);
        Assert.Throws<InvalidOperationException>(() => environment.Step(0, new float[15]));
        environment.Reset(0, new float[15]);
        Assert.Contains("0 to 9", Assert.Throws<ArgumentOutOfRangeException>(() => environment.Step(10, new float[15])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => environment.Step(-1, new float[15]));
        Assert.Contains("writes 15", Assert.Throws<ArgumentException>(() => environment.Step(0, new float[14])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_BadOptions_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreeBodyEnvironment(Ours with { Checks = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreeBodyEnvironment(Ours with { Tolerance = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreeBodyEnvironment(Ours with { Price = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreeBodyEnvironment(Ours with { Seeds = (SeedSet)42 }));
        Assert.Throws<ArgumentException>(() => new ParameterLadder([0.1, 0.1]));
        Assert.Throws<ArgumentException>(() => new ParameterLadder([0.0, 0.1]));
        Assert.Throws<ArgumentException>(() => new ParameterLadder([0.1]));
    }

    [Fact]
    public void Step_AfterConstruction_AllocatesNothing()
    {
        var environment = new ThreeBodyEnvironment(Ours with { Checks = 5 });
        var observation = new float[15];
        Allocations.AssertNone(() =>
        {
            environment.Reset(0, observation);
            while (environment.IsRunning) environment.Step(7, observation);
        });
    }
}
