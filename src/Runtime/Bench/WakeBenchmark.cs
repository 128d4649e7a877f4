namespace EdgeAutonomy.Runtime;

/// <summary>Measures how exactly a thread wakes at absolute deadlines, by waiting strategy, scheduler and load.</summary>
/// <remarks>Deadlines lie on a fixed grid; a wake-up that is a whole period late skips slots and counts them, as a loop does.</remarks>
public sealed class WakeBenchmark(WakeBenchmarkOptions? options = null)
{
    private readonly WakeBenchmarkOptions _options = options ?? new WakeBenchmarkOptions();

    /// <summary>Runs all cells one after the other.</summary>
    /// <param name="progress">Called with each finished row; may be null.</param>
    /// <param name="cancellation">Ends the run between two cells; the rows so far are returned.</param>
    public WakeResult Run(Action<WakeFigures>? progress = null, CancellationToken cancellation = default)
    {
        var rows = new List<WakeFigures>();
        var findings = new List<RealTimeFinding>();
        foreach (int load in _options.Loads)
        {
            foreach (var scheduler in _options.Schedulers)
            {
                foreach (var strategy in WaitStrategy.CreateAll().Where(IsWanted))
                {
                    if (cancellation.IsCancellationRequested) return new WakeResult(rows, findings);
                    using var used = strategy;
                    if (Measure(used, scheduler, load, findings) is not { } row) break;
                    rows.Add(row);
                    progress?.Invoke(row);
                }
            }
        }
        return new WakeResult(rows, findings);
    }

    private bool IsWanted(WaitStrategy strategy) => _options.Strategies.Count == 0 || _options.Strategies.Contains(strategy.Name);

    private WakeFigures? Measure(WaitStrategy strategy, RealTimeScheduler scheduler, int load, List<RealTimeFinding> findings)
    {
        WakeFigures? figures = null;
        using var spinners = new SpinningLoad(load);
        // A thread per cell: a priority, once given, is never inherited by the next cell or by the caller.
        var thread = new Thread(() =>
        {
            var found = RealTimeThread.Apply(new RealTimeOptions { Scheduler = scheduler });
            findings.AddRange(found.Except(findings));
            if (!found.Any(f => f.IsFailure)) figures = MeasureHere(strategy, scheduler, load);
        })
        { Name = "wake benchmark" };
        thread.Start();
        thread.Join();
        return figures;
    }

    private WakeFigures MeasureHere(WaitStrategy strategy, RealTimeScheduler scheduler, int load)
    {
        var histogram = new LatencyHistogram();
        long period = _options.Period.Nanoseconds, skipped = 0, start = 0, cpuStart = 0;
        strategy.Begin(_options.Period);
        long deadline = MonotonicTime.Nanoseconds() + period, woke = deadline;
        for (long n = -_options.WarmupDeadlines; n <= 0 || woke - start < _options.CellTime.Nanoseconds; n++)
        {
            if (n == 0) (start, cpuStart, skipped) = (MonotonicTime.Nanoseconds(), ThreadCpuTime.Nanoseconds(), 0);
            strategy.WaitUntil(new Stamp(deadline));
            woke = MonotonicTime.Nanoseconds();
            if (n >= 0) histogram.Record(Math.Abs(woke - deadline), (ulong)n);
            long late = Math.Max(0, woke - deadline) / period;
            skipped += late;
            deadline += (1 + late) * period;
        }
        double cpu = (double)(ThreadCpuTime.Nanoseconds() - cpuStart) / (woke - start);
        return new WakeFigures(strategy.Name, scheduler, load, histogram.Summarize(), skipped, cpu);
    }

    private sealed class SpinningLoad : IDisposable
    {
        private readonly Thread[] _threads;
        private bool _stop;

        public SpinningLoad(int count)
        {
            _threads = new Thread[count];
            for (int i = 0; i < count; i++)
            {
                _threads[i] = new Thread(Spin) { IsBackground = true, Name = $"load {i}" };
                _threads[i].Start();
            }
        }

        public void Dispose()
        {
            Volatile.Write(ref _stop, true);
            foreach (var thread in _threads) thread.Join();
        }

        private void Spin()
        {
            while (!Volatile.Read(ref _stop)) Thread.SpinWait(100);
        }
    }
}
