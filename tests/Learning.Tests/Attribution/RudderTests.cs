namespace EdgeAutonomy.Learning.Tests.Attribution;

public class RudderTests
{
    [Theory]
    [InlineData(2, 3)]
    [InlineData(7, 1)]
    [InlineData(6, 5)]
    public void Backward_OfTheCell_IsTheGradient(int steps, int samples) =>
        GradientCheck.Check(new Network<double>([new RudderCellLayer<double>("cells", 4, 6), new LinearLayer<double>("forecast", new MapSize(6), 1)]), steps, samples);

    [Fact]
    public void Redistribute_Forecasts_GivesDifferencesAndTheRest()
    {
        // f = 0.5, 0.25, 1 and R = 1.3: differences 0.5, −0.25, 0.75, and 0.1 more for each.
        float[] f = [0.5f, 0.25f, 1];
        RudderAttributor.Redistribute(f, 1.3);
        Assert.Equal([0.6f, -0.15f, 0.85f], f.Select(x => MathF.Round(x, 6)));
        Assert.Throws<ArgumentException>(() => RudderAttributor.Redistribute([], 1));
    }

    [Fact]
    public void Attribute_Untrained_IsUniform()
    {
        var t = Episodes.Random(11, 2);
        float[] x = new float[11], y = new float[11];
        new RudderAttributor(Episodes.Shape, new RudderOptions(), 1).Attribute(t, x);
        new UniformAttributor().Attribute(t, y);
        Assert.Equal(y, x);
    }
}
