using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAutonomy.Perception.Tests;

public class ExitPolicyTests
{
    [Fact]
    public void FixedExit_StopsAtItsStepOrTheLast()
    {
        var policy = new FixedExit(3);
        Assert.Equal(new ExitDecision(ExitReason.None, 1, ClassSet.Of(1)), policy.Decide(2, 10, [0, 4, 1]));
        Assert.Equal(ExitReason.Rule, policy.Decide(3, 10, [0, 4, 1]).Reason);
        Assert.Equal(ExitReason.LastStep, policy.Decide(2, 2, [0, 4, 1]).Reason);
    }

    [Theory]
    [InlineData(new[] { 3f, 8f, 1f }, 5.0, true, 1)]
    [InlineData(new[] { 3f, 7f, 1f }, 5.0, false, 1)]
    [InlineData(new[] { 7f, 7f, 7f }, 1.0, false, 0)] // ties go to the lower number, and have no margin
    [InlineData(new[] { float.NaN, 7f, float.PositiveInfinity }, 7.0, true, 1)] // what is not finite is the least possible
    [InlineData(new[] { float.NaN, float.NaN }, 1.0, false, -1)]
    [InlineData(new[] { 4f }, 4.0, true, 0)]
    public void MarginExit_Readouts_StopsWhereTheMarginIsReached(float[] readout, double margin, bool stops, int top)
    {
        var decision = new MarginExit(margin).Decide(1, 100, readout);
        Assert.Equal((stops, top), (decision.IsStop, decision.Class));
        Assert.Equal(top < 0 ? ClassSet.Empty : ClassSet.Of(top), decision.Set);
        Assert.True(new MarginExit(margin).Decide(100, 100, readout).IsStop);
    }

    [Fact]
    public void ConfidenceExit_IsSoftmaxOverTemperature()
    {
        // e^(3/2) / (e^(3/2) + e^(1/2) + 1) = 0.6285317…
        float[] readout = [1, 3, 0];
        double confidence = Math.Exp(1.5) / (Math.Exp(1.5) + Math.Exp(0.5) + 1);
        Assert.Equal(confidence, Readout.Confidence(readout, 1, 2), 14);
        Assert.False(new ConfidenceExit(2, confidence + 1e-9).Decide(1, 9, readout).IsStop);
        Assert.True(new ConfidenceExit(2, confidence - 1e-9).Decide(1, 9, readout).IsStop);
        Assert.Equal(1 - Math.Exp(0.5) / (Math.Exp(1.5) + Math.Exp(0.5) + 1), Readout.Score(readout, 0, 1, 2), 14);
        // Far apart: no overflow, no NaN.
        Assert.Equal(1, Readout.Confidence([-3e38f, 3e38f], 1, 1e-3));
    }

    [Fact]
    public void ConformalExit_EmptyOrLargeSet_NeverStopsBeforeTheLastCheckpoint()
    {
        var policy = new ConformalExit(0.9, 1, 4, [2, 4, 6], [0.1, 0.1, 0.1]);
        // All alike: every score is 0.75, so the set is empty.
        for (int step = 1; step <= 5; step++)
        {
            var decision = policy.Decide(step, 10, [1, 1, 1, 1]);
            Assert.False(decision.IsStop);
            Assert.Equal(step % 2 == 0 ? 0 : 4, decision.Set.Count);
        }
        var last = policy.Decide(6, 10, [1, 1, 1, 1]);
        Assert.Equal((ExitReason.LastStep, 0), (last.Reason, last.Set.Count));

        var wide = new ConformalExit(0.9, 1, 4, [2, 4], [0.8, 0.8], maxSetSize: 2);
        Assert.False(wide.Decide(2, 10, [1, 1, 1, 1]).IsStop); // all four
        var two = wide.Decide(2, 10, [5, 5, 0, 0]);
        Assert.Equal((ExitReason.Rule, ClassSet.Of(0).With(1)), (two.Reason, two.Set));
        Assert.False(wide.Decide(3, 10, [9, 0, 0, 0]).IsStop); // no checkpoint
        Assert.Equal(ClassSet.First(4), wide.Decide(4, 10, [float.NaN, float.NaN, float.NaN, float.NaN]).Set);
    }

    [Fact]
    public void Decide_WrongNumberOfClasses_Throws()
    {
        Assert.Throws<ArgumentException>(() => new FixedExit(1).Decide(1, 1, []));
        Assert.Throws<ArgumentException>(() => new MarginExit(1).Decide(1, 1, new float[129]));
        Assert.Throws<ArgumentException>(() => new ConformalExit(0.9, 1, 4, [1], [0.5]).Decide(1, 1, new float[3]));
        Assert.Equal(127, new FixedExit(1).Decide(1, 1, [.. new float[127], 1f]).Class);
    }

    [Fact]
    public void Decide_AllPolicies_DoNotAllocate()
    {
        float[] readout = [1, 5, 2, 0];
        IExitPolicy[] policies = [new FixedExit(3), new MarginExit(2), new ConfidenceExit(2, 0.9), new ConformalExit(0.9, 2, 4, [1, 2], [0.5, 0.5])];
        var anytime = new AnytimeExit(policies[3], 10, 4);
        Allocations.AssertNone(() =>
        {
            foreach (var policy in policies) policy.Decide(1, 10, readout);
            anytime.Begin();
            anytime.Observe(readout);
            _ = anytime.Answer;
            _ = anytime.Result;
        });
    }

    [Fact]
    public void Thresholds_Higher_NeverStopEarlier()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            var random = new RandomStream(seed);
            var traces = TraceMaker.Counts(random, 20, 30, 2 + random.NextInt32(8));
            double temperature = random.NextDouble(0.5, 8), low = random.NextDouble(0.1, 0.9), high = random.NextDouble(low, 1);
            int margin = 1 + random.NextInt32(6);
            bool isMonotone = true;
            for (int i = 0; i < traces.Samples; i++)
            {
                isMonotone &= StepsOf(new ConfidenceExit(temperature, low), traces, i) <= StepsOf(new ConfidenceExit(temperature, high), traces, i);
                isMonotone &= StepsOf(new MarginExit(margin), traces, i) <= StepsOf(new MarginExit(margin + 1), traces, i);
                isMonotone &= StepsOf(new FixedExit(margin), traces, i) <= StepsOf(new FixedExit(margin + 1), traces, i);
            }
            return isMonotone;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), property);
    }

    [Fact]
    public void ClassSet_Members_AreWhatWasPutIn()
    {
        var set = ClassSet.Empty.With(0).With(64).With(127).With(128).With(-1);
        Assert.Equal("{0, 64, 127}", set.ToString());
        Assert.Equal(3, set.Count);
        Assert.True(set.Contains(64) && !set.Contains(63) && !set.Contains(128) && !set.Contains(-1));
        Assert.Equal(128, ClassSet.First(128).Count);
        Assert.Equal(0, ClassSet.First(0).Count);
        Assert.Equal(5, ClassSet.First(5).Count);
    }

    private static int StepsOf(IExitPolicy policy, ExitTraces traces, int sample)
    {
        int step = 1;
        while (!policy.Decide(step, traces.Steps, traces.After(sample, step)).IsStop) step++;
        return step;
    }
}
