namespace EdgeAutonomy.Runtime;

/// <summary>What <see cref="WakeBenchmark"/> measures.</summary>
public sealed record WakeBenchmarkOptions
{
    /// <summary>Gets the time between deadlines; default 1 ms.</summary>
    public Duration Period { get; init; } = Duration.FromMilliseconds(1);

    /// <summary>Gets how long each cell of the table runs; default 5 s. Published tables use ten minutes.</summary>
    public Duration CellTime { get; init; } = Duration.FromSeconds(5);

    /// <summary>Gets how many deadlines pass before the counting starts, so that the code is compiled; default 200.</summary>
    public int WarmupDeadlines { get; init; } = 200;

    /// <summary>Gets the numbers of spinning threads to measure beside; default none, and two per processor.</summary>
    public IReadOnlyList<int> Loads { get; init; } = [0, 2 * Environment.ProcessorCount];

    /// <summary>Gets the schedulers to measure under; default both. A scheduler that is refused gives no row, only a finding.</summary>
    public IReadOnlyList<RealTimeScheduler> Schedulers { get; init; } = [RealTimeScheduler.Other, RealTimeScheduler.Fifo];

    /// <summary>Gets the strategies to measure, by name; empty (the default) = all.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = [];
}
