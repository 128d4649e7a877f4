using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class DoubleDqnTests : IDisposable
{
    private static readonly DoubleDqnOptions Small = new()
    {
        Hidden = [32], LearningRate = 2e-3, BatchSize = 32, ReplayCapacity = 2000, LearningStarts = 200, TargetShare = 0.02, Discount = 0.9, ExplorationSteps = 1000, ExplorationEnd = 0.3,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-dqn-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Train_Chain_LearnsTheValuesOfValueIteration(bool doubleEstimation, bool prioritised)
    {
        var agent = OnChain(Small with { DoubleEstimation = doubleEstimation, Prioritised = prioritised, CorrectionSteps = 5000 });
        agent.Train(5000);
        var optimal = Chain.Optimal(0.9);
        for (int s = 0; s < Chain.States; s++)
        {
            var values = Values(agent, s);
            // Neighbouring values differ by 0.08 and more; had the cut after three steps been taken for an end, state 0 would be worth 0.2 and not 0.62.
            for (int a = 0; a < 2; a++) Assert.True(Math.Abs(optimal[s, a] - values[a]) < 0.04, $"state {s}, action {a}: {values[a]}, optimal {optimal[s, a]}");
            Assert.Equal(optimal[s, 1] > optimal[s, 0], values[1] > values[0]);
        }
    }

    [Fact]
    public void Train_ChainWithThreeSteps_ActsOptimally()
    {
        // Rewards over several steps follow the exploring policy, so the values are biased; the order of the actions is not.
        var agent = OnChain(Small with { Steps = 3, ExplorationEnd = 0.1 });
        agent.Train(5000);
        for (int s = 0; s < Chain.States; s++) Assert.True(Values(agent, s)[1] > Values(agent, s)[0], $"state {s}");
    }

    [Fact]
    public void Train_DecisionsCost_ShiftsTheChoiceToTheNearEnd()
    {
        // At 0.3 per decision the far reward does not pay from state 0 (1 − 5·0.3 against 0.2 − 0.3), without costs it does.
        var agent = OnChain(Small with { DecisionCost = 0.3 });
        agent.Train(5000);
        Assert.True(Values(agent, 0)[0] > Values(agent, 0)[1]);
        Assert.True(Values(agent, 4)[1] > Values(agent, 4)[0]);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void Train_Resumed_EqualsTheUninterruptedRunBitForBit(bool prioritised, int steps)
    {
        var options = Small with { Prioritised = prioritised, Steps = steps, TrainEvery = 2, UpdatesPerTraining = 1 };
        string path = Path.Combine(_folder, "a.agent");
        var (whole, half, resumed) = (OnCartPole(options, 4), OnCartPole(options, 4), OnCartPole(options, 4));
        whole.Train(1000);
        half.Train(503); // in the middle of episodes, and not on a multiple of anything
        AgentCheckpoint.Save(path, half.Configuration, half);
        AgentCheckpoint.Load(path, resumed.Configuration, resumed);
        resumed.Train(1000);
        Assert.True(whole.Updates > 300);
        Assert.Equal(Bytes(whole), Bytes(resumed));
        Assert.False(File.Exists(path + ".next"));
    }

    [Fact]
    public void Load_OtherOptionsOrDamage_IsRefusedAndChangesNothing()
    {
        string path = Path.Combine(_folder, "a.agent");
        var agent = OnCartPole(Small, 1);
        agent.Train(300);
        AgentCheckpoint.Save(path, agent.Configuration, agent);
        foreach (var other in new[] { OnCartPole(Small, 2), OnCartPole(Small with { Discount = 0.8 }, 1), OnChain(Small) })
        {
            byte[] before = Bytes(other);
            Assert.Contains("configuration", Assert.Throws<InvalidDataException>(() => AgentCheckpoint.Load(path, other.Configuration, other)).Message, StringComparison.Ordinal);
            Assert.Equal(before, Bytes(other));
        }
        byte[] bytes = File.ReadAllBytes(path);
        var random = new RandomStream(1);
        for (int i = 0; i < 50; i++)
        {
            byte[] damaged = (byte[])bytes.Clone();
            damaged[random.NextInt32(damaged.Length)] ^= (byte)(1 << random.NextInt32(8));
            File.WriteAllBytes(path, i % 2 == 0 ? damaged : bytes[..random.NextInt32(bytes.Length)]);
            Assert.Throws<InvalidDataException>(() => AgentCheckpoint.Load(path, agent.Configuration, agent));
        }
    }

    [Fact]
    public void Train_FixedSeed_GivesTheSameBitsOnEveryMachine()
    {
        // The number is this program's own: it must not depend on the width of registers (run with DOTNET_EnableAVX512=0, EnableAVX2=0, EnableHWIntrinsic=0).
        var agent = OnCartPole(Small with { Prioritised = true, Steps = 2 }, 1);
        agent.Train(600);
        var hasher = new StateHasher(1);
        foreach (var p in agent.Policy.Network.Parameters) hasher.Add((ReadOnlySpan<float>)p.Value);
        Assert.Equal(0xCD94020A678EA47AUL, hasher.Value);
        var other = OnCartPole(Small with { Prioritised = true, Steps = 2 }, 2);
        other.Train(600);
        Assert.NotEqual(Bytes(agent), Bytes(other));
    }

    [Fact]
    public void Exploration_OverEpisodes_FallsInOneLine()
    {
        var agent = OnCartPole(Small with { LearningStarts = 100_000 }, 1);
        Assert.Equal(1, agent.Exploration);
        agent.Train(500);
        Assert.Equal(0.65, agent.Exploration, 1e-12);
        agent.Train(5000);
        Assert.Equal(0.3, agent.Exploration, 1e-12);
        Assert.Equal(0, agent.Updates);
        Assert.True(double.IsNaN(agent.Loss));
    }

    [Theory]
    [InlineData(1, 1, 101)] // one at step 100 itself
    [InlineData(50, 30, 90)]
    public void Train_Frequencies_GiveThatManyUpdates(int every, int updates, long expected)
    {
        var agent = OnChain(Small with { LearningStarts = 100, TrainEvery = every, UpdatesPerTraining = updates });
        agent.Train(200);
        Assert.Equal(expected, agent.Updates);
    }

    [Fact]
    public void Train_BeforeLearning_AllocatesNothing()
    {
        var agent = OnCartPole(Small with { LearningStarts = 100_000 }, 1);
        agent.Train(200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        agent.Train(2000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Train_WithUpdates_AllocatesNothing()
    {
        var agent = OnCartPole(Small with { Prioritised = true }, 1);
        agent.Train(400);
        long before = GC.GetAllocatedBytesForCurrentThread();
        agent.Train(900);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Train_FirstStep_StoresTheTransitionFromTheResetState()
    {
        // A published learner stores its first transition from zeros (notes §13, 14).
        var agent = new DoubleDqn(new VectorEnvironment(new CartPole()), Small with { LearningStarts = 100_000 }, 6);
        float[] first = agent.Environment.Observations.ToArray();
        agent.Train(1);
        var batch = new ReplayBatch(1, 4, 1);
        agent.Replay.Sample(new RandomStream(1), batch);
        Assert.Equal(first, batch.Observations);
        Assert.Equal(agent.Environment.FinalObservations.ToArray(), batch.NextObservations);
        Assert.NotEqual(first, new float[4]);
    }

    [Fact]
    public void Train_RateTooHigh_IsReportedAsDiverged()
    {
        var agent = OnChain(Small with { LearningRate = 1e30, ClipNorm = double.PositiveInfinity });
        Assert.Contains("learning rate", Assert.Throws<TrainingDivergedException>(() => agent.Train(3000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_Between_ChangesNothing()
    {
        var (a, b) = (OnCartPole(Small, 3), OnCartPole(Small, 3));
        a.Train(600);
        b.Train(400);
        double[] returns = b.Evaluate(new CartPole(), 10_000, 5);
        Assert.All(returns, r => Assert.InRange(r, 1, 500));
        Assert.Equal(returns, b.Evaluate(new CartPole(), 10_000, 5));
        b.Train(600);
        Assert.Equal(Bytes(a), Bytes(b));
    }

    [Fact]
    public void Constructor_WrongOptionsOrActions_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new DoubleDqn(new VectorEnvironment(new Pendulum()), Small, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnChain(Small with { Hidden = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnChain(Small with { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnChain(Small with { TargetShare = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnChain(Small with { LearningRate = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnChain(Small with { Steps = 0 }));
    }

    private static DoubleDqn OnChain(DoubleDqnOptions options) => new(new VectorEnvironment(new Chain()), options, 5);

    private static DoubleDqn OnCartPole(DoubleDqnOptions options, ulong seed) => new(new VectorEnvironment(new CartPole(), new CartPole()), options, seed);

    private static float[] Values(DoubleDqn agent, int state)
    {
        var seen = new float[Chain.States];
        Chain.Show(state, seen);
        return agent.Policy.Values(seen, 1).ToArray();
    }

    private static byte[] Bytes(DoubleDqn agent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        agent.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
