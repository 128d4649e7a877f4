using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Learning.Tests;

public sealed class TransferExperimentTests
{
    private static readonly TransferRecipe Small = new()
    {
        Data = new NmnistOptions { Steps = 3, StepUs = 105_000 }, Network = new DigitsOptions { Channels = [2, 3] }, Recordings = [20], Epochs = 1, Batches = 2, BatchSize = 4, DrawnTests = 20,
    };

    [Fact]
    public void EventShare_Rising_FollowsTheFormula()
    {
        var recipe = new TransferRecipe { Epochs = 4, Batches = 5, Power = 2 };
        Assert.Equal(0, recipe.EventShare(TransferCurriculum.Rising, 0, 0));
        Assert.Equal(0.55 * 0.55, recipe.EventShare(TransferCurriculum.Rising, 2, 1), 1e-12);
        double mean = Enumerable.Range(0, 20).Average(i => recipe.EventShare(TransferCurriculum.Rising, i / 5, i % 5));
        // A sum of 20 steps against the integral: at most half a step, 1/40.
        Assert.Equal(recipe.EventShare(TransferCurriculum.Constant, 0, 0), mean, 0.025);
        Assert.Equal((1.0, 0.0), (recipe.EventShare(TransferCurriculum.EventsOnly, 0, 0), recipe.EventShare(TransferCurriculum.PicturesOnly, 3, 4)));
    }

    [Fact]
    public void Run_WithoutDataFolder_DrawsRecordingsAndSaysSo()
    {
        var shares = new List<double>();
        var result = new TransferExperiment(Small).Run(new ExperimentContext { Seeds = 2, Progress = (share, _) => shares.Add(share) });
        Assert.Equal(4, result.Rows.Count(r => r.Metric == "linear CKA of recordings and pictures"));
        Assert.All(result.Rows.Where(r => r.Metric.StartsWith("linear CKA", StringComparison.Ordinal)), r => Assert.InRange(r.Value.Value, 0, 1));
        Assert.Contains(result.Notes, n => n.Contains("recordings are made of drawings", StringComparison.Ordinal));
        Assert.Equal(1, shares[^1], 1e-9);
        Assert.Equal(shares.Order(), shares);
    }

    [SkippableFact]
    public void Run_RealRecordings_OneEpoch()
    {
        string data = Path.Combine(SharedData.Require("events/nmnist-small"), "..", "..");
        var result = new TransferExperiment(Small).Run(new ExperimentContext { Seeds = 1, DataFolder = data });
        Assert.Contains(result.Notes, n => n.StartsWith("Recordings: N-MNIST", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_Stopped_EndsEarly()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => new TransferExperiment(Small).Run(new ExperimentContext { Seeds = 1, Stop = stop.Token }));
    }

    [Fact]
    public void Train_Twice_SameWeights()
    {
        var data = TransferExperiment.Drawn(Small.Data, 20, new CounterRandom(5), default);
        float[][] weights = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            var run = new TransferRun(Small, TransferCurriculum.Rising, data, 1001);
            run.Train((_, _) => { }, default);
            return run.Network.Parameters[0].Value;
        })];
        Assert.Equal(weights[0], weights[1]);
    }
}
