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
}
