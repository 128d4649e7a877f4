using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class SacTests : IDisposable
{
    private static readonly SacOptions Small = new() { Hidden = [24], BatchSize = 32, ReplayCapacity = 3000, LearningStarts = 64, LearningRate = 3e-3, Discount = 0.8, TargetShare = 0.02 };

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-sac-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Train_ContinuousTarget_FindsIt()
    {
        var agent = new Sac(new VectorEnvironment(new Aim()), Small, 1);
        agent.Train(2500);
        foreach (float x in (float[])[-0.8f, 0, 0.6f])
        {
            var action = new float[1];
            agent.Actor.Act([x], default, action);
            Assert.Equal(Aim.Best(x), action[0], 0.12);
        }
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.5, 2)]
    public void Train_Durations_AreLongWhereDecisionsCostAndShortWhereHoldsHurt(double cost, int expected)
    {
        // Worth of always taking rung 0, 1, 2 at γ = 0.8: 5, 4.56, 3.78 without costs; −2.5, 0.39, 1.23 at 1.5 per decision.
        var agent = new Sac(new VectorEnvironment(new Tiring()), Small with { DecisionCost = cost, RungEntropyShare = 0.1, TargetEntropy = -1 }, 2);
        agent.Train(3000);
        var action = new float[2];
        agent.Actor.Act([0], default, action);
        Assert.Equal(expected, action[1]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void Train_Resumed_EqualsTheUninterruptedRunBitForBit(int rungs, bool scaled)
    {
        IEnvironment Task() => rungs == 1 ? new Pendulum(30) : new Gated(new HeldEnvironment(new Pendulum(30), rungs, 0.8));
        Sac Agent() => new(new VectorEnvironment(Task(), Task()), Small with { Steps = rungs, ScaleObservations = scaled, TrainEvery = 2 }, 4);
        string path = Path.Combine(_folder, "a.agent");
        var (whole, half, resumed) = (Agent(), Agent(), Agent());
        whole.Train(500);
        half.Train(251);
        AgentCheckpoint.Save(path, half.Configuration, half);
        AgentCheckpoint.Load(path, resumed.Configuration, resumed);
        resumed.Train(500);
        Assert.True(whole.Updates > 200);
        Assert.Equal(Bytes(whole), Bytes(resumed));
        var other = new Sac(new VectorEnvironment(Task(), Task()), Small with { Discount = 0.7 }, 4);
        Assert.Throws<InvalidDataException>(() => AgentCheckpoint.Load(path, other.Configuration, other));
    }

    [Fact]
    public void Train_FixedSeed_GivesTheSameBitsOnEveryMachine()
    {
        var agent = new Sac(new VectorEnvironment(new HeldEnvironment(new Pendulum(), 2, 0.9)), Small with { Hidden = [20, 7] }, 1);
        agent.Train(150);
        var hasher = new StateHasher(1);
        foreach (var p in agent.Policy.Network.Parameters) hasher.Add((ReadOnlySpan<float>)p.Value);
        Assert.Equal(SacHash, hasher.Value);
    }

    [Fact]
    public void Train_MaskedRungs_AreNeverTaken()
    {
        // Gated throws when a forbidden rung is taken.
        var agent = new Sac(new VectorEnvironment(new Gated(new HeldEnvironment(new Pendulum(), 3, 0.8))), Small, 2);
        agent.Train(600);
        var action = new float[2];
        agent.Actor.Act([1, 0, 0], [false, true, false], action);
        Assert.Equal(1, action[1]);
    }

    [Fact]
    public void Train_AfterTheFirstUpdates_AllocatesNothing()
    {
        var agent = new Sac(new VectorEnvironment(new HeldEnvironment(new Pendulum(), 2, 0.9)), Small with { ScaleObservations = true }, 1);
        agent.Train(120);
        long before = GC.GetAllocatedBytesForCurrentThread();
        agent.Train(300);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Train_RateTooHigh_IsReportedAsDiverged()
    {
        var agent = new Sac(new VectorEnvironment(new Pendulum()), Small with { LearningRate = 1e30 }, 1);
        Assert.Contains("learning rate", Assert.Throws<TrainingDivergedException>(() => agent.Train(1000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WrongOptionsOrActions_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Sac(new VectorEnvironment(new CartPole()), Small, 1));
        foreach (var options in (SacOptions[])[Small with { Hidden = [0] }, Small with { BatchSize = 0 }, Small with { TargetShare = 0 }, Small with { EntropyWeight = 0 }, Small with { RungEntropyShare = 2 }, Small with { Steps = 0 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new Sac(new VectorEnvironment(new Pendulum()), options, 1));
        }
        Assert.Throws<ArgumentException>(() => new Sac(new VectorEnvironment(new Pendulum()), Small, 1).Actor.Act([1, 2], default, new float[1]));
    }

    private static byte[] Bytes(IAgent agent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        agent.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private const ulong SacHash = 0xAAB6F3604D4539DA;

    /// <summary>Earns 1 in the first tick of a hold and 0.2 less in each further one, discounted by 0.8; the number of the action does not matter.</summary>
    private sealed class Tiring : IEnvironment
    {
        private int _steps;

        public string Name => "Tiring-v0";

        public BoxSpace ObservationSpace { get; } = new([0], [1]);

        public Space ActionSpace { get; } = new HeldSpace(new BoxSpace([-1], [1]), 3);

        public double TickSeconds => 1;

        public void Reset(ulong seed, Span<float> observation) => observation[0] = _steps = 0;

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            int ticks = 1 << (int)action[1];
            double reward = 0;
            for (int i = 0; i < ticks; i++) reward += Math.Pow(0.8, i) * (1 - 0.2 * i);
            observation[0] = 0;
            return new StepResult(reward, false, ++_steps >= 64, ticks);
        }

        public void Freeze(IBufferWriter<byte> writer)
        {
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
        }
    }

    /// <summary>Allows long rungs only while the pendulum is fast.</summary>
    private sealed class Gated(HeldEnvironment inner) : IMaskedEnvironment
    {
        private readonly float[] _seen = new float[3];

        public string Name => "Gated";

        public BoxSpace ObservationSpace => inner.ObservationSpace;

        public Space ActionSpace => inner.ActionSpace;

        public double TickSeconds => inner.TickSeconds;

        public void Allowed(Span<bool> allowed)
        {
            for (int k = 0; k < allowed.Length; k++) allowed[k] = k == 0 || Math.Abs(_seen[2]) > k;
        }

        public void Reset(ulong seed, Span<float> observation)
        {
            inner.Reset(seed, observation);
            observation.CopyTo(_seen);
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            if (action[1] > 0 && Math.Abs(_seen[2]) <= action[1]) throw new ArgumentException("A forbidden rung was taken.", nameof(action));
            var result = inner.Step(action, observation);
            observation.CopyTo(_seen);
            return result;
        }

        public void Freeze(IBufferWriter<byte> writer)
        {
            var w = new StateWriter(writer);
            w.WriteSpan<float>(_seen);
            StatePart.Write(w, inner);
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
            var r = new StateReader(state, Name);
            r.ReadSpan<float>(_seen);
            inner.Thaw(r.ReadBytes());
            r.End();
        }
    }
}
