using System.Buffers;

namespace EdgeAutonomy.Learning.Tests;

public sealed class AgentTrainingTests : IDisposable
{
    private static readonly PpoOptions Small = new() { Hidden = [16], RolloutSteps = 64, BatchSize = 32, Epochs = 4, LearningRate = 3e-3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_InterruptedAndResumed_EqualsTheUninterruptedRun()
    {
        string file = Path.Combine(_folder, "a.agent");
        var whole = Make(1, null).Run();
        using var stop = new CancellationTokenSource();
        int validations = 0;
        Assert.Throws<OperationCanceledException>(() => Make(1, file, (_, _) => Stop(stop, ++validations)).Run(stop.Token));
        Assert.True(File.Exists(file));
        var resumed = Make(1, file).Run();
        Assert.Equal(whole.Log.ToCsv(), resumed.Log.ToCsv());
        Assert.Equal(whole.BestTest.Returns, resumed.BestTest.Returns);
        Assert.Equal(whole.LastTest.Returns, resumed.LastTest.Returns);
        Assert.Equal(Bytes(whole.Best), Bytes(resumed.Best));
        Assert.Equal((whole.BestStep, whole.BestValidation), (resumed.BestStep, resumed.BestValidation));
        // Once more from its end: nothing is left to do, and the result is the same.
        Assert.Equal(whole.BestTest.Returns, Make(1, file).Run().BestTest.Returns);
    }

    [Fact]
    public void Run_BestOnValidation_IsTheBestRowOfTheLog()
    {
        var run = Make(2, null).Run();
        Assert.Equal([500, 1000, 1500, 2000, 2500, 3000], run.Log.Steps);
        int name = run.Log.Names.ToList().IndexOf("validation/return");
        double[] validation = [.. Enumerable.Range(0, 6).Select(i => run.Log[i, name])];
        Assert.Equal(validation.Max(), run.BestValidation);
        Assert.Equal(run.Log.Steps[Array.LastIndexOf(validation, validation.Max())], run.BestStep);
        Assert.Equal(10, run.BestTest.Returns.Count);
        // The best actor, played again on the validation seeds, does what the log says.
        Assert.Equal(run.BestValidation, AgentScore.Of(run.Best, new CartPole(), AgentTrainingOptions.FirstValidationSeed, 5).Return.Value);
    }

    [Fact]
    public void Seeds_OfTrainingValidationAndTest_AreDisjoint()
    {
        var seen = new Recorder();
        var validation = new Recorder();
        new AgentTraining(new Ppo(new VectorEnvironment(seen), Small, 1), validation, new AgentTrainingOptions { Steps = 2000, ValidateEvery = 500, ValidationEpisodes = 100, TestEpisodes = 500 }).Run();
        Assert.True(seen.Seeds.Count > 20);
        Assert.All(seen.Seeds, s => Assert.True(s >= 1UL << 63));
        Assert.Equal([.. Enumerable.Range(10_000, 500).Select(i => (ulong)i), .. Enumerable.Range(20_000, 100).Select(i => (ulong)i)], validation.Seeds.Order());
    }

    [Fact]
    public void Load_CutShortAtEveryPlaceOrOfAnother_IsRefused()
    {
        string file = Path.Combine(_folder, "a.agent");
        var training = new AgentTraining(new Ppo(new VectorEnvironment(new CartPole()), new PpoOptions { Hidden = [2], RolloutSteps = 4, BatchSize = 4, Epochs = 1 }, 1), new CartPole(), new AgentTrainingOptions { Steps = 8, ValidateEvery = 8, ValidationEpisodes = 1, TestEpisodes = 1, Checkpoint = file });
        training.Run();
        byte[] bytes = File.ReadAllBytes(file);
        for (int length = 0; length < bytes.Length; length += length < 64 ? 1 : 17)
        {
            File.WriteAllBytes(file, bytes[..length]);
            Assert.Throws<InvalidDataException>(() => training.Run());
        }
        File.WriteAllBytes(file, bytes);
        Assert.Contains("configuration", Assert.Throws<InvalidDataException>(() => Make(1, file).Run()).Message, StringComparison.Ordinal);
        training.Run();
    }

    [Fact]
    public void Thaw_StateCutShortAtEveryPlace_IsRefusedAndNeverCrashes()
    {
        // Behind a right hash the state itself must stand a cut, too: each agent's, at many places.
        IAgent[] agents =
        [
            new Ppo(new VectorEnvironment(new CartPole()), Small with { ScaleObservations = true, ScaleRewards = true }, 1),
            new Sac(new VectorEnvironment(new Pendulum()), new SacOptions { Hidden = [8], BatchSize = 8, ReplayCapacity = 50 }, 1),
            new DoubleDqn(new VectorEnvironment(new CartPole()), new DoubleDqnOptions { Hidden = [8], ReplayCapacity = 50 }, 1),
        ];
        foreach (var agent in agents)
        {
            agent.Train(130);
            var buffer = new ArrayBufferWriter<byte>();
            agent.Freeze(buffer);
            byte[] state = buffer.WrittenSpan.ToArray();
            for (int length = 0; length < state.Length; length += length < 200 ? 3 : 101) Assert.Throws<InvalidDataException>(() => agent.Thaw(state.AsSpan(0, length)));
            Assert.Throws<InvalidDataException>(() => agent.Thaw([.. state, 0]));
            agent.Thaw(state);
        }
    }

    [Fact]
    public void Train_ObservationThatIsNoNumber_IsReportedAndTheWeightsStayFinite()
    {
        foreach (bool continuous in (bool[])[false, true])
        {
            IAgent[] agents = continuous
                ? [new Ppo(new VectorEnvironment(new Broken(continuous)), Small, 1), new Sac(new VectorEnvironment(new Broken(continuous)), new SacOptions { Hidden = [8], BatchSize = 8, ReplayCapacity = 50, LearningStarts = 20 }, 1)]
                : [new Ppo(new VectorEnvironment(new Broken(continuous)), Small, 1), new DoubleDqn(new VectorEnvironment(new Broken(continuous)), new DoubleDqnOptions { Hidden = [8], BatchSize = 8, ReplayCapacity = 50, LearningStarts = 20 }, 1)];
            foreach (var agent in agents)
            {
                Assert.Contains("step", Assert.Throws<TrainingDivergedException>(() => agent.Train(500)).Message, StringComparison.Ordinal);
                agent.Actor.Copy().Thaw(Bytes(agent.Actor)); // refuses weights that are not finite
            }
        }
    }

    [Fact]
    public void ToCsv_Log_HasOneLinePerRow()
    {
        var log = new LearningLog();
        log.Add(5, [("a", 0.5), ("b/c", double.NaN)]);
        log.Add(5, [("a", -1e-7), ("b/c", 3)]);
        Assert.Equal("step,a,b/c\n5,0.5,\n5,-1E-07,3\n", log.ToCsv());
        Assert.Throws<ArgumentException>(() => log.Add(6, [("a", 1)]));
        Assert.Throws<ArgumentException>(() => log.Add(4, [("a", 1), ("b/c", 1)]));
        var frozen = new ArrayBufferWriter<byte>();
        log.Freeze(frozen);
        var other = new LearningLog();
        other.Thaw(frozen.WrittenSpan);
        Assert.Equal(log.ToCsv(), other.ToCsv());
        for (int length = 0; length < frozen.WrittenCount; length++) Assert.Throws<InvalidDataException>(() => other.Thaw(frozen.WrittenSpan[..length]));
        Assert.Equal(log.ToCsv(), other.ToCsv());
    }

    [Fact]
    public void Constructor_WrongOptionsOrEnvironment_AreRefused()
    {
        var agent = new Ppo(new VectorEnvironment(new CartPole()), Small, 1);
        Assert.Throws<ArgumentException>(() => new AgentTraining(agent, new Pendulum(), new AgentTrainingOptions { Steps = 1 }));
        foreach (var options in (AgentTrainingOptions[])[new() { Steps = 0 }, new() { Steps = 1, ValidateEvery = 0 }, new() { Steps = 1, ValidationEpisodes = 101 }, new() { Steps = 1, TestEpisodes = 501 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new AgentTraining(agent, new CartPole(), options));
        }
    }

    [Fact]
    public void Trainings_Quick_MakeFilesThatAreWhatTheyWere()
    {
        // A tenth of the steps of the smallest one; the files of two runs are the same bytes.
        var training = new ControlTraining(ControlRecipes.CartPolePpo with { Steps = 5000, ValidateEvery = 256 });
        var (a, b) = (training.Run(new ExperimentContext { Seed = 3, Quick = true }, null), training.Run(new ExperimentContext { Seed = 3, Quick = true }, null));
        string file = Path.Combine(_folder, "p.policy.json");
        string[] files = [.. a.Model.Write(file, new ModelOrigin("edge train cartpole-ppo --seed 3 --quick", 3, "something"))];
        Assert.Equal([file, Path.Combine(_folder, "p.onnx")], files);
        byte[] network = File.ReadAllBytes(files[1]);
        b.Model.Write(file, new ModelOrigin("edge train cartpole-ppo --seed 3 --quick", 3, "something"));
        Assert.Equal(network, File.ReadAllBytes(files[1]));
        Assert.Equal(100, a.Metric.N);
        Assert.Equal([".curves.csv", ".events.out.tfevents.0.edge"], a.Companions.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("last iterate", Assert.Single(a.Notes), StringComparison.Ordinal);
        Assert.Equal(2, a.Curves.Count);
        string[] lines = System.Text.Encoding.UTF8.GetString(a.Companions[".curves.csv"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(["3", "256"], lines[1].Split(',')[..2]);
    }

    private static AgentTraining Make(ulong seed, string? file, Action<double, string>? progress = null) => new(
        new Ppo(new VectorEnvironment(new CartPole(), new CartPole()), Small, seed), new CartPole(),
        new AgentTrainingOptions { Steps = 3000, ValidateEvery = 500, ValidationEpisodes = 5, TestEpisodes = 10, Checkpoint = file, Progress = progress ?? ((_, _) => { }) });

    private static void Stop(CancellationTokenSource stop, int validations)
    {
        if (validations == 3) stop.Cancel();
    }

    private static byte[] Bytes(IActor actor)
    {
        var buffer = new ArrayBufferWriter<byte>();
        actor.Freeze(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class Broken(bool continuous) : IEnvironment
    {
        public string Name => "Broken-v0";

        public BoxSpace ObservationSpace { get; } = new([0], [1]);

        public Space ActionSpace { get; } = continuous ? new BoxSpace([-1], [1]) : new DiscreteSpace(2);

        public double TickSeconds => 1;

        public void Reset(ulong seed, Span<float> observation) => observation[0] = 0;

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            observation[0] = float.NaN;
            return new StepResult(1, false, true);
        }

        public void Freeze(IBufferWriter<byte> writer)
        {
        }

        public void Thaw(ReadOnlySpan<byte> state)
        {
        }
    }

    private sealed class Recorder : IEnvironment
    {
        private readonly CartPole _inner = new(stepLimit: 20);

        public HashSet<ulong> Seeds { get; } = [];

        public string Name => _inner.Name;

        public BoxSpace ObservationSpace => _inner.ObservationSpace;

        public Space ActionSpace => _inner.ActionSpace;

        public double TickSeconds => _inner.TickSeconds;

        public void Reset(ulong seed, Span<float> observation)
        {
            Seeds.Add(seed);
            _inner.Reset(seed, observation);
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation) => _inner.Step(action, observation);

        public void Freeze(IBufferWriter<byte> writer) => _inner.Freeze(writer);

        public void Thaw(ReadOnlySpan<byte> state) => _inner.Thaw(state);
    }
}
