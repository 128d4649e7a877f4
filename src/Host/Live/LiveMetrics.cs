using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The list of all metrics of the process.</summary>
internal static class LiveMetrics
{
    private static readonly double[] Quantiles = [0.5, 0.99, 0.999, 1];

    /// <summary>Returns the metrics of a feed and the endpoint that shows it.</summary>
    public static IReadOnlyList<Metric> Of(ILiveFeed feed, LiveHub hub)
    {
        var loops = feed.Loops;
        return
        [
            Counter("edge_cycles", "Finished cycles.", "{cycle}", s => s.Cycles),
            Counter("edge_missed_cycles", "Cycles in which a budget or the period was missed.", "{cycle}", s => s.Misses),
            Counter("edge_skipped_slots", "Slots left out because the loop was late.", "{slot}", s => s.SkippedSlots),
            Counter("edge_failed_cycles", "Cycles with a failed stage.", "{cycle}", s => s.Failures),
            Counter("edge_guarded_cycles", "Cycles whose action the guard held or changed.", "{cycle}", s => s.Guarded),
            Counter("edge_events", "Events that the sensor delivered.", "{event}", s => s.Items),
            Counter("edge_energy_joules", "Energy used; an estimate unless a meter measures it.", "J", s => s.EnergyJoules),
            Gauge("edge_rung", "Step of the health ladder: 0 nominal, 1 strained, 2 degraded, 3 hold, 4 safe stop.", "", l => (int)l.Statistics.Rung),
            Gauge("edge_worst_rung", "Worst step of the health ladder since the start.", "", l => (int)l.Statistics.WorstRung),
            Gauge("edge_period_seconds", "Period in force.", "s", l => l.Grid[Math.Min(l.Statistics.PeriodIndex, l.Grid.Count - 1)].Nanoseconds * 1e-9),
            new("edge_period_reason", "1 for the reason of the period in force.", MetricKind.Gauge, "", () => loops.Select(l =>
                new MetricSample(1, ("loop", l.Name), ("reason", l.Statistics.PeriodReason.ToString())))),
            new("edge_power_watts", "Mean power of the last second.", MetricKind.Gauge, "W", () => (feed.Latest?.Loops ?? []).Select(l => new MetricSample(l.PowerWatt, ("loop", l.Loop)))),
            new("edge_trust_ratio", "How far the sensing is trusted.", MetricKind.Gauge, "1", () => (feed.Latest?.Loops ?? []).Select(l => new MetricSample(l.Trust, ("loop", l.Loop)))),
            new("edge_dropped", "Items that a queue lost.", MetricKind.Counter, "{item}", Dropped),
            new("edge_stage_latency_seconds", "Time of one call of a stage since the start; quantile 1 is the maximum.", MetricKind.Summary, "s", () =>
                loops.SelectMany(l => l.Statistics.Stages.SelectMany((h, i) => Summary(h, ("loop", l.Name), ("stage", l.StageNames[i]))))),
            new("edge_cycle_latency_seconds", "Time from waking to the end of the last stage since the start; quantile 1 is the maximum.", MetricKind.Summary, "s", () =>
                loops.SelectMany(l => Summary(l.Statistics.EndToEnd, ("loop", l.Name)))),
            new("edge_wakeup_lateness_seconds", "How late the loop woke since the start; quantile 1 is the maximum.", MetricKind.Summary, "s", () =>
                loops.SelectMany(l => Summary(l.Statistics.Lateness, ("loop", l.Name)))),
            One("edge_live_clients", "Clients of the live page.", MetricKind.Gauge, "{client}", () => hub.Clients),
            One("edge_live_frames", "Frames offered to the clients of the live page.", MetricKind.Counter, "{frame}", () => hub.Frames),
            One("edge_live_frames_dropped", "Frames that slow clients did not get.", MetricKind.Counter, "{frame}", () => hub.Dropped),
            new("edge_gc_collections", "Garbage collections.", MetricKind.Counter, "{collection}", () =>
                Enumerable.Range(0, GC.MaxGeneration + 1).Select(g => new MetricSample(GC.CollectionCount(g), ("generation", g.ToString(CultureInfo.InvariantCulture))))),
            One("edge_gc_pause_seconds", "Time that garbage collections stopped the process.", MetricKind.Counter, "s", () => GC.GetTotalPauseDuration().TotalSeconds),
            One("edge_gc_heap_bytes", "Managed memory in use.", MetricKind.Gauge, "By", () => GC.GetTotalMemory(false)),
            One("edge_gc_allocated_bytes", "Managed memory allocated.", MetricKind.Counter, "By", () => GC.GetTotalAllocatedBytes()),
            One("process_resident_memory_bytes", "Memory of the process that is in RAM.", MetricKind.Gauge, "By", () => Environment.WorkingSet),
            One("process_cpu_seconds", "Processor time of the process.", MetricKind.Counter, "s", () => Environment.CpuUsage.TotalTime.TotalSeconds),
            One("process_threads", "Threads of the process.", MetricKind.Gauge, "{thread}", Threads),
        ];

        Metric Counter(string name, string help, string unit, Func<LoopStatistics, double> read) => new(name, help, MetricKind.Counter, unit, () =>
            loops.Select(l => new MetricSample(read(l.Statistics), ("loop", l.Name))));

        Metric Gauge(string name, string help, string unit, Func<IControlLoop, double> read) => new(name, help, MetricKind.Gauge, unit, () =>
            loops.Select(l => new MetricSample(read(l), ("loop", l.Name))));

        // The sensor's and the inbox's counters come from the loop itself; of the other queues only the view knows.
        IEnumerable<MetricSample> Dropped()
        {
            foreach (var loop in loops)
            {
                yield return new(loop.Statistics.Dropped, ("loop", loop.Name), ("queue", "sensor"));
                yield return new(loop.Inbox.Dropped, ("loop", loop.Name), ("queue", "inbox"));
                yield return new(loop.Events.Dropped, ("loop", loop.Name), ("queue", "messages"));
            }
            foreach (var view in feed.Latest?.Loops ?? [])
            {
                foreach (var (queue, count) in view.Dropped)
                {
                    if (queue is not ("sensor" or "inbox" or "messages")) yield return new(count, ("loop", view.Loop), ("queue", queue));
                }
            }
        }
    }

    private static Metric One(string name, string help, MetricKind kind, string unit, Func<double> read) => new(name, help, kind, unit, () => [new MetricSample(read())]);

    private static IEnumerable<MetricSample> Summary(LatencyHistogram histogram, params (string, string)[] labels)
    {
        foreach (double q in Quantiles)
            yield return new(histogram.Percentile(q) * 1e-9, [.. labels, ("quantile", q.ToString(CultureInfo.InvariantCulture))]);
        yield return new(histogram.MeanNs * histogram.Count * 1e-9, [.. labels, ("part", "sum")]);
        yield return new(histogram.Count, [.. labels, ("part", "count")]);
    }

    private static double Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
