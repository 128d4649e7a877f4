using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Learning.Tests;

/// <summary>The point network: trained here, run by the robot's code; experiment and training as the program calls them.</summary>
public sealed class SpikePointTests
{
    private static readonly SpikePointOptions Small = new()
    {
        Points = new PointOptions { Points = 64, Groups = 12, Neighbours = 6, Steps = 3 },
        Widths = [16, 40],
        Epochs = 2,
        BatchSize = 10,
        Augmentation = new EventAugmentation { RotationDegrees = 2, NoiseEvents = 5 },
    };

    [Theory]
    [InlineData(PointInput.Spikes, PointCoding.AbsoluteMinimum)]
    [InlineData(PointInput.Spikes, PointCoding.SignedCentroid)]
    [InlineData(PointInput.Current, PointCoding.SignedCentroid)]
    public void Graph_RunByPointNetwork_IsTheTrainersForward(PointInput input, PointCoding coding)
    {
        var options = Small with { Points = Small.Points with { Input = input, Coding = coding }, Epochs = 10 };
        var samples = DigitScenes.Make(40, 3);
        var result = SpikePointRun.Points(options, 5, samples, samples, new ExperimentContext());
        var network = PointNetwork.FromGraph(SpikePointNetwork.Graph(result.Network, options.Points));
        var data = new PointData(samples, options.Points, EventAugmentation.None);
        var batch = new float[data.Steps * data.Size.Count];
        var random = new RandomStream(0);
        long spikes = 0;
        for (int s = 0; s < samples.Length; s++)
        {
            data.Fill(s, null, 0, 1, batch);
            var scores = new double[10];
            var pass = new LayerPass(data.Steps, 1);
            new CrossEntropyLoss<float>().Evaluate(pass, result.Network.Forward(pass, batch), new Targets<float>([samples[s].Class]), default, scores);
            var part = data.Part(s, random);
            network.Classify(part, random);
            spikes += network.Spikes;
            // Of spikes every sum is the same chain of roundings. Of currents the trainer fuses products: where no neuron is that close to its threshold, the scores agree.
            if (input == PointInput.Spikes) Assert.Equal(scores, network.Scores.ToArray());
            else for (int k = 0; k < 10; k++) Assert.Equal(scores[k], network.Scores[k], 1e-5);
        }
        Assert.Equal(result.Spikes, (double)spikes / samples.Length, 0.001);
        Assert.True(spikes > 1000);
    }

    [Fact]
    public void Graph_OfTheTrainedAndOfTheFolded_IsTheSame()
    {
        var samples = DigitScenes.Make(20, 3);
        var network = SpikePointNetwork.Build(Small);
        network.Initialize(1);
        Assert.Equal(SpikePointNetwork.Graph(SpikePointNetwork.Folded(network), Small.Points), SpikePointNetwork.Graph(network, Small.Points));
        Assert.Equal(20, samples.Length);
    }

    [Fact]
    public void Points_SeparableScenes_AreLearned()
    {
        var options = Small with { Epochs = 60, Points = Small.Points with { Input = PointInput.Current }, Augmentation = EventAugmentation.None, Dropout = 0 };
        var result = SpikePointRun.Points(options, 1, DigitScenes.Make(100, 1), DigitScenes.Make(50, 2), new ExperimentContext());
        Assert.True(result.Accuracy > 0.5, $"accuracy {result.Accuracy}, chance is 0.1"); // bars at five places and two slants
    }

    [Fact]
    public void Experiment_Quick_GivesAllArmsWithProgress()
    {
        var shares = new List<double>();
        var experiment = new SpikePointExperiment { Options = Small with { Recordings = 20 } };
        var result = experiment.Run(new ExperimentContext { Quick = true, Progress = (s, _) => shares.Add(s) }, DigitScenes.Make(30, 1), DigitScenes.Make(20, 2));
        Assert.Equal(result.Curves.Count * 4, result.Rows.Count);
        Assert.Contains(result.Rows, r => r.Arm == "event frames" && r.Metric == "test accuracy, %");
        Assert.All(result.Rows, r => Assert.Equal(2, r.Seeds));
        Assert.All(result.Rows, r => Assert.True(double.IsFinite(r.Value.Value) && r.Value.Value >= 0, $"{r.Arm}, {r.Metric}: {r.Value}"));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-9);
        Assert.Contains(result.Notes, n => n.StartsWith("Quick", StringComparison.Ordinal));
    }

    [Fact]
    public void Experiment_Stopped_Ends()
    {
        using var stop = new CancellationTokenSource();
        var context = new ExperimentContext { Quick = true, Stop = stop.Token, Progress = (_, _) => stop.Cancel() };
        Assert.Throws<OperationCanceledException>(() => new SpikePointExperiment { Options = Small }.Run(context, DigitScenes.Make(30, 1), DigitScenes.Make(20, 2)));
        Assert.Throws<OperationCanceledException>(() => new SpikePointTraining { Options = Small }.Run(context, null, DigitScenes.Make(30, 1), DigitScenes.Make(20, 2)));
    }

    [Fact]
    public void Experiment_WithoutData_SaysWhatToDo()
    {
        var error = Assert.Throws<InvalidDataException>(() => new SpikePointExperiment().Run(new ExperimentContext()));
        Assert.Contains("N-MNIST", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new SpikePointTraining().Run(new ExperimentContext(), null));
    }

    [Fact]
    public void Training_Interrupted_ResumesToTheSameModel()
    {
        string folder = Directory.CreateTempSubdirectory("points").FullName;
        try
        {
            (Event[] Events, int Class)[] train = DigitScenes.Make(40, 1), test = DigitScenes.Make(20, 2);
            var training = new SpikePointTraining { Options = Small with { Epochs = 6 } };
            var whole = training.Run(new ExperimentContext { Seed = 3 }, null, train, test);
            string checkpoint = Path.Combine(folder, "points.train");
            using var stop = new CancellationTokenSource();
            int calls = 0;
            // Progress is told of at most four times a second: the end of the checkpoint's second epoch is waited for by its file.
            var context = new ExperimentContext { Seed = 3, Stop = stop.Token, Progress = (_, _) => { if (calls++ > 0 || File.Exists(checkpoint)) stop.Cancel(); } };
            try
            {
                training.Run(context, checkpoint, train, test);
            }
            catch (OperationCanceledException)
            {
                // as meant
            }
            var resumed = training.Run(new ExperimentContext { Seed = 3 }, checkpoint, train, test);
            Assert.Equal(whole.Model, resumed.Model);
            Assert.Equal(whole.Metric, resumed.Metric);
            Assert.NotEqual(whole.Model, training.Run(new ExperimentContext { Seed = 4 }, null, train, test).Model);
            Assert.Equal(10, PointNetwork.FromGraph(((NirModel)whole.Model).Graph).Classes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Data_Look_VariesWhileTrainingOnly()
    {
        var data = new PointData(DigitScenes.Make(10, 1), Small.Points, new EventAugmentation());
        int n = data.Steps * data.Size.Count;
        float[] a = new float[n], b = new float[n], c = new float[n];
        data.Fill(4, null, 0, 1, a);
        data.Fill(5, null, 0, 1, b);
        data.Fill(4, null, 0, 1, b);
        Assert.Equal(a, b);
        data.Fill(4, new CounterRandom(1), 0, 1, b);
        data.Fill(4, new CounterRandom(2), 0, 1, c);
        Assert.NotEqual(b, c);
        data.Fill(4, new CounterRandom(1), 0, 1, c);
        Assert.Equal(b, c);
        Assert.All(a, v => Assert.True(v is 0 or 1));
    }
}
