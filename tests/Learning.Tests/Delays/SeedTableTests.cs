namespace EdgeAutonomy.Learning.Tests;

public sealed class SeedTableTests
{
    [Fact]
    public void IsAbove_OverlapAndGap_Decides()
    {
        var table = new SeedTable();
        foreach (double v in (double[])[90, 91, 92]) table.Add("high", "m", v);
        foreach (double v in (double[])[80, 81, 82]) table.Add("low", "m", v);
        foreach (double v in (double[])[70, 81, 92]) table.Add("wide", "m", v);
        Assert.True(table.IsAbove("high", "low", "m"));
        Assert.False(table.IsAbove("low", "high", "m"));
        Assert.False(table.IsAbove("high", "wide", "m"));
    }

    [Fact]
    public void IsAbove_OneSeed_Never()
    {
        var table = new SeedTable();
        table.Add("a", "m", 99);
        table.Add("b", "m", 1);
        Assert.False(table.IsAbove("a", "b", "m"));
    }

    [Fact]
    public void AddDifference_PairedValues_CommonPartCancels()
    {
        var table = new SeedTable();
        foreach (double v in (double[])[10, 50, 90]) table.Add("a", "m", v);
        foreach (double v in (double[])[8, 48, 88]) table.Add("b", "m", v);
        table.AddDifference("a", "b", "m");
        var row = table.Rows()[^1];
        Assert.Equal(("a - b", 2.0, 2.0, 2.0, 3), (row.Arm, row.Value.Value, row.Value.Low, row.Value.High, row.Seeds));
    }

    [Fact]
    public void AddPoint_SeveralSeeds_MeansInOrderOfPlace()
    {
        var table = new SeedTable();
        foreach (double at in (double[])[3, 1, 3, 1]) table.AddPoint("a", "x", "y", at, 10 * at);
        var points = Assert.Single(table.Curves()).Points;
        Assert.Equal([(1.0, 10.0, 2), (3.0, 30.0, 2)], points.Select(p => (p.X, p.Y.Value, p.Y.N)));
    }
}
