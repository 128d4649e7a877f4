namespace EdgeAutonomy.Recording.Tests;

public class McapBenchmarkTests
{
    [Fact]
    public void Run_Small_GivesEveryCaseForBothTargets()
    {
        var figures = new McapBenchmark(new McapBenchmarkOptions { Scale = 0.001 }).Run();
        Assert.Equal(["telemetry nothing", "telemetry file", "small nothing", "small file", "frames nothing", "frames file"], figures.Select(f => $"{f.Case} {f.Target}"));
        Assert.All(figures, f => Assert.True(f.MessagesPerSecond > 0 && f.BytesPerSecond > f.MessagesPerSecond * f.MessageBytes));
    }
}
