using System.Buffers;

namespace EdgeAutonomy.Learning.Tests;

public sealed class HeldEnvironmentTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    public void Step_Rung_EqualsThatManySingleSteps(int rung, int steps)
    {
        var single = new CartPole();
        var held = new HeldEnvironment(new CartPole(), 3, 0.9);
        float[] a = new float[4], b = new float[4];
        single.Reset(3, a);
        held.Reset(3, b);
        double reward = 0;
        for (int i = 0; i < steps; i++) reward += Math.Pow(0.9, i) * single.Step([1], a).Reward;
        var result = held.Step([1 * 3 + rung], b);
        Assert.Equal(a, b);
        Assert.Equal(reward, result.Reward, 1e-14);
        Assert.Equal((steps, false), (result.Ticks, result.Done));
    }

    [Fact]
    public void Step_EndInsideAHold_GivesTheTicksThatWereExecuted()
    {
        // Pushed right from rest the pole falls in step 9.
        var inner = new CartPole();
        var held = new HeldEnvironment(inner, 4, 1);
        var o = new float[4];
        held.Reset(1, o);
        inner.Start([0, 0, 0, 0], o);
        Assert.Equal(new StepResult(8, false, false, 8), held.Step([7], o));
        Assert.Equal(new StepResult(1, true, false, 1), held.Step([7], o));
        Assert.Throws<InvalidOperationException>(() => held.Step([7], o));
        Assert.Throws<ArgumentException>(() => held.Step([8], o));
        Assert.Throws<ArgumentException>(() => new HeldEnvironment(new HeldEnvironment(new Pendulum(), 3, 1), 2, 1));
    }

    [Fact]
    public void Train_RewardOfOnePerTick_IsWorthTheSameAtEveryRung()
    {
        // V = 1/(1 − γ) = 5 however long each decision is held. Discounted once per decision, the rung of 4 ticks would be worth (1 + 0.8 + 0.64 + 0.512)/(1 − 0.8) = 14.8.
        var agent = Trained(decisionCost: 0);
        foreach (float value in agent.Policy.Values([1], 1)) Assert.Equal(5, value, 0.1);
    }

    [Fact]
    public void Train_DecisionsCost_MakesTheLongestHoldBest()
    {
        // c = 1 per decision: always holding 4 ticks is worth 5 − 1/(1 − 0.8⁴) = 3.306; one single tick first costs 1 − 1 + 0.8·3.306 = 2.645.
        var values = Trained(decisionCost: 1).Policy.Values([1], 1);
        Assert.Equal(2.645, values[0], 0.1);
        Assert.Equal(3.306, values[2], 0.1);
    }

    [Fact]
    public void Train_TwoStatesOfDifferentTicks_HasTheValuesOfTheSemiMarkovProcess()
    {
        // A: 2 after 3 ticks, then B; B: 1 after 1 tick, then A. γ = 0.8: A = (2 + γ³)/(1 − γ⁴) = 4.255, B = 1 + γ·A = 4.404. With γ per decision A would be 7.78.
        var options = new DoubleDqnOptions { Hidden = [16], LearningRate = 3e-3, BatchSize = 32, ReplayCapacity = 1000, LearningStarts = 100, TargetShare = 0.02, Discount = 0.8, ExplorationEnd = 1 };
        var agent = new DoubleDqn(new VectorEnvironment(new TwoStates()), options, 2);
        agent.Train(4000);
        Assert.Equal(4.255, agent.Policy.Values([0], 1)[0], 0.08);
        Assert.Equal(4.404, agent.Policy.Values([1], 1)[0], 0.08);
    }

    [Fact]
    public void Step_EveryRungAndInterruption_StoresTheDiscountOfTheTicksExecuted()
    {
        // Pushed right from rest the pole falls in step 9, whatever the rungs: the last hold is cut, and 0 stands for its end; a limit of 6 steps cuts it and bootstraps.
        foreach (int limit in (int[])[6, 500])
        {
            var held = new HeldEnvironment(new CartPole(stepLimit: limit), 3, 0.9);
            var replay = new ReplayBuffer(4, 1, 1, new ReplayOptions { Capacity = 8, Discount = 0.9 });
            float[] seen = new float[4], next = new float[4];
            held.Reset(1, seen);
            var ticks = new List<int>();
            StepResult result;
            do
            {
                result = held.Step([5], next);
                replay.Add(0, seen, [5], result, next);
                ticks.Add(result.Ticks);
                next.CopyTo(seen, 0);
            }
            while (!result.Done);
            var batch = new ReplayBatch(64, 4, 1);
            replay.Sample(new Runtime.RandomStream(1), batch);
            float last = limit == 6 ? (float)Math.Pow(0.9, 2) : 0;
            Assert.Equal((limit == 6, limit == 6 ? 2 : ticks.Sum() % 4), (result.Truncated, ticks[^1] % 4));
            Assert.All(batch.Discounts, d => Assert.True(Math.Abs(d - (float)Math.Pow(0.9, 4)) < 1e-6 || Math.Abs(d - last) < 1e-6, $"{d}"));
            Assert.Contains(batch.Discounts, d => Math.Abs(d - last) < 1e-6);
        }
    }

    [Fact]
    public void Step_ContinuousActions_AreHeldForTheRungBehindThem()
    {
        var single = new Pendulum();
        var held = new HeldEnvironment(new Pendulum(), 3, 0.9);
        Assert.Equal(new HeldSpace(new BoxSpace([-2], [2]), 3), held.ActionSpace);
        float[] a = new float[3], b = new float[3];
        single.Reset(3, a);
        held.Reset(3, b);
        double reward = 0;
        for (int i = 0; i < 4; i++) reward += Math.Pow(0.9, i) * single.Step([1.5f], a).Reward;
        var result = held.Step([1.5f, 2], b);
        Assert.Equal(a, b);
        Assert.Equal(reward, result.Reward, 1e-12);
        Assert.Equal(4, result.Ticks);
        foreach (float rung in (float[])[-1, 3, 0.5f, float.NaN]) Assert.Throws<ArgumentException>(() => held.Step([0, rung], b));
        Assert.Throws<ArgumentException>(() => held.Step([0], b));
        var random = new Runtime.RandomStream(1);
        var sample = new float[2];
        for (int i = 0; i < 1000; i++)
        {
            held.ActionSpace.Sample(random, sample);
            Assert.True(held.ActionSpace.Contains(sample));
        }
    }

    [Fact]
    public void Step_FirstRung_IsTheOnlyDuration()
    {
        var held = new HeldEnvironment(new CartPole(), 1, 1, firstRung: 2);
        var seen = new float[4];
        held.Reset(1, seen);
        Assert.Equal(4, held.Step([1], seen).Ticks);
        Assert.Throws<ArgumentException>(() => new HeldEnvironment(new CartPole(), 8, 1, firstRung: 9));
        var costed = new CostedEnvironment(new HeldEnvironment(new CartPole(), 1, 1, firstRung: 2), 0.3);
        costed.Reset(1, seen);
        Assert.Equal(3.7, costed.Step([1], seen).Reward, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CostedEnvironment(new CartPole(), double.NaN));
    }

    private static DoubleDqn Trained(double decisionCost)
    {
        var options = new DoubleDqnOptions { Hidden = [16], LearningRate = 2e-3, BatchSize = 32, ReplayCapacity = 2000, LearningStarts = 100, TargetShare = 0.02, Discount = 0.8, ExplorationEnd = 1, DecisionCost = decisionCost };
        var agent = new DoubleDqn(new VectorEnvironment(new HeldEnvironment(new Constant(), 3, 0.8)), options, 2);
        agent.Train(4000);
        return agent;
    }

    /// <summary>Gives 1 per tick for ever: a cut-off would shorten holds, and the state does not show it coming.</summary>
    private sealed class Constant : IEnvironment
    {
        public string Name => "Constant-v0";

        public BoxSpace ObservationSpace { get; } = new([1], [1]);

        public Space ActionSpace { get; } = new DiscreteSpace(1);

        public double TickSeconds => 1;

        public void Reset(ulong seed, Span<float> observation) => observation[0] = 1;

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation) => new(observation[0] = 1, false, false);

        public void Freeze(IBufferWriter<byte> writer) => throw new NotSupportedException();

        public void Thaw(ReadOnlySpan<byte> state) => throw new NotSupportedException();
    }

    private sealed class TwoStates : IEnvironment
    {
        private int _state;

        public string Name => "TwoStates-v0";

        public BoxSpace ObservationSpace { get; } = new([0], [1]);

        public Space ActionSpace { get; } = new DiscreteSpace(1);

        public double TickSeconds => 1;

        public void Reset(ulong seed, Span<float> observation) => observation[0] = _state = 0;

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            var result = _state == 0 ? new StepResult(2, false, false, 3) : new StepResult(1, false, false);
            observation[0] = _state = 1 - _state;
            return result;
        }

        public void Freeze(IBufferWriter<byte> writer)
        {
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
        }
    }
}
