using System.Diagnostics;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Measures the link over libmosquitto: round trips to itself through a broker and messages in flow, in turn with the same by a C program on the same library.</summary>
internal static class LinkBenchmark
{
    private const int Bytes = 200, Rounds = 6, Warm = 2_000, OnTheirWay = 200, Window = 100;
    private const double GuessedRoundTrip = 80e-6, GuessedFlow = 20_000;

    /// <summary>Runs all of it.</summary>
    /// <param name="seconds">How long to measure each figure, roughly.</param>
    /// <param name="broker">A broker that runs already, mqtt://…; null = one of its own on the loopback.</param>
    public static List<Figure> Run(double seconds, Uri? broker = null)
    {
        if (MosquittoLink.Unavailable is { } absent) return [new Figure("link, libmosquitto", 0, "", Note: $"not measured: {absent}")];
        if (broker is not null) return Measure(seconds, broker);
        string folder = Directory.CreateTempSubdirectory("edge-bench-link-").FullName;
        try
        {
            using var own = LocalBroker.Start(folder, keeps: false, apart: false);
            return Measure(seconds, own.Address);
        }
        catch (EdgeException missing)
        {
            return [new Figure("link, libmosquitto", 0, "", Note: $"not measured: {missing.Message}")];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<Figure> Measure(double seconds, Uri address)
    {
        using var peer = LinkPeer.TryBuild(out string noPeer);
        var figures = new List<Figure>();
        foreach (int qos in (int[])[0, 1]) RoundTrips(figures, address, qos, seconds, peer);
        foreach (int qos in (int[])[0, 1]) Flows(figures, address, qos, seconds, peer);
        if (peer is null) figures.Add(new Figure("C program on the same library", 0, "", Note: $"not measured: {noPeer}"));
        return figures;
    }

    /// <summary>Reads the address of a broker.</summary>
    public static Uri ReadBroker(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "mqtt", Host.Length: > 0 }
        ? address : throw new EdgeException(ExitCode.Usage, $"--broker is '{text}'; must be mqtt://HOST[:PORT] (the C program beside it speaks no TLS).");

    private static void RoundTrips(List<Figure> figures, Uri broker, int qos, double seconds, LinkPeer? peer)
    {
        int samples = (int)Math.Clamp(seconds / Rounds / GuessedRoundTrip, 200, 1_000_000);
        List<long> ours = [], handOvers = [], parked = [], spun = [];
        long allocated = 0;
        // In turn, since the machine's other work comes and goes.
        for (int round = 0; round < Rounds; round++)
        {
            using (var loop = new LinkLoop(broker, qos, Bytes, Window))
            {
                loop.RoundTrips(Warm, new long[Warm], new long[Warm]);
                long[] took = new long[samples], over = new long[samples];
                long before = GC.GetTotalAllocatedBytes(precise: true);
                loop.RoundTrips(samples, took, over);
                allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
                ours.AddRange(took);
                handOvers.AddRange(over);
            }
            if (peer is null) continue;
            parked.AddRange(peer.RoundTrips(broker, qos, Bytes, spin: false, Warm, samples));
            spun.AddRange(peer.RoundTrips(broker, qos, Bytes, spin: true, Warm, samples));
        }
        string note = FormattableString.Invariant($"publish to itself, {Bytes} B, {ours.Count:N0} one after the other in {Rounds} connections");
        Figure a = Distribution($"quality {qos}, round trip", ours, note);
        figures.Add(a);
        figures.Add(Distribution($"quality {qos}, from the library's thread to the reader", handOvers, "part of the round trip"));
        figures.Add(new Figure($"quality {qos}, round trip, allocation", (double)allocated / ours.Count, "bytes/message", Note: "all threads"));
        if (peer is null) return;
        // The reader of ours looks for a moment before it sleeps; so the peer is measured both ways.
        foreach (var (name, theirs) in ((string, List<long>)[])[("C program that sleeps", parked), ("C program that spins first", spun)])
        {
            Figure b = Distribution($"quality {qos}, round trip, {name}", theirs, "same library, same broker, in turn");
            figures.Add(b);
            figures.Add(new Figure($"quality {qos}, round trip, ours over {name}", a.P50!.Value / b.P50!.Value, "x", a.P50 / b.P50, a.P99 / b.P99, a.Max / b.Max, "goal 1.2 at p50 and p99; the maxima are the machine's"));
        }
    }

    private static void Flows(List<Figure> figures, Uri broker, int qos, double seconds, LinkPeer? peer)
    {
        int messages = (int)Math.Clamp(seconds / 3 * GuessedFlow, 2_000, 1_000_000);
        List<double> ours = [], theirs = [];
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            using (var loop = new LinkLoop(broker, qos, Bytes, Window))
            {
                loop.Flow(messages, OnTheirWay);
                long before = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
                loop.Flow(messages, OnTheirWay);
                ours.Add(messages / Stopwatch.GetElapsedTime(start).TotalSeconds);
                allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
            }
            if (peer is not null) theirs.Add(peer.Flow(broker, qos, Bytes, spin: true, messages));
        }
        ours.Sort();
        theirs.Sort();
        figures.Add(new Figure($"quality {qos}, flow", ours[1], "messages/s", Note: FormattableString.Invariant($"to itself, at most {OnTheirWay} on their way; median of 3, {ours[0]:N0} to {ours[2]:N0}")));
        figures.Add(new Figure($"quality {qos}, flow, allocation", (double)allocated / (3.0 * messages), "bytes/message", Note: "all threads"));
        if (peer is null) return;
        figures.Add(new Figure($"quality {qos}, flow, C program that spins first", theirs[1], "messages/s", Note: FormattableString.Invariant($"median of 3, {theirs[0]:N0} to {theirs[2]:N0}")));
        figures.Add(new Figure($"quality {qos}, flow, ours over C", ours[1] / theirs[1], "x", Note: "more is better"));
    }

    private static Figure Distribution(string name, List<long> nanoseconds, string note)
    {
        nanoseconds.Sort();
        double p50 = At(0.5);
        return new Figure(name, p50, "us", p50, At(0.99), nanoseconds[^1] * 1e-3, note);

        double At(double share) => nanoseconds[(int)((nanoseconds.Count - 1) * share)] * 1e-3;
    }
}
