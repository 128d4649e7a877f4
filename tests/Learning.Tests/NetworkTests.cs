namespace EdgeAutonomy.Learning.Tests;

public sealed class NetworkTests
{
    [Fact]
    public void Forward_AllStepsAtOnce_EqualsStepByStepBitForBit()
    {
        const int Steps = 9, Samples = 3;
        var network = Everything();
        network.Initialize(5);
        float[] x = Spikes(1, Steps * Samples * network.Input.Count, 0.3), whole = network.Forward(new LayerPass(Steps, Samples), x).ToArray();
        Assert.Contains(whole, v => v != 0);
        // Twice, because the second run must start from rest again.
        for (int run = 0; run < 2; run++)
        {
            for (int t = 0; t < Steps; t++)
            {
                int n = Samples * network.Input.Count, m = Samples * network.Output.Count;
                var y = network.Forward(new LayerPass(1, Samples) { Continues = t > 0 }, x.AsSpan(t * n, n));
                Assert.Equal(whole[(t * m)..((t + 1) * m)], y.ToArray());
            }
        }
    }

    [Fact]
    public void Forward_OneSampleAlone_EqualsTheSameSampleInABatch()
    {
        const int Steps = 5, Samples = 4;
        var network = Everything();
        network.Initialize(5);
        int n = network.Input.Count, m = network.Output.Count;
        float[] x = Spikes(2, Steps * Samples * n, 0.3), whole = network.Forward(new LayerPass(Steps, Samples), x).ToArray(), alone = new float[Steps * n];
        for (int t = 0; t < Steps; t++) x.AsSpan((t * Samples + 2) * n, n).CopyTo(alone.AsSpan(t * n));
        var y = network.Forward(new LayerPass(Steps, 1), alone);
        for (int t = 0; t < Steps; t++) Assert.Equal(whole[((t * Samples + 2) * m)..((t * Samples + 3) * m)], y.Slice(t * m, m).ToArray());
    }

    [Fact]
    public void Fold_TrainedStatistics_GivesTheSameOutputs()
    {
        var network = Everything();
        network.Initialize(3);
        float[] x = Spikes(3, 6 * 4 * network.Input.Count, 0.3);
        for (int i = 0; i < 20; i++) network.Forward(new LayerPass(6, 4) { Training = true, Random = new CounterRandom((ulong)i) }, x);
        var norm = network.Layers.OfType<BatchNormLayer<float>>().First();
        Assert.NotEqual(0, norm.RunningMean[0]);
        var folded = BatchNormFolding.Fold(network);
        Assert.DoesNotContain(folded.Layers, l => l is BatchNormLayer<float> or DropoutLayer<float>);
        // One rounding of the weights instead of two of the outputs: a membrane within 1e-6 of the threshold may fall on the other side; none of these is.
        float[] expected = network.Forward(new LayerPass(6, 4), x).ToArray(), actual = folded.Forward(new LayerPass(6, 4), x).ToArray();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
    }

    [Fact]
    public void Fold_NormalisationBehindNeurons_Throws()
    {
        var lif = new LifLayer<float>("lif", new MapSize(4), new LifOptions());
        var e = Assert.Throws<ArgumentException>(() => BatchNormFolding.Fold(new Network<float>([lif, new BatchNormLayer<float>("norm", lif.Output)])));
        Assert.Contains("'norm'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conv2d_KnownWeights_GivesTheSumOverTheWindow()
    {
        var conv = new Conv2dLayer<double>("conv", new MapSize(1, 3, 3), 1, new Window2d(3, 2, 1));
        for (int i = 0; i < 9; i++) conv.Weights.Value[i] = i + 1;
        conv.Bias!.Value[0] = 0.5;
        var y = new double[4];
        conv.Forward(new LayerPass(1, 1), (double[])[1, 2, 3, 4, 5, 6, 7, 8, 9], y);
        // Upper left: kernel rows 2 and 3, columns 2 and 3 over 1 2 4 5.
        Assert.Equal([5 * 1 + 6 * 2 + 8 * 4 + 9 * 5 + 0.5, 4 * 2 + 5 * 3 + 7 * 5 + 8 * 6 + 0.5, 2 * 4 + 3 * 5 + 5 * 7 + 6 * 8 + 0.5, 1 * 5 + 2 * 6 + 4 * 8 + 5 * 9 + 0.5], y);
    }

    [Theory]
    [InlineData(MembraneReset.Hard, new double[] { 0.6, 0.9, 0, 0.6, 0.9 }, new double[] { 0, 0, 1, 0, 0 })]
    [InlineData(MembraneReset.Soft, new double[] { 0.6, 0.9, 0.05, 0.625, 0.9125 }, new double[] { 0, 0, 1, 0, 0 })]
    public void Lif_ConstantInput_FollowsTheEquation(MembraneReset reset, double[] membrane, double[] spikes)
    {
        var lif = new LifLayer<double>("lif", new MapSize(1), new LifOptions { Tau = 2, Reset = reset });
        double[] x = [0.6, 0.6, 0.6, 0.6, 0.6], y = new double[5];
        lif.Forward(new LayerPass(5, 1), x, y);
        Assert.Equal(spikes, y);
        Assert.Equal(5, membrane.Length);
        double v = 0;
        for (int t = 0; t < 5; t++)
        {
            double u = 0.5 * v + 0.6;
            v = u > 1 ? (reset == MembraneReset.Hard ? 0 : u - 1) : u;
            Assert.Equal(membrane[t], v, 1e-12);
        }
    }

    [Fact]
    public void Lif_MembraneAtThreshold_DoesNotFire()
    {
        var lif = new LifLayer<double>("lif", new MapSize(1), new LifOptions());
        var y = new double[1];
        lif.Forward(new LayerPass(1, 1), (double[])[1], y);
        Assert.Equal(0, y[0]);
        lif.Forward(new LayerPass(1, 1), (double[])[1.0000001], y);
        Assert.Equal(1, y[0]);
    }

    [Fact]
    public void IntegerLif_LargeInput_GivesWholeSpikesUpToTheLevels()
    {
        var lif = new IntegerLifLayer<double>("ilif", new MapSize(1), 4, tau: 2);
        var y = new double[4];
        lif.Forward(new LayerPass(4, 1), (double[])[0.4, 1.4, 9, -3], y);
        Assert.Equal([0, 2, 4, 0], y); // u = 0.4; 0.2 + 1.4 = 1.6 → 2; −0.2 + 9 = 8.8 → 4; 2.4 − 3
    }

    [Fact]
    public void DelayLinear_Rounded_IsOneDelayedSpikePerSynapse()
    {
        var layer = new DelayLinearLayer<double>("delay", new MapSize(2), 2, 5);
        double[] delays = [0, 3.4, 1.6, 4];
        for (int i = 0; i < 4; i++)
        {
            layer.Weights.Value[i] = i + 1;
            layer.Positions.Value[i] = delays[i] - 2;
        }
        layer.Round();
        double[] x = new double[16], y = new double[16];
        x[0] = x[1] = 1; // both inputs at step 0
        layer.Forward(new LayerPass(8, 1), x, y);
        Assert.Equal([0, 3, 2, 4], Enumerable.Range(0, 4).Select(layer.Delay));
        double[] expected = new double[16];
        expected[0 * 2 + 0] = 1;
        expected[3 * 2 + 1] = 2;
        expected[2 * 2 + 0] = 3;
        expected[4 * 2 + 1] = 4;
        Assert.Equal(expected, y);
    }

    [Fact]
    public void DelayLinear_Sigma_NarrowsOverTheFirstQuarter()
    {
        var layer = new DelayLinearLayer<float>("delay", new MapSize(1), 1, 25);
        Assert.Equal(12, layer.SigmaAt(0, 40));
        Assert.Equal(12 * Math.Sqrt(0.23 / 12), layer.SigmaAt(5, 40), 1e-9);
        Assert.Equal(0.23, layer.SigmaAt(10, 40), 1e-9);
        Assert.Equal(0.23, layer.SigmaAt(39, 40));
    }

    [Fact]
    public void Dropout_Running_ChangesNothing()
    {
        var drop = new DropoutLayer<double>("drop", new MapSize(1000), 0.4);
        double[] x = new double[2000], y = new double[2000];
        x.AsSpan().Fill(1);
        drop.Forward(new LayerPass(2, 1), x, y);
        Assert.Equal(x, y);
        var pass = new LayerPass(2, 1) { Training = true, Random = new CounterRandom(1) };
        drop.Forward(pass, x, y);
        Assert.Equal(0.4, y[..1000].Count(v => v == 0) / 1000.0, 0.062); // four standard errors
        Assert.Equal(y[..1000], y[1000..]); // the same units at every step
    }

    [Fact]
    public void Network_LayersDoNotFit_NamesBoth()
    {
        var e = Assert.Throws<ArgumentException>(() => new Network<float>([new LinearLayer<float>("a", new MapSize(3), 4), new LinearLayer<float>("b", new MapSize(5), 4)]));
        Assert.Contains("'b'", e.Message, StringComparison.Ordinal);
        Assert.Contains("'a'", e.Message, StringComparison.Ordinal);
    }

    internal static Network<float> Everything()
    {
        var conv = new Conv2dLayer<float>("conv", new MapSize(2, 9, 9), 8, new Window2d(3, 1, 1), bias: false);
        var norm = new BatchNormLayer<float>("norm", conv.Output);
        var lif = new LifLayer<float>("lif", conv.Output, new LifOptions { Reset = MembraneReset.Soft });
        var pool = new PoolLayer<float>("pool", lif.Output, PoolKind.Max, new Window2d(3, 3));
        var delay = new DelayLinearLayer<float>("delay", pool.Output, 12, 4);
        var hidden = new CubaLifLayer<float>("hidden", delay.Output, new CubaLifOptions { Recurrent = true, Threshold = 0.3 });
        var drop = new DropoutLayer<float>("drop", hidden.Output, 0.2);
        var fc = new LinearLayer<float>("fc", hidden.Output, 6);
        var plif = new LifLayer<float>("plif", fc.Output, new LifOptions { LearnTau = true, Threshold = 0.1 });
        var integer = new LinearLayer<float>("more", plif.Output, 5);
        var ilif = new IntegerLifLayer<float>("ilif", integer.Output);
        var last = new LinearLayer<float>("last", ilif.Output, 4);
        return new Network<float>([conv, norm, lif, pool, delay, hidden, drop, fc, plif, integer, ilif, last, new ReadoutLayer<float>("li", last.Output)]);
    }

    internal static float[] Spikes(ulong seed, int count, double rate)
    {
        var x = new float[count];
        for (int i = 0; i < count; i++) x[i] = new CounterRandom(seed).Uniform((ulong)i) < rate ? 1 : 0;
        return x;
    }
}
