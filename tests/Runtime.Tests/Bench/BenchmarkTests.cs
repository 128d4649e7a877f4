namespace EdgeAutonomy.Runtime.Tests;

public class BenchmarkTests
{
    [Fact]
    [Trait("Clock", "Real")]
    public void WakeBenchmark_ShortRun_GivesARowPerCell()
    {
        var seen = new List<WakeFigures>();
        var result = new WakeBenchmark(new WakeBenchmarkOptions
        {
            CellTime = Duration.FromMilliseconds(10),
            WarmupDeadlines = 2,
            Loads = [0, 1],
            Schedulers = [RealTimeScheduler.Other],
        }).Run(seen.Add);
        Assert.Equal(8, result.Rows.Count);
        Assert.Equal(result.Rows, seen);
        Assert.Equal(["PeriodicTimer", "Thread.Sleep", "nanosleep", "nanosleep+spin"], result.Rows.Take(4).Select(r => r.Strategy));
        Assert.All(result.Rows, r => Assert.True(r.Error.Count > 0 && r.CpuShare is >= 0 and <= 1.5));
    }

    [Fact]
    public void WakeBenchmark_Cancelled_StopsBetweenCells()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Empty(new WakeBenchmark().Run(null, source.Token).Rows);
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void RingBenchmark_ShortRun_MovesEverything()
    {
        var figures = new RingBenchmark(new RingBenchmarkOptions { RoundTrips = 500, WarmupRoundTrips = 10, Items = 20_000, Capacity = 64 }).Run();
        Assert.Equal(500, figures.RoundTrip.Count);
        Assert.Equal(figures.RoundTrip.P50Ns, 2 * figures.OneWayP50Ns);
        Assert.True(figures.ItemsPerSecond > 0);
    }
}
