using System.Diagnostics;
using EdgeAutonomy.Perception;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Measures the layer of delayed synapses: random events of a sensor, and a recording of a real one where it lies beside the repository.</summary>
internal static class MotionBenchmark
{
    private const string Recording = "shared/data/events/prophesee/gen3_640x480_evt2_50ms.raw";

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static IReadOnlyList<Figure> Run(double seconds)
    {
        var figures = new List<Figure>();
        var kernel = MotionKernelFile.Shipped;
        Truth(figures, kernel);
        if (seconds < 0.2) return figures;
        Measure(figures, seconds, "random events, 128x128, 0.1 M/s", kernel, 128, 128, Random(128, 128, 100_000), 10_000, 10_000);
        Measure(figures, seconds, "random events, 640x480, 2 M/s", kernel, 640, 480, Random(640, 480, 2_000_000), 10_000, 10_000);
        string? path = Find();
        if (path is null)
        {
            figures.Add(new Figure("recording", 0, "", Note: $"{Recording} does not lie in a folder above the program; not measured"));
            return figures;
        }
        var events = Read(path, out int width, out int height);
        string name = FormattableString.Invariant($"{Path.GetFileName(path)}, {events.Length * 1e6 / (events[^1].TimeUs - events[0].TimeUs + 1) * 1e-6:0.0} M events/s");
        foreach (int stepUs in (int[])[10_000, 1_000]) Measure(figures, seconds, $"{name}, steps of {stepUs / 1000} ms", kernel, width, height, events, stepUs, stepUs);
        return figures;
    }

    // Enough driving for thousands of tiles and sectors; seeds of their own, so that nothing was tuned on them.
    private static void Truth(List<Figure> figures, MotionKernel kernel)
    {
        foreach (bool ranging in (bool[])[true, false])
        {
            var check = new MotionTruthCheck(kernel, new MotionContactOptions().Motion with { TilePixels = 16, MinimumConfidence = 0.4f }, ScenarioCatalog.Create("default", 1, 1).Camera);
            foreach (ulong seed in (ulong[])[101, 102]) check.Drive(seed, 20, ranging);
            string where = ranging ? "built-in world, ranging" : "built-in world, events alone";
            figures.Add(new Figure($"{where}: tiles within 20 degrees of the true direction", 100 * check.Within(20), "%", Note: FormattableString.Invariant($"{check.DirectionErrors.Count} tiles of at least 30 events and 10 px/s, within 30 degrees {100 * check.Within(30):0.0} %")));
            if (ranging) continue;
            foreach (var r in check.Ranges)
                figures.Add(new Figure($"{where}: ranges within 30 %, {r.Name}", 100 * r.Right, "%", Note: FormattableString.Invariant($"of the {100 * r.Known:0.0} % of sectors known; {100 * r.Short:0.0} % too short, {100 * r.Long:0.0} % too long; median of estimated over true {r.MedianRatio:0.00}")));
        }
    }

    private static void Measure(List<Figure> figures, double seconds, string name, MotionKernel kernel, int width, int height, Event[] events, int stepUs, int packetUs)
    {
        var estimator = new MotionEstimator(width, height, kernel, new MotionOptions { StepUs = stepUs });
        var packets = Cut(events, packetUs);
        long first = events[0].TimeUs, span = packets[^1].EndUs - packets[0].StartUs;
        var packet = new EventPacket(packets.Max(p => p.Count));
        var latency = new LatencyHistogram();
        long shift = 0, busy = 0, offered = 0, best = long.MaxValue;
        TimeSpan processor = default;
        var before = estimator.Counters;
        // The first rounds are the JIT's.
        for (int round = -3; round < 0 || busy < seconds * Stopwatch.Frequency; round++)
        {
            if (round == 0) (busy, offered, before, processor) = (0, 0, estimator.Counters, Environment.CpuUsage.TotalTime);
            long atStart = busy;
            foreach (var source in packets)
            {
                packet.Reset(source.StartUs + shift, source.EndUs + shift);
                foreach (ref readonly var e in source.Events) packet.Append(new Event(e.TimeUs + shift, e.X, e.Y, e.Polarity));
                long start = Stopwatch.GetTimestamp();
                estimator.Update(packet, Duration.Zero);
                long ticks = Stopwatch.GetTimestamp() - start;
                busy += ticks;
                offered += packet.Count;
                if (round >= 0) latency.Record((long)(ticks * (1e9 / Stopwatch.Frequency)), (ulong)round);
            }
            shift += span;
            if (round >= 0) best = Math.Min(best, busy - atStart);
        }
        processor = Environment.CpuUsage.TotalTime - processor;
        double wall = (double)busy / Stopwatch.Frequency;
        var c = estimator.Counters;
        long spikes = c.Spikes - before.Spikes;
        double simulated = (double)offered / events.Length * span * 1e-6;
        var summary = latency.Summarize();
        figures.Add(new Figure($"{name}: throughput", offered / wall * 1e-6, "million events/s", Note: FormattableString.Invariant($"one thread, {kernel.Synapses.Length} synapses; {(double)(c.SynapticOperations - before.SynapticOperations) / Math.Max(1, spikes):0.0} synaptic operations a spike, {100.0 * (c.Merged - before.Merged) / offered:0.0} % of events merged, {c.Thinned - before.Thinned} thinned")));
        figures.Add(new Figure($"{name}: throughput, best round", events.Length / (best * 1e6 / Stopwatch.Frequency), "million events/s", Note: "what the code can do where others use the machine too"));
        figures.Add(new Figure($"{name}: throughput per core", offered / processor.TotalSeconds * 1e-6, "million events/s of processor time", Note: "includes handing the events over"));
        figures.Add(new Figure($"{name}: real-time factor", simulated / wall, "x", Note: FormattableString.Invariant($"time of the recording over time to process it; best round {span * 1e-6 / ((double)best / Stopwatch.Frequency):0.00}, of processor time {simulated / processor.TotalSeconds:0.00}")));
        figures.Add(new Figure($"{name}: one packet", summary.P50Ns * 1e-3, "us", summary.P50Ns * 1e-3, summary.P99Ns * 1e-3, summary.MaxNs * 1e-3, FormattableString.Invariant($"{packetUs / 1000} ms of events each")));
    }

    private static List<EventPacket> Cut(Event[] events, int packetUs)
    {
        var packets = new List<EventPacket>();
        for (int next = 0; next < events.Length;)
        {
            long start = events[next].TimeUs / packetUs * packetUs;
            int count = 0;
            while (next + count < events.Length && events[next + count].TimeUs < start + packetUs) count++;
            var packet = new EventPacket(Math.Max(1, count));
            packet.Reset(start, start + packetUs);
            packet.Append(events.AsSpan(next, count));
            packets.Add(packet);
            next += count;
        }
        return packets;
    }

    private static Event[] Random(int width, int height, int perSecond)
    {
        var random = new RandomStream(1);
        var events = new Event[perSecond / 5];
        for (int i = 0; i < events.Length; i++) events[i] = new Event(i * 200_000L / events.Length, (ushort)random.NextInt32(width), (ushort)random.NextInt32(height), (byte)random.NextInt32(2));
        return events;
    }

    private static Event[] Read(string path, out int width, out int height)
    {
        using var reader = EventFile.Open(path);
        (width, height) = (reader.Info.Width, reader.Info.Height);
        var all = new List<Event>();
        var buffer = new Event[65_536];
        while (!reader.EndOfStream) all.AddRange(buffer.AsSpan(0, reader.Read(buffer)));
        return [.. all];
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, Recording);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}
