namespace EdgeAutonomy.Learning.Tests;

public sealed class OptimiserTests
{
    [Fact]
    public void Adam_FirstSteps_AreThoseOfThePaper()
    {
        var p = Parameter(1);
        var adam = new Adam<double>([p], beta1: 0.9, beta2: 0.99, epsilon: 1e-8);
        double w = 1, m = 0, v = 0;
        for (int t = 1; t <= 5; t++)
        {
            double g = p.Gradient[0] = 0.3 * t - 0.8;
            m = 0.9 * m + 0.1 * g;
            v = 0.99 * v + 0.01 * g * g;
            w -= 0.05 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.99, t))) + 1e-8);
            adam.Step(0.05);
            Assert.Equal(w, p.Value[0], 1e-12);
        }
    }

    [Fact]
    public void AdamW_NoGradient_OnlyDecays()
    {
        var p = Parameter(2);
        var bias = new Parameter<double>("bias", 1) { Decays = false };
        bias.Value[0] = 2;
        new Adam<double>([p, bias], weightDecay: 0.1, decoupled: true).Step(0.5);
        Assert.Equal(2 * (1 - 0.05), p.Value[0], 1e-12);
        Assert.Equal(2, bias.Value[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sgd_Momentum_FollowsTheRule(bool nesterov)
    {
        var p = Parameter(1);
        var sgd = new Sgd<double>([p], 0.9, nesterov, weightDecay: 0.01);
        double w = 1, m = 0;
        for (int t = 0; t < 4; t++)
        {
            double g = (p.Gradient[0] = t - 1.5) + 0.01 * w;
            m = 0.9 * m + g;
            w -= 0.1 * (nesterov ? g + 0.9 * m : m);
            sgd.Step(0.1);
            Assert.Equal(w, p.Value[0], 1e-12);
        }
    }

    [Fact]
    public void Spam_JumpOfTheGradient_IsCutToTheThreshold()
    {
        Parameter<double> p = Parameter(0), q = Parameter(0);
        Spam<double> spam = new([p], resetEvery: 100, threshold: 5000, warmup: 0);
        Adam<double> adam = new([q]);
        for (int t = 0; t < 10; t++)
        {
            p.Gradient[0] = q.Gradient[0] = 1;
            spam.Step(0.01);
            adam.Step(0.01);
        }
        Assert.Equal(q.Value[0], p.Value[0], 1e-12); // no jump: plain Adam
        double v = spam.State[1].Values[0], m = spam.State[0].Values[0];
        p.Gradient[0] = 1e6;
        spam.Step(0.01);
        Assert.Equal(0.9 * m + 0.1 * Math.Sqrt(5000 * v), spam.State[0].Values[0], 1e-12);
    }

    [Fact]
    public void Spam_EveryReset_ForgetsTheMoments()
    {
        var p = Parameter(0);
        var spam = new Spam<double>([p], resetEvery: 3, warmup: 0);
        for (int t = 0; t < 3; t++)
        {
            p.Gradient[0] = 5;
            spam.Step(0.01);
        }
        double before = p.Value[0];
        p.Gradient[0] = -5;
        spam.Step(0.01);
        // As the first step of a new Adam: the whole rate against the gradient, although three steps went the other way.
        Assert.Equal(before + 0.01, p.Value[0], 1e-9);
    }

    [Fact]
    public void Step_BoundedParameter_StaysInBounds()
    {
        var p = new Parameter<float>("p", 3) { Bound = 2, RateScale = 100 };
        p.Gradient.AsSpan().Fill(-1);
        new Adam<float>([p]).Step(0.1);
        Assert.Equal([2f, 2f, 2f], p.Value);
    }

    [Fact]
    public void ClipByNorm_AboveTheBound_ScalesToIt()
    {
        Parameter<double> p = Parameter(0), q = Parameter(0);
        (p.Gradient[0], q.Gradient[0]) = (3, 4);
        Assert.Equal(5, Optimiser<double>.ClipByNorm([p, q], 10));
        Assert.Equal(3, p.Gradient[0]);
        Assert.Equal(5, Optimiser<double>.ClipByNorm([p, q], 1));
        Assert.Equal(0.6, p.Gradient[0], 1e-12);
        Assert.Equal(0.8, q.Gradient[0], 1e-12);
    }

    [Fact]
    public void OneCycle_Ends_AreThoseOfItsDefinition()
    {
        var rate = new OneCycleRate(5e-3);
        Assert.Equal(5e-3 / 25, rate.At(0, 1000), 1e-12);
        Assert.Equal(5e-3, rate.At(299, 1000), 1e-12);
        Assert.Equal(5e-3 / 25 / 1e4, rate.At(999, 1000), 1e-12);
        Assert.Equal((5e-3 + 5e-3 / 25) / 2, rate.At(150, 1000), 2e-5); // half-way up
        for (int i = 0; i < 999; i++) Assert.Equal(i < 299, rate.At(i + 1, 1000) > rate.At(i, 1000));
    }

    [Fact]
    public void Cosine_WithWarmup_RisesThenFalls()
    {
        var rate = new CosineRate(1, 0.1, 4);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1], Enumerable.Range(0, 5).Select(i => Math.Round(rate.At(i, 105), 12)));
        Assert.Equal(0.55, rate.At(54, 105), 1e-12);
        Assert.Equal(0.1, rate.At(104, 105), 1e-12);
    }

    [Fact]
    public void Step_AtItsShares_Divides()
    {
        var rate = new StepRate(1, 5, 0.6, 0.8);
        Assert.Equal([1, 0.2, 0.2, 0.04], ((long[])[59, 60, 79, 80]).Select(i => Math.Round(rate.At(i, 100), 12)));
    }

    private static Parameter<double> Parameter(double value)
    {
        var p = new Parameter<double>("p", 1);
        p.Value[0] = value;
        return p;
    }
}
