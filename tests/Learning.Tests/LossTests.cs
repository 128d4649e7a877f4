namespace EdgeAutonomy.Learning.Tests;

public sealed class LossTests
{
    private static readonly int[] Classes = [1, 0, 3];

    public static TheoryData<string, Decision> Kinds
    {
        get
        {
            var data = new TheoryData<string, Decision>();
            foreach (string kind in (string[])["entropy", "smooth", "squared", "binary"])
            {
                foreach (var d in Enum.GetValues<Decision>()) data.Add(kind, d);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evaluate_EveryDecision_GradientAgrees(string kind, Decision decision)
    {
        var pass = new LayerPass(4, 3);
        double[] y = GradientCheck.Draw(new CounterRandom(1), 4 * 3 * 4, -2, 2), target = GradientCheck.Draw(new CounterRandom(2), 12, 0, 1), gradient = new double[y.Length];
        Loss<double> loss = kind switch
        {
            "entropy" => new CrossEntropyLoss<double>(decision),
            "smooth" => new CrossEntropyLoss<double>(decision, 0.1),
            "squared" => new MeanSquaredLoss<double>(decision),
            _ => new BinaryCrossEntropyLoss<double>(decision),
        };
        double Value(double[]? into)
        {
            var targets = loss is CrossEntropyLoss<double> ? new Targets<double>(Classes) : new Targets<double>(target);
            return loss.Evaluate(pass, y, targets, into);
        }
        Value(gradient);
        GradientCheck.Compare(kind, y, gradient, () => Value(null), 1e-6);
    }

    [Fact]
    public void CrossEntropy_KnownScores_GivesTheTextbookValue()
    {
        double[] y = [0, Math.Log(3)]; // softmax 1/4, 3/4
        double loss = new CrossEntropyLoss<double>().Evaluate(new LayerPass(1, 1), y, new Targets<double>((int[])[0]), default);
        Assert.Equal(Math.Log(4), loss, 1e-14);
    }

    [Fact]
    public void CrossEntropy_HugeScores_StaysFinite()
    {
        double[] y = [1e4, -1e4], gradient = new double[2];
        Assert.Equal(2e4, new CrossEntropyLoss<double>().Evaluate(new LayerPass(1, 1), y, new Targets<double>((int[])[1]), gradient), 1e-9);
        Assert.Equal([1, -1], gradient);
    }

    [Fact]
    public void CrossEntropy_ClassBeyondOutputs_Throws() =>
        Assert.Throws<ArgumentException>(() => new CrossEntropyLoss<double>().Evaluate(new LayerPass(1, 1), new double[2], new Targets<double>((int[])[2]), default));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 1)]
    public void Rates_OutOfBounds_GradientAgrees(double low, double high)
    {
        var network = new Network<double>([new LifLayer<double>("lif", new MapSize(6), new LifOptions { Detach = false }) { Smooth = true }]) { Rates = new RateRegulariser<double>(3, low, high) };
        var pass = new LayerPass(4, 2) { Training = true };
        double[] x = GradientCheck.Draw(new CounterRandom(1), 48, 0, 1), dx = new double[48], nothing = new double[48];
        double Cost()
        {
            network.Forward(pass, x);
            return network.Backward(nothing, dx);
        }
        Cost();
        GradientCheck.Compare("rates", x, (double[])dx.Clone(), Cost, 1e-6);
    }
}
