namespace EdgeAutonomy.Learning.Tests;

public sealed class QNetworkTests
{
    [Fact]
    public void Backward_ReluBetweenLayers_EqualsDifferences() =>
        GradientCheck.Check(new Network<double>([new LinearLayer<double>("a", new MapSize(7), 19), new ReluLayer<double>("b", new MapSize(19)), new LinearLayer<double>("c", new MapSize(19), 3)]), steps: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    public void Forward_Relu_CutsAtZeroAndKeepsWhatIsNoNumber(int count)
    {
        var layer = new ReluLayer<float>("r", new MapSize(count));
        float[] x = new float[count], y = new float[count];
        for (int i = 0; i < count; i++) x[i] = i % 3 == 0 ? -i - 1 : i;
        x[^1] = float.NaN;
        layer.Forward(new LayerPass(1, 1), x, y);
        for (int i = 0; i < count - 1; i++) Assert.Equal(Math.Max(0, x[i]), y[i]);
        Assert.True(float.IsNaN(y[^1]));
    }

    [Fact]
    public void MoveTowards_Share_IsTheStraightLineAndOneIsACopy()
    {
        QNetwork a = new(3, [5], 2), b = new(3, [5], 2);
        a.Network.Initialize(1);
        b.Network.Initialize(2);
        float before = a.Network.Parameters[0].Value[3], other = b.Network.Parameters[0].Value[3];
        a.MoveTowards(b, 0.25);
        Assert.Equal(before + 0.25f * (other - before), a.Network.Parameters[0].Value[3]);
        a.MoveTowards(b, 1);
        for (int i = 0; i < a.Network.Parameters.Count; i++) Assert.Equal(b.Network.Parameters[i].Value, a.Network.Parameters[i].Value);
    }

    [Fact]
    public void Best_Equals_TakesTheFirst() => Assert.Equal(0, new QNetwork(3, [5], 4).Best([1, 2, 3]));
}
