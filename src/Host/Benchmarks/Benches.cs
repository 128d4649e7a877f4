using System.Diagnostics;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>The benches that <c>edge bench</c> can name.</summary>
internal static class Benches
{
    /// <summary>Gets them: the name, and what measures for about so many seconds a figure and draws, where a curve tells more, an SVG picture.</summary>
    public static IReadOnlyList<(string Name, Func<double, (IReadOnlyList<Figure> Figures, string? Picture)> Run)> All { get; } =
    [
        ("loop", s => (Loop(s), null)),
        ("wake", s => (Wake(s), null)),
        ("ring", s => (Ring(s), null)),
        ("sim", s => (Sim(s), null)),
        ("decode", s => (Decode(s), null)),
        ("record", s => (RecordBenchmark.Run(s), null)),
        ("rl", s => (RlBenchmark.Run(s), null)),
        ("train", s => (TrainBenchmark.Run(s), null)),
        ("onnx", s => (OnnxBenchmark.Run(s), null)),
        ("snn", SnnBenchmark.Run),
        ("motion", s => (MotionBenchmark.Run(s), null)),
        ("missions", s => (MissionBenchmark.Run(s), null)),
        ("link", s => (LinkBenchmark.Run(s), null)),
        ("fleet", s => (FleetBenchmark.Run(s), null)),
        ("three-body", s => (ThreeBodyBenchmark.Run(s), null)),
    ];

    private static List<Figure> Loop(double seconds)
    {
        // About a microsecond a cycle: enough cycles for the time that was asked for.
        int cycles = (int)Math.Clamp(seconds * 500_000, 10_000, 100_000_000);
        var figures = new List<Figure>();
        foreach (bool hash in (bool[])[false, true])
        {
            var r = LoopBenchmark.Run(cycles, hash);
            string name = $"caterpillar of {LoopBenchmark.StageCount} stages, state hash {(hash ? "on" : "off")}";
            figures.Add(Distribution(name + ", stages", r.Stages, $"{r.Cycles:N0} cycles, a stamp at every boundary"));
            figures.Add(Distribution(name + ", whole turn", r.Turn, $"{r.Collections} collections"));
            figures.Add(new Figure(name + ", allocation", r.BytesPerCycle, "bytes/cycle"));
        }
        return figures;
    }

    private static List<Figure> Wake(double seconds)
    {
        var options = new WakeBenchmarkOptions { CellTime = Duration.FromSeconds(seconds) };
        var result = new WakeBenchmark(options).Run();
        List<Figure> figures =
        [
            .. result.Rows.Select(r => Distribution(
                $"wake-up error, {r.Strategy}, {r.Scheduler}, load {r.LoadThreads}", r.Error, FormattableString.Invariant($"{r.Error.Count:N0} deadlines of {options.Period}, {r.SkippedDeadlines} skipped, {r.CpuShare:P0} of a core"))),
        ];
        foreach (var finding in result.Findings) figures.Add(new Figure(finding.Setting, 0, "", Note: $"{finding.Message} {finding.Remedy}"));
        return figures;
    }

    private static List<Figure> Ring(double seconds)
    {
        // About half a microsecond a round trip and 20 ns an item.
        var options = new RingBenchmarkOptions { RoundTrips = (int)Math.Clamp(seconds * 500_000, 10_000, 100_000_000), Items = (long)Math.Clamp(seconds * 10_000_000, 100_000, 1e10) };
        var r = new RingBenchmark(options).Run();
        return
        [
            Distribution("round trip between two threads", r.RoundTrip, FormattableString.Invariant($"{r.RoundTrip.Count:N0} round trips, both threads spinning")),
            new Figure("throughput", r.ItemsPerSecond * 1e-6, "million items/s", Note: $"capacity {r.Capacity}"),
        ];
    }

    private static List<Figure> Sim(double seconds)
    {
        var figures = new List<Figure>();
        foreach (int robots in (int[])[1, 4])
        {
            var fleet = new SimulatedFleet(new SimulatedFleetOptions { Robots = robots }, 1);
            double t = 1;
            fleet.RunUntil(Stamp.FromSeconds(t));
            fleet.RunUntil(Stamp.FromSeconds(t += 9)); // the JIT's ten seconds
            double from = t;
            long start = Stopwatch.GetTimestamp(), cycles = fleet.Cycles, events = fleet.Events;
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds) fleet.RunUntil(Stamp.FromSeconds(t += 0.1));
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var latency = new LatencyHistogram();
            fleet.AddLatencies(latency);
            figures.Add(new Figure($"{robots} robots, simulated time", (t - from) / wall, "x real time", Note: "world, camera, perception, policy; one thread"));
            figures.Add(new Figure($"{robots} robots, cycles", (fleet.Cycles - cycles) / wall, "cycles/s"));
            figures.Add(new Figure($"{robots} robots, events", (fleet.Events - events) / wall, "events/s", Note: FormattableString.Invariant($"{(fleet.Events - events) / (t - from):N0} a simulated second")));
            figures.Add(Distribution($"{robots} robots, cycle", latency.Summarize(), "sense to act, rendering the camera included"));
            figures.Add(new Figure($"{robots} robots, allocation", fleet.AllocatedBytesPerCycle, "bytes/cycle"));
            fleet.Finish();
        }
        return figures;
    }

    private static List<Figure> Decode(double seconds)
    {
        const int Repetitions = 9;
        // 100 million events a second is the order to expect; the figure itself does not depend on the guess.
        long events = (long)Math.Clamp(seconds * 10_000_000, 100_000, 1_000_000_000);
        var figures = new List<Figure>();
        foreach (var format in (EventFormat[])[EventFormat.Evt2, EventFormat.Evt3])
        {
            var r = DecoderBenchmark.Run(format, events, Repetitions, TimeProvider.System);
            figures.Add(new Figure(
                $"decode {format}", r.MedianMillionPerSecond, "million events/s",
                Note: FormattableString.Invariant($"median of {r.Repetitions}, {r.MinMillionPerSecond:0.#} to {r.MaxMillionPerSecond:0.#}, {r.Events:N0} events of {r.BytesPerEvent:0.0} bytes")));
        }
        return figures;
    }

    private static Figure Distribution(string name, LatencySummary s, string note) =>
        new(name, s.P50Ns * 1e-3, "us", s.P50Ns * 1e-3, s.P99Ns * 1e-3, s.MaxNs * 1e-3, note);
}
