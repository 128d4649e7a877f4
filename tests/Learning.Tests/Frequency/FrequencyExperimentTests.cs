namespace EdgeAutonomy.Learning.Tests;

public sealed class FrequencyExperimentTests
{
    private static readonly PoolingRecipe Small = new() { Channels = (2, 3), Epochs = 1, Samples = 16, TestSamples = 16, BatchSize = 8 };
    private static readonly TextureOptions Textures = new() { Side = 12, Steps = 3, Classes = 4 };

    [Fact]
    public void Run_OneEpoch_HasBothPoolsAndTheResponses()
    {
        var shares = new List<double>();
        var result = new FrequencyExperiment(Small, Textures).Run(new ExperimentContext { Seeds = 2, Quick = true, Progress = (share, _) => shares.Add(share) });
        Assert.Equal(8, result.Rows.Count(r => r.Metric == "test accuracy, %" && r.Arm.EndsWith("pools", StringComparison.Ordinal) && !r.Arm.Contains(" - ", StringComparison.Ordinal)));
        Assert.All(result.Rows.Where(r => r.Metric.StartsWith("largest deviation", StringComparison.Ordinal)), r => Assert.InRange(r.Value.Value, 0, 1));
        Assert.All(result.Rows.Where(r => r.Metric.StartsWith("gain at", StringComparison.Ordinal)), r => Assert.True(r.Value.Value > 2));
        Assert.Equal(1, shares[^1], 1e-9);
        Assert.Equal(shares.Order(), shares);
    }

    [Fact]
    public void Run_Stopped_EndsEarly()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => new FrequencyExperiment(Small, Textures).Run(new ExperimentContext { Seeds = 1, Stop = stop.Token }));
    }

    [Fact]
    public void TextureData_CountsPerClass_TellNothing()
    {
        // Nearest mean over the number of events per step and polarity: only the orientation may tell the class. Share of 1/8 from 800: standard deviation 0.0117, four of them.
        TextureData train = new(new TextureOptions(), 1000, 0, 800), test = new(new TextureOptions(), 1000, 1, 800);
        Assert.InRange(MotifControls.Rates(train, test), 0.078, 0.172);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TextureData_EventRate_PlausibleAndReproducible(bool fine)
    {
        var data = new TextureData(new TextureOptions { Fine = fine }, 1000, 0, 40);
        float[] a = new float[data.Steps * data.Size.Count], b = new float[a.Length];
        double rate = 0;
        for (int i = 0; i < data.Count; i++)
        {
            data.Fill(i, null, 0, 1, a);
            data.Fill(i, null, 0, 1, b);
            Assert.Equal(a, b);
            rate += a.Average() / data.Count;
        }
        Assert.InRange(rate, 0.05, 0.3);
    }
}
