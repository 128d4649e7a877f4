namespace EdgeAutonomy.Learning.Tests;

/// <summary>Every layer's backward pass against differences, with the surrogate's primitive in the place of the step.</summary>
public sealed class GradientTests
{
    private static readonly MapSize Map = new(3, 5, 4);

    public static TheoryData<SurrogateKind, double> Surrogates => new()
    {
        { SurrogateKind.ATan, 2 }, { SurrogateKind.Sigmoid, 4 }, { SurrogateKind.FastSigmoid, 5 }, { SurrogateKind.Triangle, 0.3 }, { SurrogateKind.PiecewiseQuadratic, 0.4 },
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Linear_Random_GradientsAgree(bool sparse) =>
        GradientCheck.Check(new Network<double>([new LinearLayer<double>("fc", new MapSize(7), 21) { Sparse = sparse }]), sparse: 0.5);

    [Fact]
    public void Tanh_BetweenLinearLayers_GradientsAgree() => GradientCheck.Check(new Network<double>(
        [new LinearLayer<double>("a", new MapSize(5), 9), new TanhLayer<double>("t", new MapSize(9)), new LinearLayer<double>("b", new MapSize(9), 3)]));

    [Theory]
    [InlineData(3, 1, 1, true)]
    [InlineData(3, 2, 1, false)]
    [InlineData(2, 2, 0, true)]
    [InlineData(4, 3, 2, false)]
    public void Conv2d_Random_GradientsAgree(int kernel, int stride, int padding, bool sparse) =>
        GradientCheck.Check(new Network<double>([new Conv2dLayer<double>("conv", Map, 6, new Window2d(kernel, stride, padding)) { Sparse = sparse }]), sparse: 0.5);

    [Theory]
    [InlineData(3, false)]
    [InlineData(0.4, false)]
    [InlineData(0.2, true)]
    public void DelayLinear_Random_GradientsAgree(double sigma, bool sparse) =>
        GradientCheck.Check(new Network<double>([new DelayLinearLayer<double>("delay", new MapSize(4), 6, 7) { Sigma = sigma, Sparse = sparse }]), steps: 11, sparse: 0.3);

    [Theory]
    [MemberData(nameof(Surrogates))]
    public void Lif_EverySurrogate_GradientsAgree(SurrogateKind kind, double slope) =>
        GradientCheck.Check(new Network<double>([new LifLayer<double>("lif", new MapSize(11), new LifOptions { Surrogate = new(kind, slope), Detach = false, Threshold = 0.6 })]));

    [Theory]
    [InlineData(MembraneReset.Hard, false, 0, false)]
    [InlineData(MembraneReset.Hard, true, 0, false)]
    [InlineData(MembraneReset.Hard, true, -0.3, false)]
    [InlineData(MembraneReset.Hard, false, 0.2, true)]
    [InlineData(MembraneReset.Soft, false, 0, false)]
    [InlineData(MembraneReset.Soft, true, 0.1, false)]
    [InlineData(MembraneReset.Soft, true, 0, true)]
    public void Lif_EveryReset_GradientsOfInputTauAndThresholdAgree(MembraneReset reset, bool decayInput, double value, bool recurrent)
    {
        var options = new LifOptions { Tau = 1.7, Reset = reset, DecayInput = decayInput, ResetValue = value, LearnTau = true, LearnThreshold = true, Recurrent = recurrent, Detach = false, Threshold = 0.5 };
        GradientCheck.Check(new Network<double>([new LifLayer<double>("lif", new MapSize(9), options)]));
    }

    [Theory]
    [InlineData(MembraneReset.Hard, false, false)]
    [InlineData(MembraneReset.Soft, true, false)]
    [InlineData(MembraneReset.Soft, false, true)]
    public void CubaLif_EveryReset_GradientsAgree(MembraneReset reset, bool decayInput, bool recurrent)
    {
        var options = new CubaLifOptions { TauSyn = 1.6, TauMem = 3, Reset = reset, DecayInput = decayInput, Recurrent = recurrent, Detach = false, Threshold = 0.4 };
        GradientCheck.Check(new Network<double>([new CubaLifLayer<double>("cuba", new MapSize(9), options)]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IntegerLif_StraightThrough_GradientsAgree(bool detach)
    {
        // With detach the reset's own gradient is left out on purpose; over one step there is none.
        GradientCheck.Check(new Network<double>([new IntegerLifLayer<double>("ilif", new MapSize(9), 1, 1.5, detach)]), steps: detach ? 1 : 6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Readout_Random_GradientsAgree(bool decayInput) => GradientCheck.Check(new Network<double>([new ReadoutLayer<double>("li", new MapSize(5), 3, decayInput)]));

    [Theory]
    [InlineData(PoolKind.Average, 2, 2, 0)]
    [InlineData(PoolKind.Sum, 3, 1, 1)]
    [InlineData(PoolKind.Max, 3, 2, 1)]
    public void Pool_EveryKind_GradientsAgree(PoolKind kind, int kernel, int stride, int padding) =>
        GradientCheck.Check(new Network<double>([new PoolLayer<double>("pool", Map, kind, new Window2d(kernel, stride, padding))]));

    [Fact]
    public void BatchNorm_Training_GradientsAgree() => GradientCheck.Check(new Network<double>([new BatchNormLayer<double>("norm", Map, 0.7)]));

    [Fact]
    public void Dropout_Training_GradientsAgree() => GradientCheck.Check(new Network<double>([new DropoutLayer<double>("drop", new MapSize(20), 0.4)]));

    [Fact]
    public void Network_AllKindsTogether_GradientsAgree()
    {
        var conv = new Conv2dLayer<double>("conv", new MapSize(2, 8, 8), 5, new Window2d(3, 1, 1), bias: false);
        var norm = new BatchNormLayer<double>("norm", conv.Output);
        var lif = new LifLayer<double>("lif", conv.Output, new LifOptions { Detach = false });
        var pool = new PoolLayer<double>("pool", lif.Output, PoolKind.Average, new Window2d(2, 2));
        var drop = new DropoutLayer<double>("drop", pool.Output, 0.2);
        var fc = new DelayLinearLayer<double>("fc", pool.Output, 6, 3);
        var hidden = new CubaLifLayer<double>("hidden", fc.Output, new CubaLifOptions { Detach = false, Recurrent = true });
        var last = new LinearLayer<double>("last", hidden.Output, 4);
        GradientCheck.Check(new Network<double>([conv, norm, lif, pool, drop, fc, hidden, last, new ReadoutLayer<double>("li", last.Output)]), steps: 6, samples: 2);
    }

    [Theory]
    [InlineData(MembraneReset.Hard)]
    [InlineData(MembraneReset.Soft)]
    public void Lif_Detached_GradientIsThatWithTheResetHeldFixed(MembraneReset reset)
    {
        const int Steps = 6, N = 4;
        var surrogate = new Surrogate(SurrogateKind.ATan, 2);
        var layer = new LifLayer<double>("lif", new MapSize(N), new LifOptions { Tau = 2, Reset = reset, Detach = true, Surrogate = surrogate, Threshold = 0.5 }) { Smooth = true };
        var network = new Network<double>([layer]);
        var pass = new LayerPass(Steps, 1) { Training = true };
        double[] x = GradientCheck.Draw(new CounterRandom(3), Steps * N, -0.2, 1), functional = GradientCheck.Draw(new CounterRandom(4), Steps * N, -1, 1), dx = new double[x.Length];
        double[] spikes = network.Forward(pass, x).ToArray();
        network.Backward(functional, dx);
        // The same neuron written down again, with the spikes of the first run in its reset.
        double Value()
        {
            double sum = 0;
            for (int i = 0; i < N; i++)
            {
                double v = 0;
                for (int t = 0; t < Steps; t++)
                {
                    double u = 0.5 * v + x[t * N + i], s = spikes[t * N + i];
                    sum += functional[t * N + i] * surrogate.Primitive(u - 0.5);
                    v = reset == MembraneReset.Hard ? u * (1 - s) : u - 0.5 * s;
                }
            }
            return sum;
        }
        GradientCheck.Compare("input", x, dx, Value, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Surrogates))]
    public void Surrogate_Derivative_IsThatOfThePrimitive(SurrogateKind kind, double slope)
    {
        var s = new Surrogate(kind, slope);
        foreach (double x in (double[])[-2.1, -0.7, -0.1, 0.05, 0.4, 1.3, 3])
        {
            double d = (s.Primitive(x + 1e-6) - s.Primitive(x - 1e-6)) / 2e-6;
            Assert.Equal(d, s.Derivative(new System.Numerics.Vector<double>(x))[0], 1e-8);
            Assert.Equal((float)d, s.Derivative(new System.Numerics.Vector<float>((float)x))[0], 1e-5f);
        }
    }

    [Fact]
    public void Check_WrongGradient_Fails()
    {
        double[] x = [0.3], wrong = [1.01];
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => GradientCheck.Compare("x", x, wrong, () => x[0], 1e-6));
    }
}
