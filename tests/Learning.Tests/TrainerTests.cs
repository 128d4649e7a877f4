using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Learning.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_OneBatch_IsLearntByHeart()
    {
        var network = Small();
        network.Initialize(1);
        var trainer = new Trainer(network, new CrossEntropyLoss<float>(), new Adam<float>(network.Parameters), new TrainerOptions { Epochs = 150, BatchSize = 8, LearningRate = new CosineRate(2e-2), Augment = false });
        var epochs = trainer.Run(Patterns(8));
        Assert.True(epochs[^1].Loss < 1e-2, $"loss {epochs[^1].Loss}");
        Assert.Equal(1, epochs[^1].Accuracy);
        Assert.True(epochs[0].Loss > 0.5);
    }

    [Fact]
    public void Run_Resumed_EqualsTheUninterruptedRunBitForBit()
    {
        var data = Patterns(24);
        string path = Path.Combine(_folder, "a.train");
        var (whole, wholeOptimiser, epochs) = Train(data, null, default);
        // Ended in the middle of the fourth epoch; the checkpoint is that of the third.
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(data, path, source.Token, (done, _) =>
        {
            if (done > 0.55) source.Cancel();
        }));
        var (resumed, resumedOptimiser, resumedEpochs) = Train(data, path, default);
        Assert.Equal(epochs, resumedEpochs);
        Assert.Equal(wholeOptimiser.Steps, resumedOptimiser.Steps);
        for (int i = 0; i < whole.Parameters.Count; i++) Assert.Equal(whole.Parameters[i].Value, resumed.Parameters[i].Value);
        for (int i = 0; i < wholeOptimiser.State.Count; i++) Assert.Equal(wholeOptimiser.State[i].Values, resumedOptimiser.State[i].Values);
        Assert.Equal(whole.Layers.SelectMany(l => l.Statistics).SelectMany(s => s.Values), resumed.Layers.SelectMany(l => l.Statistics).SelectMany(s => s.Values));
        Assert.False(File.Exists(path + ".next"));
    }

    [Fact]
    public void Run_FixedSeed_GivesTheSameBitsOnEveryMachine()
    {
        // The number is this program's own: it must not depend on the width of registers (run with DOTNET_EnableAVX512=0, EnableAVX2=0, EnableHWIntrinsic=0).
        var hasher = new StateHasher(1);
        foreach (var p in Train(Patterns(16), null, default).Network.Parameters) hasher.Add(p.Value);
        Assert.Equal(0xAC8096FBEEF34D0FUL, hasher.Value);
    }

    [Fact]
    public void Run_OtherSeed_GivesOtherWeights()
    {
        var data = Patterns(24);
        Assert.NotEqual(Train(data, null, default).Network.Parameters[0].Value, Train(data, null, default, seed: 8).Network.Parameters[0].Value);
    }

    [Fact]
    public void Load_OtherConfigurationOrNetwork_IsRefused()
    {
        string path = Path.Combine(_folder, "b.train");
        Train(Patterns(24), path, default);
        var e = Assert.Throws<InvalidDataException>(() => Train(Patterns(24), path, default, seed: 9));
        Assert.Contains("seed", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Train(Patterns(32), path, default));
    }

    [Fact]
    public void Load_DamagedFile_IsRefusedAndChangesNothing()
    {
        string path = Path.Combine(_folder, "c.train");
        var (network, optimiser, epochs) = Train(Patterns(24), path, default);
        Checkpoint.Save(path, 1, 2, epochs, network, optimiser);
        byte[] whole = File.ReadAllBytes(path);
        float[] before = [.. network.Parameters.SelectMany(p => p.Value)];
        var random = RandomStream.For(1, "damage");
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = (byte[])whole.Clone();
            if (i % 2 == 0) bytes = bytes[..random.NextInt32(bytes.Length)];
            else bytes[random.NextInt32(bytes.Length)] ^= (byte)(1 << random.NextInt32(8));
            // Every other one with a right hash: what stands inside must be checked too.
            if (i % 4 == 1)
            {
                var hasher = new StateHasher(0x45444745);
                hasher.AddBytes(bytes.AsSpan(0, bytes.Length - 8));
                BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 8), hasher.Value);
            }
            File.WriteAllBytes(path, bytes);
            var target = Small();
            target.Initialize(1);
            try
            {
                Checkpoint.Load(path, 1, 2, target, new Adam<float>(target.Parameters));
                Assert.True(i % 4 == 1); // a changed number under a right hash cannot be told from a trained one
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("c.train", e.Message, StringComparison.Ordinal);
            }
        }
        File.WriteAllBytes(path, whole[..^20]);
        Assert.Throws<InvalidDataException>(() => Checkpoint.Load(path, 1, 2, network, optimiser));
        Assert.Equal(before, network.Parameters.SelectMany(p => p.Value));
        File.WriteAllBytes(path, []);
        Assert.Throws<InvalidDataException>(() => Checkpoint.Load(path, 1, 2, network, optimiser));
    }

    [Fact]
    public void Run_InfiniteWeight_StopsAndNamesTheLayer()
    {
        var network = Small();
        network.Initialize(1);
        ((LinearLayer<float>)network.Layers[^2]).Weights.Value[3] = float.PositiveInfinity;
        var trainer = new Trainer(network, new CrossEntropyLoss<float>(), new Adam<float>(network.Parameters), new TrainerOptions { Epochs = 1, BatchSize = 8 });
        var e = Assert.Throws<TrainingDivergedException>(() => trainer.Run(Patterns(8)));
        Assert.Contains("'fc'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Progress_ReachesTheEnd()
    {
        var shares = new List<double>();
        Train(Patterns(24), null, default, (done, text) =>
        {
            shares.Add(done);
            Assert.Contains("left", text, StringComparison.Ordinal);
        });
        Assert.Equal(1, shares[^1]);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public void Run_DataDoNotFit_Throws()
    {
        var network = new Network<float>([new LinearLayer<float>("fc", new MapSize(5), 10)]);
        var trainer = new Trainer(network, new CrossEntropyLoss<float>(), new Sgd<float>(network.Parameters), new TrainerOptions());
        Assert.Throws<ArgumentException>(() => trainer.Run(Patterns(8)));
    }

    [Fact]
    public void Evaluation_CountsHitsAndSpikes()
    {
        var network = Train(Patterns(16), null, default).Network;
        var data = Patterns(10);
        var traces = new List<OutputTrace>();
        var e = Evaluation.Of(network, new CrossEntropyLoss<float>(), data, batchSize: 4, traces);
        Assert.Equal(10, e.Predictions.Count);
        Assert.Equal(e.Hits, Enumerable.Range(0, 10).Count(i => e.Predictions[i] == data.ClassOf(i)));
        Assert.True(e.SpikesPerSample > 0);
        Assert.Equal(10, traces.Count);
        Assert.Equal(data.ClassOf(7), traces[7].Class);
        // The decision is the mean over the steps of what the trace holds.
        double[] mean = Enumerable.Range(0, 10).Select(k => Enumerable.Range(0, data.Steps).Average(t => (double)traces[7].Outputs[t, k])).ToArray();
        Assert.Equal(e.Predictions[7], Array.IndexOf(mean, mean.Max()));
    }

    private static (Network<float> Network, Optimiser<float> Optimiser, IReadOnlyList<EpochMetrics> Epochs) Train(ITrainingData data, string? path, CancellationToken stop, Action<double, string>? progress = null, ulong seed = 7)
    {
        var network = Small();
        network.Initialize(seed);
        var optimiser = new Adam<float>(network.Parameters, weightDecay: 1e-3, decoupled: true);
        var options = new TrainerOptions { Epochs = 6, BatchSize = 8, LearningRate = new OneCycleRate(1e-2), Seed = seed, CheckpointPath = path, ClipNorm = 1, Progress = progress ?? ((_, _) => { }), Clock = new SteppingClock() };
        var epochs = new Trainer(network, new CrossEntropyLoss<float>(), optimiser, options).Run(data, data, stop);
        return (network, optimiser, epochs);
    }

    private static Network<float> Small()
    {
        var conv = new Conv2dLayer<float>("conv", new MapSize(2, NmnistData.Side, NmnistData.Side), 6, new Window2d(5, 4, 2), bias: false);
        var norm = new BatchNormLayer<float>("norm", conv.Output);
        var lif = new LifLayer<float>("lif", conv.Output, new LifOptions());
        var drop = new DropoutLayer<float>("drop", lif.Output, 0.1);
        var fc = new LinearLayer<float>("fc", lif.Output, 10);
        return new Network<float>([conv, norm, lif, drop, fc, new ReadoutLayer<float>("li", fc.Output)]);
    }

    /// <summary>Ten kinds of moving dots.</summary>
    internal static NmnistData Patterns(int count)
    {
        var samples = new List<(Event[], int)>();
        for (int s = 0; s < count; s++)
        {
            int kind = s % 10;
            var random = RandomStream.For((ulong)s, "pattern");
            var events = new Event[300];
            for (int i = 0; i < events.Length; i++)
            {
                int x = 3 + kind * 3 + random.NextInt32(3), y = kind % 2 == 0 ? i / 10 : 33 - i / 10;
                events[i] = new Event(i * 300, (ushort)Math.Min(33, x), (ushort)y, (byte)random.NextInt32(2));
            }
            samples.Add((events, kind));
        }
        return NmnistData.Of(samples, new NmnistOptions { Steps = 5, StepUs = 20_000 });
    }

    /// <summary>A clock that is a second later at every look, so that progress is told at every batch.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++_now;
    }
}
