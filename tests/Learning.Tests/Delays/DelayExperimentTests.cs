using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning.Tests;

public sealed class DelayExperimentTests
{
    private static readonly DelayRecipe Small = new() { Task = new MotifOptions { Channels = 8, Groups = 4, Classes = 3, Steps = 30, Span = 10, Jitter = 0.5 }, Taps = 9, Hidden = 6, Epochs = 1, RoundedEpochs = 1, Samples = 24, TestSamples = 30, BatchSize = 8 };

    [Fact]
    public void Run_OneEpoch_HasEveryArmAndCurve()
    {
        var result = new DelayExperiment(Small).Run(new ExperimentContext { Seeds = 2 });
        foreach (string arm in (string[])["no delays", "random delays", "learned delays", "learned delays, rounded", "control: spike counts of the channels"])
        {
            var row = Assert.Single(result.Rows, r => r.Arm == arm && r.Metric == "test accuracy, %");
            Assert.Equal(2, row.Seeds);
            Assert.InRange(row.Value.Value, 0, 100);
        }
        Assert.Equal(8, result.Curves.Count);
        Assert.Contains(result.Notes, n => n.StartsWith("Learned above random: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_Twice_SameNumbers()
    {
        var context = new ExperimentContext { Seeds = 1, Seed = 1003 };
        Assert.Equal(new DelayExperiment(Small).Run(context).Rows.Select(r => r.Value.Value), new DelayExperiment(Small).Run(context).Rows.Select(r => r.Value.Value));
    }

    [Fact]
    public void Run_Progress_RisesToOne()
    {
        var shares = new List<double>();
        new DelayExperiment(Small).Run(new ExperimentContext { Seeds = 1, Progress = (share, _) => shares.Add(share) });
        Assert.All(shares, s => Assert.InRange(s, 0, 1 + 1e-9));
        Assert.Equal(1, shares[^1], 1e-9);
        Assert.Equal(shares.Order(), shares);
        Assert.True(shares[0] < 0.2);
    }

    [Fact]
    public void Run_Stopped_EndsEarly()
    {
        using var stop = new CancellationTokenSource();
        var context = new ExperimentContext { Seeds = 1, Stop = stop.Token, Progress = (share, _) => { if (share > 0.3) stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => new DelayExperiment(Small).Run(context));
    }

    [Fact]
    public void Weights_EveryKind_Equal_OnlyLearnedTrainsDelays()
    {
        DelayRun none = new(Small with { Kind = DelayKind.None }, 1), random = new(Small with { Kind = DelayKind.Random }, 1), learned = new(Small with { Kind = DelayKind.Learned }, 1);
        Assert.Equal(8 * 6 + 6 * 3, none.Weights);
        Assert.Equal((none.Weights, none.Weights), (random.Weights, learned.Weights));
        Assert.Equal((0, 0, none.Weights), (none.TrainedDelays, random.TrainedDelays, learned.TrainedDelays));
    }

    [Fact]
    public void Train_RandomDelays_StayWhereTheyAre()
    {
        var run = new DelayRun(Small with { Kind = DelayKind.Random }, 1);
        var layer = run.Network.Layers.OfType<DelayLinearLayer<float>>().First();
        float[] delays = [.. layer.Positions.Value], weights = [.. layer.Weights.Value];
        run.Train(null, 0, null, (_, _) => { }, default);
        Assert.Equal(delays, layer.Positions.Value);
        Assert.NotEqual(weights, layer.Weights.Value);
        Assert.True(layer.Rounded);
    }

    [Fact]
    public void Train_LearnedDelays_Move_AndStayWhenRounded()
    {
        var run = new DelayRun(Small, 1);
        var layer = run.Network.Layers.OfType<DelayLinearLayer<float>>().First();
        float[] before = [.. layer.Positions.Value];
        run.Train(null, 0, null, (_, _) => { }, default);
        Assert.NotEqual(before, layer.Positions.Value);
        run.TrainRounded((_, _) => { }, default);
        Assert.All(layer.Positions.Value, p => Assert.Equal(Math.Floor(p), p)); // 9 taps: the middle is a whole step
    }

    [Fact]
    public void DelayAdam_FirstStep_MovesWeightsAndDelaysByTheirOwnRates()
    {
        // Adam's first step is the rate in the direction of the gradient, whatever its size.
        var weight = new Parameter<float>("w", 1);
        var delay = new Parameter<float>("d", 1) { RateScale = 100, Decays = false };
        (weight.Gradient[0], delay.Gradient[0]) = (5, -0.01f);
        new DelayAdam([weight, delay], 2e-2, 0.3, 0).Step(1e-2); // half of the largest rate
        Assert.Equal(-1e-2f, weight.Value[0], 1e-6f);
        Assert.Equal(0.15f, delay.Value[0], 1e-5f);
    }

    [Fact]
    public void DelaysTraining_Graph_GivesTheTrainersDecisions()
    {
        var recipe = Small with { Epochs = 3, Samples = 120, LearningRate = 2e-2, TestSamples = 20 };
        var outcome = new DelaysTraining(recipe).Run(new ExperimentContext { Seed = 1002 }, null);
        var hidden = ((NirModel)outcome.Model).Graph.Find("in")!;
        Assert.Equal(NirNodeType.Linear, hidden.Type);
        Assert.Equal([6, 8], ((NirArray)hidden.Metadata["edge_delays"]!).Shape.ToArray());
        // The same test samples through the graph, read by the tests' own interpreter in float64.
        var test = new MotifData(recipe.Task, 1002, 1, recipe.TestSamples);
        int hits = 0;
        for (int i = 0; i < test.Count; i++)
        {
            var sample = new float[test.Steps * 8];
            test.Fill(i, null, 0, 1, sample);
            var reference = new GraphReference(((NirModel)outcome.Model).Graph);
            var scores = new double[3];
            for (int t = 0; t < test.Steps; t++)
            {
                double[] v = reference.Step([.. sample.AsSpan(t * 8, 8).ToArray().Select(x => (double)x)]), e = [.. v.Select(x => Math.Exp(x - v.Max()))];
                for (int k = 0; k < 3; k++) scores[k] += e[k] / e.Sum();
            }
            if (Array.IndexOf(scores, scores.Max()) == test.ClassOf(i)) hits++;
        }
        Assert.Equal(outcome.Metric.Value, hits / 20.0, 1e-12);
    }

    [Fact]
    public void DelaysTraining_Resumed_GivesTheSameModel()
    {
        string path = Path.Combine(Path.GetTempPath(), $"delays-{Guid.CreateVersion7():N}.train");
        try
        {
            var recipe = Small with { Epochs = 12 };
            var whole = new DelaysTraining(recipe).Run(new ExperimentContext(), null);
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => new DelaysTraining(recipe).Run(new ExperimentContext { Stop = stop.Token, Progress = (_, text) => { if (File.Exists(path)) stop.Cancel(); } }, path));
            var resumed = new DelaysTraining(recipe).Run(new ExperimentContext(), path);
            Assert.Equal(whole.Model, resumed.Model);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
