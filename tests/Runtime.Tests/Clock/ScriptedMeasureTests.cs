namespace EdgeAutonomy.Runtime.Tests;

public class ScriptedMeasureTests
{
    [Fact]
    public void Now_ScriptThenDefault_MovesAsTold()
    {
        var measure = new ScriptedMeasure(1000, 5, 0, 20) { DefaultStep = 7 };
        Assert.Equal([1005, 1005, 1025, 1032], new[] { measure.Now(), measure.Now(), measure.Now(), measure.Now() });
        measure.Advance(new Duration(100));
        Assert.Equal(1139, measure.Now());
        Assert.Equal(5, measure.Calls);
    }

    [Fact]
    public void Constructor_NegativeStep_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new ScriptedMeasure(0, 1, -1));
}
