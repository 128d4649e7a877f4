using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>The chain of shrinking steps, and the stateless graph that comes out of it.</summary>
public sealed class OneStepTests
{
    private static readonly OneStepOptions Small = new() { Channels = [4, 6], FirstSteps = 3, Epochs = 6, BatchSize = 10, Augmentation = new EventAugmentation { RotationDegrees = 2 } };

    [Theory]
    [InlineData(50, 5)]
    [InlineData(10, 5)]
    [InlineData(6, 3)]
    [InlineData(7, 1)]
    [InlineData(53, 2)]
    public void EpochsAt_AllNetworks_SumToTheBudget(int epochs, int steps)
    {
        var options = Small with { Epochs = epochs, FirstSteps = steps };
        var shares = Enumerable.Range(1, steps).Select(s => OneStepRun.EpochsAt(options, s)).ToArray();
        Assert.Equal(epochs, shares.Sum());
        Assert.All(shares, s => Assert.True(s >= 1));
    }

    [Fact]
    public void SetThresholds_FirstLayers_FireAsThePercentileSays()
    {
        var options = Small with { Dropout = 0 };
        var network = OneStepNetwork.Build(options);
        network.Initialize(1);
        var data = new HistogramData(Scenes(30, 1), 1, EventAugmentation.None);
        var batch = new float[30 * data.Size.Count];
        for (int i = 0; i < 30; i++) data.Fill(i, null, i, 30, batch);
        OneStepNetwork.SetThresholds(network, batch, 30, 0.9);
        network.Forward(new LayerPass(1, 30) { Training = true }, batch);
        for (int i = 0; i < network.Layers.Count; i++)
        {
            if (!network.Layers[i].Spikes) continue;
            double rate = network.OutputOf(i).ToArray().Average();
            Assert.InRange(rate, 0.04, 0.1001); // a tenth lies above; fewer where many values are equal to the percentile (empty parts of the image)
        }
    }

    [Fact]
    public void Graph_AtOneStep_GivesTheTrainersAnswersWithoutState()
    {
        NmnistData train = Scenes(40, 1), test = Scenes(20, 2);
        var folded = BatchNormFolding.Fold(OneStepRun.Chain(Small, 1, train, new ExperimentContext(), []));
        var graph = OneStepNetwork.Graph(folded, 105_000);
        Assert.Equal(2, graph.Nodes.Count(n => n.Type == NirNodeType.Threshold));
        Assert.DoesNotContain(graph.Nodes, n => n.Type is NirNodeType.LIF or NirNodeType.IF);
        Assert.NotNull(graph.Metadata[OneStepNetwork.HistogramKey]);
        var data = new HistogramData(test, 1, EventAugmentation.None);
        var image = new float[data.Size.Count];
        int spikes = 0;
        for (int s = 0; s < data.Count; s++)
        {
            data.Fill(s, null, 0, 1, image);
            var output = folded.Forward(new LayerPass(1, 1), image).ToArray();
            var (scores, active) = ThresholdReference.Run(graph, image);
            // The reference sums in float64: where no sum is within its rounding of a threshold the spikes are the same, and the scores differ by rounding alone.
            for (int k = 0; k < 10; k++) Assert.Equal(output[k], scores[k], 1e-4);
            Assert.Equal(folded.OutputOf(1).ToArray().Sum() + folded.OutputOf(3).ToArray().Sum(), active);
            spikes += active;
        }
        Assert.True(spikes > 100);
    }

    [Fact]
    public void Histogram_OneEvent_StandsInItsChannel()
    {
        var events = new Runtime.Messages.Event[] { new(0, 3, 4, 1), new(104_999, 3, 4, 1), new(105_000, 3, 4, 0), new(314_000, 30, 2, 0) };
        var data = new HistogramData(NmnistData.Of([(events, 7)], new NmnistOptions()), 2, EventAugmentation.None);
        var batch = new float[2 * 2 * data.Size.Count];
        data.Fill(0, null, 1, 2, batch);
        float At(int step, int x, int y, int channel) => batch[(step * 2 + 1) * data.Size.Count + (y * 34 + x) * 6 + channel];
        for (int t = 0; t < 2; t++)
        {
            Assert.Equal(Math.Log(3) / Math.Log(8), At(t, 3, 4, 1), 1e-6);
            Assert.Equal(Math.Log(2) / Math.Log(8), At(t, 3, 4, 2), 1e-6);
            Assert.Equal(Math.Log(2) / Math.Log(8), At(t, 30, 2, 4), 1e-6);
        }
        Assert.Equal(6, batch.Count(v => v != 0));
    }

    [Fact]
    public void Experiment_Quick_GivesAllArmsWithProgress()
    {
        var shares = new List<double>();
        var result = new OneStepExperiment { Options = Small }.Run(new ExperimentContext { Quick = true, Progress = (s, _) => shares.Add(s) }, Scenes(30, 1), Scenes(20, 2));
        Assert.Equal(16, result.Rows.Count);
        Assert.Equal(3, result.Curves.Count);
        Assert.All(result.Curves, c => Assert.Equal(6, c.Points.Count));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-9);
        double Of(string arm, string metric) => result.Rows.Single(r => r.Arm == arm && r.Metric == metric).Value.Value;
        // The same image at every step: three steps multiply three times as much as one.
        Assert.Equal(3 * Of("direct at 3, run at 1", "products per inference, thousands"), Of("direct at 3, run at 3", "products per inference, thousands"), 1e-6);
    }

    [Fact]
    public void Experiment_StoppedOrWithoutData_SaysSo()
    {
        using var stop = new CancellationTokenSource();
        var context = new ExperimentContext { Quick = true, Stop = stop.Token, Progress = (_, _) => stop.Cancel() };
        Assert.Throws<OperationCanceledException>(() => new OneStepExperiment { Options = Small }.Run(context, Scenes(30, 1), Scenes(20, 2)));
        Assert.Throws<InvalidDataException>(() => new OneStepExperiment().Run(new ExperimentContext()));
        Assert.Throws<InvalidDataException>(() => new OneStepTraining().Run(new ExperimentContext(), null));
    }

    [Fact]
    public void Training_Interrupted_ResumesToTheSameModelAndTidiesUp()
    {
        string folder = Directory.CreateTempSubdirectory("onestep").FullName;
        try
        {
            NmnistData train = Scenes(40, 1), test = Scenes(20, 2);
            var training = new OneStepTraining { Options = Small };
            var whole = training.Run(new ExperimentContext { Seed = 3 }, null, train, test);
            string checkpoint = Path.Combine(folder, "one.train");
            using var stop = new CancellationTokenSource();
            // Stopped as soon as the second network of the chain has begun.
            var context = new ExperimentContext { Seed = 3, Stop = stop.Token, Progress = (_, text) => { if (text.StartsWith("2 steps", StringComparison.Ordinal)) stop.Cancel(); } };
            Assert.Throws<OperationCanceledException>(() => training.Run(context, checkpoint, train, test));
            Assert.True(File.Exists(OneStepRun.StageFile(checkpoint, 3)));
            var resumed = training.Run(new ExperimentContext { Seed = 3 }, checkpoint, train, test);
            Assert.Equal(whole.Model, resumed.Model);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NmnistData Scenes(int count, ulong seed) => NmnistData.Of(DigitScenes.Make(count, seed), new NmnistOptions());
}
