namespace EdgeAutonomy.Runtime;

/// <summary>Measures the hand-off between two threads through <see cref="SpscRing{T}"/>: latency and throughput.</summary>
/// <remarks>Both threads poll, so two free processors are needed for figures that mean something; without them the operating system's
/// time slice is measured.</remarks>
public sealed class RingBenchmark(RingBenchmarkOptions? options = null)
{
    // After so many empty looks the processor is offered to the other thread, or one processor alone would move an item per time slice.
    private const int PatientLooks = 20_000;

    private readonly RingBenchmarkOptions _options = options ?? new RingBenchmarkOptions();

    /// <summary>Runs both measurements.</summary>
    public RingFigures Run()
    {
        var roundTrip = MeasureRoundTrip();
        MeasureThroughput(_options.Items / 10); // compiles the loops; its figure would be that of unoptimised code
        return new RingFigures(roundTrip, MeasureThroughput(_options.Items), _options.Capacity);
    }

    private LatencySummary MeasureRoundTrip()
    {
        var there = new SpscRing<long>("there", _options.Capacity, RingFullPolicy.Refuse);
        var back = new SpscRing<long>("back", _options.Capacity, RingFullPolicy.Refuse);
        int total = _options.WarmupRoundTrips + _options.RoundTrips;
        var echo = new Thread(() =>
        {
            for (int i = 0; i < total; i++) back.TryWrite(Take(there));
        })
        { IsBackground = true, Name = "ring benchmark echo" };
        var histogram = new LatencyHistogram();
        echo.Start();
        for (int i = 0; i < total; i++)
        {
            long start = MonotonicTime.Nanoseconds();
            there.TryWrite(start);
            Take(back);
            if (i >= _options.WarmupRoundTrips) histogram.Record(MonotonicTime.Nanoseconds() - start, (ulong)i);
        }
        echo.Join();
        return histogram.Summarize();
    }

    private double MeasureThroughput(long items)
    {
        var ring = new SpscRing<long>("flow", _options.Capacity, RingFullPolicy.Refuse);
        var writer = new Thread(() =>
        {
            for (long i = 0; i < items; i++) Put(ring, i);
        })
        { IsBackground = true, Name = "ring benchmark writer" };
        long start = MonotonicTime.Nanoseconds();
        writer.Start();
        for (long i = 0; i < items; i++)
        {
            if (Take(ring) != i) throw new InvalidOperationException($"Bug in EdgeAutonomy.Runtime: ring 'flow' lost the order at item {i}.");
        }
        double seconds = (MonotonicTime.Nanoseconds() - start) * 1e-9;
        writer.Join();
        return items / seconds;
    }

    private static long Take(SpscRing<long> ring)
    {
        for (int looks = 0; ; looks++)
        {
            if (ring.TryRead(out long item)) return item;
            if (looks > PatientLooks) Thread.Yield();
        }
    }

    private static void Put(SpscRing<long> ring, long item)
    {
        for (int looks = 0; !ring.TryWrite(item); looks++)
        {
            if (looks > PatientLooks) Thread.Yield();
        }
    }
}
