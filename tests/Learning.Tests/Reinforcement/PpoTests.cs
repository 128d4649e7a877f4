using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class PpoTests : IDisposable
{
    private static readonly PpoOptions Small = new() { Hidden = [16], RolloutSteps = 32, BatchSize = 24, Epochs = 4, LearningRate = 3e-3, Discount = 0.9, EntropyWeight = 0.01 };

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-ppo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Train_Chain_FindsTheBestActionsOfValueIteration()
    {
        var agent = new Ppo(new VectorEnvironment(new Chain(), new Chain()), Small, 3);
        agent.Train(20_000);
        var optimal = Chain.Optimal(0.9);
        float[] seen = new float[Chain.States], action = new float[1];
        for (int s = 0; s < Chain.States; s++)
        {
            Chain.Show(s, seen);
            agent.Actor.Act(seen, default, action);
            Assert.Equal(optimal[s, 1] > optimal[s, 0] ? 1 : 0, action[0]);
        }
    }

    [Fact]
    public void Train_ContinuousTarget_FindsIt()
    {
        var agent = new Ppo(new VectorEnvironment(new Aim()), Small with { EntropyWeight = 0, Discount = 0 }, 1);
        agent.Train(20_000);
        foreach (float x in (float[])[-0.8f, 0, 0.6f])
        {
            var action = new float[1];
            agent.Actor.Act([x], default, action);
            Assert.Equal(Aim.Best(x), action[0], 0.1);
        }
    }

    [Theory]
    [InlineData(false, 503)]
    [InlineData(true, 512)]
    [InlineData(true, 777)]
    public void Train_Resumed_EqualsTheUninterruptedRunBitForBit(bool continuous, int half)
    {
        Ppo Agent() => continuous
            ? new Ppo(new VectorEnvironment(new Pendulum(30), new Pendulum(30)), Small with { ScaleObservations = true, ScaleRewards = true, LearningRateEnd = 0, ScheduleSteps = 2000 }, 4)
            : new Ppo(new VectorEnvironment(new CartPole(), new CartPole()), Small with { ClipRangeEnd = 0, ScheduleSteps = 2000 }, 4);
        string path = Path.Combine(_folder, "a.agent");
        var (whole, first, resumed) = (Agent(), Agent(), Agent());
        whole.Train(1400);
        first.Train(half); // inside a rollout, unless it is its end
        AgentCheckpoint.Save(path, first.Configuration, first);
        AgentCheckpoint.Load(path, resumed.Configuration, resumed);
        resumed.Train(1400);
        Assert.True(whole.Updates > 100);
        Assert.Equal(Bytes(whole), Bytes(resumed));
    }

    [Fact]
    public void Train_FixedSeed_GivesTheSameBitsOnEveryMachine()
    {
        // The number is this program's own: it must not depend on the width of registers (run with DOTNET_EnableAVX512=0, EnableAVX2=0, EnableHWIntrinsic=0).
        var agent = new Ppo(new VectorEnvironment(new CartPole()), Small with { Hidden = [20, 7] }, 1);
        agent.Train(320);
        var hasher = new StateHasher(1);
        foreach (var p in agent.Policy.Network.Parameters) hasher.Add((ReadOnlySpan<float>)p.Value);
        Assert.Equal(PpoHash, hasher.Value);
    }

    [Fact]
    public void Train_MaskedActions_AreNeverTaken()
    {
        var environment = new OnlyOdd();
        var agent = new Ppo(new VectorEnvironment(environment), Small, 2);
        agent.Train(3000); // OnlyOdd throws otherwise
        var action = new float[1];
        agent.Actor.Act([0], [true, false, true, false], action);
        Assert.Contains((int)action[0], (int[])[0, 2]);
    }

    [Fact]
    public void Train_AfterTheFirstUpdates_AllocatesNothing()
    {
        foreach (var environment in (IEnvironment[])[new CartPole(), new Pendulum()])
        {
            var agent = new Ppo(new VectorEnvironment(environment), Small with { ScaleObservations = true, ScaleRewards = true }, 1);
            agent.Train(100);
            long before = GC.GetAllocatedBytesForCurrentThread();
            agent.Train(1000);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Train_RateTooHigh_IsReportedAsDiverged()
    {
        var agent = new Ppo(new VectorEnvironment(new Pendulum()), Small with { LearningRate = 1e30, ClipNorm = double.PositiveInfinity }, 1);
        Assert.Contains("learning rate", Assert.Throws<TrainingDivergedException>(() => agent.Train(3000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WrongOptionsOrActions_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Ppo(new VectorEnvironment(new HeldEnvironment(new Pendulum(), 2, 1)), Small, 1));
        foreach (var options in (PpoOptions[])[Small with { Hidden = [] }, Small with { Epochs = 0 }, Small with { Lambda = 1.1 }, Small with { ClipRange = 0 }, Small with { LearningRate = double.NaN }, Small with { ClipRangeEnd = -1 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new Ppo(new VectorEnvironment(new CartPole()), options, 1));
        }
        Assert.Throws<ArgumentException>(() => new Ppo(new VectorEnvironment(new CartPole()), Small, 1).Actor.Act([1, 2, 3], default, new float[1]));
    }

    [Fact]
    public void Copy_LaterTraining_LeavesItAlone()
    {
        var agent = new Ppo(new VectorEnvironment(new Pendulum()), Small with { ScaleObservations = true }, 1);
        agent.Train(200);
        var copy = agent.Actor.Copy();
        float[] before = new float[1], after = new float[1], now = new float[1];
        copy.Act([0.5f, 0.5f, 1], default, before);
        agent.Train(800);
        copy.Act([0.5f, 0.5f, 1], default, after);
        agent.Actor.Act([0.5f, 0.5f, 1], default, now);
        Assert.Equal(before, after);
        Assert.NotEqual(before, now);
    }

    private static byte[] Bytes(IAgent agent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        agent.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private const ulong PpoHash = 0x2BBD24B3121D0BEB;

    /// <summary>Four choices of which one is forbidden by turns; the reward wants the highest allowed.</summary>
    private sealed class OnlyOdd : IMaskedEnvironment
    {
        private int _turn;

        public string Name => "OnlyOdd-v0";

        public BoxSpace ObservationSpace { get; } = new([0], [1]);

        public Space ActionSpace { get; } = new DiscreteSpace(4);

        public double TickSeconds => 1;

        public void Allowed(Span<bool> allowed)
        {
            for (int i = 0; i < 4; i++) allowed[i] = i % 2 == _turn % 2;
        }

        public void Reset(ulong seed, Span<float> observation) => observation[0] = (_turn = 0);

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            if ((int)action[0] % 2 != _turn % 2) throw new ArgumentException("A forbidden action was taken.", nameof(action));
            observation[0] = ++_turn % 2;
            return new StepResult(action[0], false, _turn >= 20);
        }

        public void Freeze(IBufferWriter<byte> writer)
        {
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
        }
    }
}
