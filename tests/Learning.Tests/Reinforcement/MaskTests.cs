using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>A forbidden action is never taken and never lets its value into a target.</summary>
public sealed class MaskTests
{
    private static readonly DoubleDqnOptions Small = new()
    {
        Hidden = [32], LearningRate = 2e-3, BatchSize = 32, ReplayCapacity = 2000, LearningStarts = 200, TargetShare = 0.02, Discount = 0.9, ExplorationSteps = 1000, ExplorationEnd = 0.3,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_MaskedChain_LearnsTheValuesOfTheAllowedActionsOnly(bool doubleEstimation)
    {
        // The trap pays 10 in every state and is forbidden in all but none: a learner that let it into a target would find values near 10.
        var agent = new DoubleDqn(new VectorEnvironment(new Trap()), Small with { DoubleEstimation = doubleEstimation }, 5);
        agent.Train(5000);
        var optimal = Chain.Optimal(0.9);
        var trap = new Trap();
        var seen = new float[Chain.States];
        for (int s = 0; s < Chain.States; s++)
        {
            Chain.Show(s, seen);
            var values = agent.Policy.Values(seen, 1).ToArray();
            for (int a = 0; a < 2; a++) Assert.True(Math.Abs(optimal[s, a] - values[a]) < 0.05, $"state {s}, action {a}: {values[a]}, optimal {optimal[s, a]}");
            Assert.NotEqual(2, agent.Policy.Best(seen, [true, true, false]));
        }
        Assert.All(agent.Evaluate(trap, 10_000, 50), r => Assert.InRange(r, -0.1, 1));
    }

    [Fact]
    public void Largest_MillionRandomMasks_IsAllowedAndBest()
    {
        var random = new RandomStream(1);
        var values = new float[12];
        var allowed = new bool[12];
        for (int i = 0; i < 1_000_000; i++)
        {
            for (int k = 0; k < 12; k++) (values[k], allowed[k]) = (random.NextInt32(9), random.NextInt32(4) == 0);
            allowed[random.NextInt32(12)] = true;
            int best = QNetwork.Largest(values, allowed);
            Assert.True(allowed[best]);
            for (int k = 0; k < 12; k++) Assert.True(!allowed[k] || values[k] < values[best] || values[k] == values[best] && k >= best);
        }
    }

    [Fact]
    public void Draw_RandomMasks_IsAlwaysAllowedAndReachesAll()
    {
        var random = new RandomStream(2);
        var allowed = new bool[12];
        foreach (int rungs in (int[])[1, 4])
        {
            for (int i = 0; i < 20_000; i++)
            {
                for (int k = 0; k < 12; k++) allowed[k] = random.NextInt32(4) == 0;
                allowed[random.NextInt32(12)] = true;
                Assert.True(allowed[RandomChoice.Draw(random, 12, rungs, allowed)]);
            }
            var seen = new bool[12];
            for (int i = 0; i < 5000; i++) seen[RandomChoice.Draw(random, 12, rungs, default)] = true;
            Assert.DoesNotContain(false, seen);
        }
    }

    [Fact]
    public void Draw_Rungs_HalfUniformAndHalfByTicks()
    {
        // P(k) = 1/2·1/4 + 1/2·2^-k/(1 + 1/2 + 1/4 + 1/8): 0.3917, 0.2583, 0.1917, 0.1583.
        var random = new RandomStream(3);
        const int Draws = 200_000;
        var counts = new int[4];
        for (int i = 0; i < Draws; i++) counts[RandomChoice.Draw(random, 8, 4, default) % 4]++;
        // Five standard errors: 5·√(0.25/200 000) = 0.0056.
        for (int k = 0; k < 4; k++) Assert.Equal(0.125 + 0.5 / (1 << k) / 1.875, counts[k] / (double)Draws, 0.0056);
    }

    [Fact]
    public void Step_Vector_KeepsThePresentAndTheFinalMask()
    {
        var vector = new VectorEnvironment(new Trap(), new Trap());
        var alone = new Trap();
        var seen = new float[Chain.States];
        var flags = new bool[3];
        vector.Reset(9);
        alone.Reset(VectorEnvironment.EpisodeSeed(9, 1, 0), seen);
        for (int i = 0, episode = 0; i < 200; i++)
        {
            alone.Allowed(flags);
            Assert.Equal(flags, vector.Allowed[3..].ToArray());
            bool done = alone.Step([i % 2], seen).Done;
            vector.Step([0, i % 2]);
            alone.Allowed(flags);
            Assert.Equal(flags, vector.FinalAllowed[3..].ToArray());
            if (done) alone.Reset(VectorEnvironment.EpisodeSeed(9, 1, ++episode), seen);
        }
        var frozen = new ArrayBufferWriter<byte>();
        vector.Freeze(frozen);
        var other = new VectorEnvironment(new Trap(), new Trap());
        other.Thaw(frozen.WrittenSpan);
        Assert.Equal(vector.Allowed.ToArray(), other.Allowed.ToArray());
        Assert.False(new VectorEnvironment(new Chain()).IsMasked);
        Assert.Throws<ArgumentException>(() => new VectorEnvironment(new HeldEnvironment(new Trap(), 2, 1), new Trap()));
    }

    [Fact]
    public void Step_MaskAllowsNothing_IsRefused()
    {
        var vector = new VectorEnvironment(new Trap { Closed = true });
        Assert.Contains("allows none of 3", Assert.Throws<InvalidOperationException>(() => vector.Reset(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_HeldActionBecomesForbidden_EndsTheHoldWithTheTicksExecuted()
    {
        var inner = new Trap();
        var held = new HeldEnvironment(inner, 3, 0.9);
        var seen = new float[Chain.States];
        var flags = new bool[9];
        held.Reset(0, seen);
        inner.Place(1);
        held.Allowed(flags);
        Assert.Equal([true, true, true, true, true, true, false, false, false], flags);
        // The trap opens in state 0 alone: one step left from 1, then it is held for at most the step that leaves.
        Assert.True(held.IsMasked);
        inner.Place(0, trapOpen: true);
        held.Allowed(flags);
        Assert.True(flags[8]);
        var result = held.Step([8], seen);
        Assert.Equal((1, false), (result.Ticks, result.Done));
        Assert.False(new HeldEnvironment(new Chain(), 2, 1).IsMasked);
    }

    [Fact]
    public void Train_ResumedWithMasksAndRungs_EqualsTheUninterruptedRun()
    {
        DoubleDqn Agent() => new(new VectorEnvironment(new HeldEnvironment(new Trap(), 3, 0.9), new HeldEnvironment(new Trap(), 3, 0.9)), Small with { Rungs = 3, Steps = 2, Energy = new EnergyBudget { Watts = 0.5, BlockSteps = 70 } }, 4);
        var (whole, half, resumed) = (Agent(), Agent(), Agent());
        whole.Train(900);
        half.Train(451);
        var frozen = new ArrayBufferWriter<byte>();
        half.Freeze(frozen);
        resumed.Thaw(frozen.WrittenSpan);
        resumed.Train(900);
        var (a, b) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        whole.Freeze(a);
        resumed.Freeze(b);
        Assert.Equal(a.WrittenSpan.ToArray(), b.WrittenSpan.ToArray());
        Assert.True(whole.Energy.Price > 0);
        Assert.Throws<ArgumentException>(() => new DoubleDqn(new VectorEnvironment(new HeldEnvironment(new Trap(), 3, 0.9)), Small with { Rungs = 2 }, 1));
    }

    [Fact]
    public void Add_MaskOfOtherLength_IsRefused()
    {
        var plain = new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 4 });
        Assert.Throws<ArgumentException>(() => plain.Add(0, [1], [0], new StepResult(0, false, false), [1], [true]));
        var masked = new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 4, MaskedChoices = 70 });
        Assert.Throws<ArgumentException>(() => masked.Add(0, [1], [0], new StepResult(0, false, false), [1]));
        bool[] flags = [.. Enumerable.Range(0, 70).Select(i => i % 3 == 0)];
        masked.Add(0, [1], [0], new StepResult(0, false, false), [1], flags);
        var batch = new ReplayBatch(2, 1, 1, 70);
        masked.Sample(new RandomStream(1), batch);
        Assert.Equal([.. flags, .. flags], batch.NextAllowed);
    }

    /// <summary>The chain with a third action that pays 10 and stays where it is, and that is forbidden, except where a test opens it.</summary>
    private sealed class Trap : IMaskedEnvironment
    {
        private readonly Chain _chain = new();
        private readonly bool[] _open = new bool[1];
        private float[] _seen = new float[Chain.States];

        public bool Closed { get; init; }

        public string Name => "Trap-v0";

        public BoxSpace ObservationSpace => _chain.ObservationSpace;

        public Space ActionSpace { get; } = new DiscreteSpace(3);

        public double TickSeconds => 1;

        public void Place(int state, bool trapOpen = false)
        {
            Chain.Show(state, _seen);
            _open[0] = trapOpen;
        }

        public void Allowed(Span<bool> allowed)
        {
            allowed.Fill(!Closed);
            allowed[2] = _open[0];
        }

        public void Reset(ulong seed, Span<float> observation)
        {
            _chain.Reset(seed, observation);
            _open[0] = false;
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            if (action[0] == 2 && !_open[0]) throw new ArgumentException("A forbidden action was taken.", nameof(action));
            if (action[0] != 2) return _chain.Step(action, observation) with { Joules = 1 };
            _open[0] = false;
            _seen.CopyTo(observation);
            return new StepResult(10, false, false);
        }

        public void Freeze(IBufferWriter<byte> writer) => _chain.Freeze(writer);

        public void Thaw(ReadOnlySpan<byte> state) => _chain.Thaw(state);
    }
}
