namespace EdgeAutonomy.Learning.Tests;

/// <summary>The two layers that point networks add: maxima over places, and residual blocks.</summary>
public sealed class PointLayerTests
{
    [Fact]
    public void MaxOver_Random_GradientsAgree() => GradientCheck.Check(new Network<double>([new MaxOverLayer<double>("max", new MapSize(5, 3, 4))]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Residual_Random_GradientsAgree(bool pools)
    {
        var size = new MapSize(5, 3, 2);
        var pool = pools ? new MaxOverLayer<double>("pool", size) : null;
        var neurons = new LifLayer<double>("lif", pool?.Output ?? size, new LifOptions { Detach = false, Threshold = 0.6 }) { Smooth = true };
        var body = new Network<double>([new Conv2dLayer<double>("conv", size, 5, new Window2d(1), bias: false), new BatchNormLayer<double>("norm", size)]);
        // A weight in front, so that the gradient of the block's input matters too.
        GradientCheck.Check(new Network<double>([new Conv2dLayer<double>("first", new MapSize(4, 3, 2), 5, new Window2d(1)), new ResidualLayer<double>("block", body, neurons, pool)]));
    }

    [Fact]
    public void MaxOver_EqualInputs_ShareTheGradientEvenly()
    {
        var layer = new MaxOverLayer<double>("max", new MapSize(1, 1, 4));
        double[] x = [1, 0, 1, 1], y = new double[1], dx = new double[4];
        var pass = new LayerPass(1, 1) { Training = true };
        layer.Forward(pass, x, y);
        layer.Backward(pass, x, y, new double[] { 6 }, dx);
        Assert.Equal(1, y[0]);
        Assert.Equal([2.0, 0, 2, 2], dx);
    }

    [Fact]
    public void MaxOver_PlacesInAnyOrder_GivesTheSame()
    {
        var size = new MapSize(7, 3, 5);
        var layer = new MaxOverLayer<float>("max", size);
        var random = new CounterRandom(1);
        var x = new float[size.Count];
        for (int i = 0; i < x.Length; i++) x[i] = (float)random.Uniform((ulong)i, -1, 1);
        var reversed = new float[x.Length];
        for (int group = 0; group < 3; group++)
        {
            for (int k = 0; k < 5; k++) x.AsSpan((group * 5 + k) * 7, 7).CopyTo(reversed.AsSpan((group * 5 + 4 - k) * 7, 7));
        }
        float[] a = new float[21], b = new float[21];
        layer.Forward(new LayerPass(1, 1), x, a);
        layer.Forward(new LayerPass(1, 1), reversed, b);
        Assert.Equal(a, b);
    }

    [Fact]
    public void Residual_SizesThatDoNotFit_AreRefused()
    {
        var body = new Network<float>([new LinearLayer<float>("fc", new MapSize(4), 5)]);
        Assert.Throws<ArgumentException>(() => new ResidualLayer<float>("block", body, new LifLayer<float>("lif", new MapSize(5), new LifOptions())));
    }

    [Fact]
    public void Operations_SmallConvolution_AreThoseCountedByHand()
    {
        // One channel on 3 x 3, window 3, stride 1, padding 1: a corner is in 4 windows, an edge in 6, the centre in 9; two output channels.
        var network = new Network<float>([new Conv2dLayer<float>("conv", new MapSize(1, 3, 3), 2, new Window2d(3, 1, 1), bias: false)]);
        var (spikes, additions, products) = SynapticOperations.PerSample(network, new OneImage([1, 1, 0, 0, 1, 0, 0, 0, 0]), 1, default);
        Assert.Equal((0.0, 2.0 * (4 + 6 + 9), 0.0), (spikes, additions, products));
        (_, additions, products) = SynapticOperations.PerSample(network, new OneImage([0.5f, 0, 0, 0, 0, 0, 0, 0, 0]), 1, default);
        Assert.Equal((0.0, 8.0), (additions, products));
    }

    private sealed class OneImage(float[] image) : ITrainingData
    {
        public int Count => 1;

        public MapSize Size => new(1, 3, 3);

        public int Steps => 1;

        public int Classes => 2;

        public int ClassOf(int sample) => 0;

        public void Fill(int sample, CounterRandom? random, int slot, int slots, Span<float> batch) => image.CopyTo(batch);
    }
}
