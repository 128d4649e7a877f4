using System.Diagnostics;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Measures what recording costs: the file format alone, the way from a loop into a file, and what a loop notices of it.</summary>
internal static class RecordBenchmark
{
    private const int Repetitions = 10; // of each of off, on and timed, in turn: a machine that slows down slows all three

    private static readonly double ViewHz = new RecordingSection().ViewHz;

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    public static List<Figure> Run(double seconds)
    {
        var figures = new List<Figure>();
        Files(figures, seconds);
        Flow(figures, seconds, 0);
        Flow(figures, seconds, ViewHz);
        Paced(figures, seconds);
        Cost(figures, seconds, "caterpillar of 17 stages, 10 kHz", s => CaterpillarLoop.Create(LoopBenchmark.StageCount, s), d => new LoopLane<BenchToken, BenchToken, BenchToken>(d, new LaneOptions()), 100_000);
        Cost(figures, seconds, "rover-like loop, 2 kHz", RoverLikeLoop.Create, d => new LoopLane<RoverSample, Percept, Twist2>(d, new LaneOptions()), 500_000);
        return figures;
    }

    private static void Files(List<Figure> figures, double seconds)
    {
        // The whole set takes about two seconds into memory and file.
        foreach (var f in new McapBenchmark(new McapBenchmarkOptions { Scale = Math.Clamp(seconds / 2, 0.01, 1) }).Run())
        {
            string name = $"MCAP {f.Case} of {f.MessageBytes} B to {f.Target}";
            figures.Add(new Figure($"{name}, messages", f.MessagesPerSecond * 1e-6, "million/s", Note: FormattableString.Invariant($"{f.Messages:N0} messages")));
            figures.Add(new Figure($"{name}, bytes", f.BytesPerSecond * 1e-6, "MB/s", Note: f.Target == "file" ? FormattableString.Invariant($"into the system's cache; the disk then took {f.SyncSeconds:0.00} s") : ""));
        }
    }

    /// <summary>As many cycles as the way into the file takes: the loop waits for the recorder.</summary>
    private static void Flow(List<Figure> figures, double seconds, double viewHz)
    {
        using var recorded = new RecordedLoop(RoverLikeLoop.Create, d => new LoopLane<RoverSample, Percept, Twist2>(d, new LaneOptions { OnFull = RecordFullPolicy.Hold }), timed: false, viewHz);
        Turn(recorded.Loop, Math.Clamp(seconds / 4, 0.1, 0.5));
        long start = Stopwatch.GetTimestamp(), read = recorded.Lane.Ring.Read;
        Turn(recorded.Loop, seconds);
        // The end counts too: what waits in the queue was not yet recorded.
        var totals = recorded.End();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        read = recorded.Lane.Ring.Read - read;
        string name = FormattableString.Invariant($"loop to file, {RoverLikeLoop.Events} events a cycle, views at {viewHz:0} Hz");
        figures.Add(new Figure($"{name}, records", read / wall, "records/s", Note: "one lane, the loop waits for the recorder"));
        figures.Add(new Figure($"{name}, bytes", totals.Bytes / (double)totals.Messages * read / wall * 1e-6, "MB/s", Note: FormattableString.Invariant($"{(double)totals.Bytes / totals.Messages:N0} bytes a message; {read:N0} records in {wall:0.0} s")));
        figures.Add(new Figure($"{name}, drops", totals.Dropped, "records"));
    }

    /// <summary>Many small records at a fixed rate: none may be lost.</summary>
    private static void Paced(List<Figure> figures, double seconds)
    {
        using var recorded = new RecordedLoop(s => CaterpillarLoop.Create(4, s), d => new LoopLane<BenchToken, BenchToken, BenchToken>(d, new LaneOptions()), timed: false, ViewHz);
        var turns = new LatencyHistogram();
        Pace(recorded.Loop, 100_000, seconds, turns);
        var totals = recorded.End();
        figures.Add(new Figure("four stages at 10 kHz, drops", totals.Dropped, "records", Note: FormattableString.Invariant(
            $"{turns.Count:N0} records, {(double)totals.Bytes / totals.Messages:N0} bytes a message; at most {recorded.Lane.Ring.HighWater:N0} of {recorded.Lane.Ring.Capacity:N0} bytes of the queue were in use")));
    }

    private static void Cost(List<Figure> figures, double seconds, string name, Func<Func<LoopDescription, IReadOnlyList<ICycleSink>>, IControlLoop> create, Func<LoopDescription, RecordLane> lane, long periodNs)
    {
        var plain = create(_ => []);
        plain.Start();
        using var recorded = new RecordedLoop(create, lane, timed: false, ViewHz);
        using var timed = new RecordedLoop(create, lane, timed: true, ViewHz);
        double warm = Math.Clamp(seconds / 4, 0.2, 1);
        var ignored = new LatencyHistogram();
        // Twice, because the compiler replaces what the first round has shown to be hot.
        foreach (var loop in (IControlLoop[])[plain, recorded.Loop, timed.Loop, plain, recorded.Loop, timed.Loop]) Pace(loop, periodNs, warm, ignored);
        timed.Timer!.Records.Reset();
        timed.Timer.Keyframes.Reset();
        LatencyHistogram off = new(), on = new(), piece = new();
        var (p50, p99) = (new double[Repetitions], new double[Repetitions]);
        long dropped = recorded.Lane.Ring.Dropped, allocated = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            piece.Reset();
            Pace(plain, periodNs, seconds / Repetitions, piece);
            off.Merge(piece);
            var before = piece.Summarize();
            piece.Reset();
            allocated += Pace(recorded.Loop, periodNs, seconds / Repetitions, piece);
            on.Merge(piece);
            (p50[i], p99[i]) = ((piece.Percentile(0.5) - before.P50Ns) * 1e-3, (piece.Percentile(0.99) - before.P99Ns) * 1e-3);
            Pace(timed.Loop, periodNs, seconds / Repetitions, ignored);
        }
        Array.Sort(p50);
        Array.Sort(p99);
        dropped = recorded.Lane.Ring.Dropped - dropped;
        var totals = recorded.End();
        timed.End();
        LatencySummary a = off.Summarize(), b = on.Summarize();
        string turns = FormattableString.Invariant($"{b.Count:N0} turns in {Repetitions} pieces, off and on in turn, state hash on");
        figures.Add(Distribution($"{name}, recording off", a, turns));
        figures.Add(Distribution($"{name}, recording on", b, turns));
        figures.Add(new Figure($"{name}, recording adds", (b.P50Ns - a.P50Ns) * 1e-3, "us", (b.P50Ns - a.P50Ns) * 1e-3, (b.P99Ns - a.P99Ns) * 1e-3, (b.MaxNs - a.MaxNs) * 1e-3, "on minus off; on a shared machine the maxima are its own"));
        figures.Add(new Figure($"{name}, recording adds, median piece", p50[Repetitions / 2], "us", p50[Repetitions / 2], p99[Repetitions / 2], null, "median over the pieces of what each on-piece had more than the off-piece before it"));
        figures.Add(Distribution($"{name}, one record", timed.Timer.Records.Summarize(), FormattableString.Invariant($"inside the loop's turn, two readings of the clock included; {(double)totals.Bytes / totals.Messages:N0} bytes a message")));
        figures.Add(Distribution($"{name}, one keyframe", timed.Timer.Keyframes.Summarize(), FormattableString.Invariant($"{timed.Timer.Keyframes.Count} keyframes, one every {new LaneOptions().KeyframeCycles} cycles")));
        figures.Add(new Figure($"{name}, allocation with recording", (double)allocated / Math.Max(1, b.Count), "bytes/cycle"));
        figures.Add(new Figure($"{name}, drops", dropped, "records"));
    }

    /// <summary>Runs a loop without a pause.</summary>
    private static void Turn(IControlLoop loop, double seconds)
    {
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end) loop.RunOnce();
    }

    /// <summary>Runs a loop at a fixed rate, spinning in between, and times each turn.</summary>
    /// <returns>Bytes allocated by the turns on this thread.</returns>
    private static long Pace(IControlLoop loop, long periodNs, double seconds, LatencyHistogram turns)
    {
        var clock = MonotonicMeasure.Instance;
        long allocated = GC.GetAllocatedBytesForCurrentThread(), next = clock.Now(), end = next + (long)(seconds * 1e9);
        while (next < end)
        {
            long start = clock.Now();
            if (start < next) continue;
            loop.RunOnce();
            turns.Record(clock.Now() - start, (ulong)loop.CompletedCycles);
            // After a pause of the machine the missed turns are not run in a burst: a robot would not either.
            next = Math.Max(next + periodNs, start);
        }
        return GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    private static Figure Distribution(string name, LatencySummary s, string note) =>
        new(name, s.P50Ns * 1e-3, "us", s.P50Ns * 1e-3, s.P99Ns * 1e-3, s.MaxNs * 1e-3, note);
}
