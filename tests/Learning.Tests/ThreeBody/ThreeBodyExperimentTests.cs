using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class ThreeBodyExperimentTests
{
    [Fact]
    public void Run_Small_HasEveryArmWithItsIntervalsAndVerdicts()
    {
        ThreeBodyPlan plan = ThreeBodyPlan.Quick with { Checks = 6, A = [0, 1, 2], B = [200, 201, 202], Resamples = 40, Forecast = (4, 2), Steps = 70, PublishedEpisodes = 1 };
        ThreeBodyCase[] cases = [.. ThreeBodyCase.All(quick: true).Select(c => c with { Tolerances = [1e-7, 1e-8] })];
        ExperimentResult found = ThreeBodyExperiment.Run(new ExperimentContext { Seeds = 2 }, plan, cases);
        string[] arms = [.. found.Rows.Select(r => r.Arm).Distinct()];
        foreach (string arm in new[]
        {
            "dkd4 fixed/1e-3", "dkd4 random", "dkd4 retry/1e-7", "dkd4 retry-warm/1e-7", "dkd4 fine retry/1e-7", "dkd4 oracle-greedy/1e-7", "dkd4 oracle-lagrange/1e-9", "dkd4 retry-order/1e-8", "dkd4 error-pi/1e-8",
            "dkd4 learned^1/1e-8", "dkd4 learned+retry/1e-7", "dkd4 learned+retry^1/1e-7", "dkd4 dqn/0.3", "dkd4 dqn+retry 0.3/1e-7", "hermite from dkd4: learned+retry/1e-8", "hermite fixed/1e-1",
        }) Assert.Contains(arm, arms);
        Assert.All(found.Rows.Where(r => r.Metric.StartsWith("mean", StringComparison.Ordinal)), r => Assert.True(r.Value.Low <= r.Value.Value && r.Value.Value <= r.Value.High));
        // One verdict on the front that the experiment asks for, one on the wide front.
        Assert.Equal(2 * arms.Count(a => a.Contains("learned", StringComparison.Ordinal) || a.Contains("dqn", StringComparison.Ordinal)), found.Rows.Count(r => r.Metric.StartsWith("verdict", StringComparison.Ordinal)));
        Assert.All(found.Curves, c => Assert.True(c.HasMarks));
    }

    [Fact]
    public void Plan_TestSets_ShareNoSeedWithTrainingOrValidation()
    {
        uint[] all = [.. new ThreeBodyPlan().All];
        Assert.Equal(300, all.Distinct().Count());
        Assert.DoesNotContain(all, s => s >= SeedSet.Training.Bounds().First || (s >= SeedSet.Validation.Bounds().First && s <= SeedSet.Validation.Bounds().Last));
    }

    [Fact]
    public void Training_Interrupted_GoesOnAndGivesTheSameForecast()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{nameof(ThreeBodyExperimentTests)}-{Environment.ProcessId}.checkpoint");
        ThreeBodyPlan plan = ThreeBodyPlan.Quick with { Checks = 15, Forecast = (3, 4), Resamples = 40 };
        ThreeBodyCase c = ThreeBodyCase.All(quick: true)[0];
        try
        {
            var straight = (ForecastModel)ThreeBodyTraining.Run(new ExperimentContext(), null, plan, c, 2).Model;
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => ThreeBodyTraining.Run(
                new ExperimentContext { Stop = stop.Token, Progress = (_, what) => { if (what == "epoch 3 of 4") stop.Cancel(); } }, path, plan, c, 2));
            Assert.True(File.Exists(path));
            var resumed = (ForecastModel)ThreeBodyTraining.Run(new ExperimentContext(), path, plan, c, 2).Model;
            ThreeBodyState state = ThreeBodySystem.FromSeed(4);
            Assert.Equal(straight.Forecast.Predict(state, -9, 1).ToArray(), resumed.Forecast.Predict(state, -9, 1).ToArray());
            Assert.False(File.Exists(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Task_FrozenAndThawed_GoesOnBitForBit()
    {
        var options = new ThreeBodyEnvironmentOptions { Checks = 10 };
        ThreeBodyTask a = new(options), b = new(options);
        float[] seenA = new float[15], seenB = new float[15];
        a.Reset(1234, seenA);
        a.Step([7f], seenA);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        StepResult last = default;
        for (int i = 0; i < 9; i++)
        {
            last = a.Step([8f], seenA);
            Assert.Equal(last, b.Step([8f], seenB));
            Assert.Equal(seenA, seenB);
        }
        Assert.True(last.Truncated && !last.Terminated);
        Assert.Throws<InvalidOperationException>(() => a.Step([8f], seenA));
    }

    [Fact]
    public void Task_SeedsOfAVector_FoldIntoTheTrainingSet()
    {
        var task = new ThreeBodyTask(new ThreeBodyEnvironmentOptions());
        var seen = new float[15];
        for (int i = 0; i < 50; i++)
        {
            task.Reset(VectorEnvironment.EpisodeSeed(3, 0, i), seen);
            Assert.InRange(task.Environment.Seed, SeedSet.Training.Bounds().First, SeedSet.Training.Bounds().Last);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Reset(5, seen));
    }

    [Fact]
    public void DoubleDqn_OnTheTask_IsAFunctionOfItsSeed()
    {
        float[] first = Train(1), again = Train(1), other = Train(2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        static float[] Train(ulong seed)
        {
            var options = new ThreeBodyEnvironmentOptions { Checks = 20, Ladder = ParameterLadder.Logarithmic(1e-2, 1e-1, 4) };
            return StepPolicies.Train(options, StepPolicies.Learner(300) with { Hidden = [16] }, 300, seed, CancellationToken.None).Network.Parameters[0].Value;
        }
    }

    [Fact]
    public void TiedNetwork_HasThePublishedWeightsAndRightGradients()
    {
        var network = new TiedNetwork(13, 10, 9, 1);
        Assert.Equal(45_010, network.Parameters.Sum(p => p.Value.Length));
        var small = new TiedNetwork(4, 3, 3, 1);
        var random = RandomStream.For(1, "tied");
        float[] x = [.. Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble(-1, 1))], weights = [1, -2, 0.5f, 0.3f, 1, -1];
        small.Forward(x, 2, training: true);
        small.Backward([.. weights]);
        foreach (Parameter<float> p in small.Parameters)
        {
            int at = p.Value.Length / 3;
            float own = p.Value[at], gradient = p.Gradient[at];
            const float Step = 1e-2f;
            p.Value[at] = own + Step;
            double above = Sum();
            p.Value[at] = own - Step;
            double below = Sum();
            p.Value[at] = own;
            // float32 sums of about 1 over a step of 2e-2: 1e-4 of noise, and a kink of a ReLU now and then.
            Assert.Equal((above - below) / (2 * Step), gradient, 2e-3 + (0.02 * Math.Abs(gradient)));
        }

        double Sum()
        {
            ReadOnlySpan<float> y = small.Forward(x, 2);
            double sum = 0;
            for (int i = 0; i < y.Length; i++) sum += y[i] * weights[i];
            return sum;
        }
    }

    [Fact]
    public void PublishedLearner_OneEpisode_IsAFunctionOfItsSeed()
    {
        Assert.Equal(Train(1), Train(1));

        static float[] Train(ulong seed)
        {
            var learner = new PublishedDqn(new PublishedDqnOptions { Episodes = 1, BatchSize = 4, HiddenPasses = 1 }, ThreeBodyEnvironmentOptions.Published with { Checks = 8, Ladder = ParameterLadder.Logarithmic(1e-2, 1e-1, 4) }, seed);
            learner.Run(CancellationToken.None);
            return learner.Best.Parameters[2].Value;
        }
    }
}
