using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Measures a fleet's beacons on one broker: two hundred robots on a plane, each with its own link, ten beacons a second in its cell, heard from the nine cells around.</summary>
/// <remarks>
/// <para>Every delivery that the geometry asks for is counted: when a beacon is sent, whoever is subscribed to its cell by then must get it, and the difference to what arrived is a figure of its own. Beacons that fall into a change of
/// subscriptions are counted apart, since the broker may have it either way.</para>
/// <para>One thread plays all robots; the links have their own. Latency is from the stamp in the beacon, taken just before it is handed to the link, to the receiver's taking it out of its inbox: the wait for the one thread is in it.</para>
/// </remarks>
internal static class FleetBenchmark
{
    private const int Robots = 200, Hertz = 10;
    private const double WarmSeconds = 4;

    /// <summary>Runs it.</summary>
    /// <param name="seconds">How long to measure.</param>
    public static List<Figure> Run(double seconds)
    {
        if (MosquittoLink.Unavailable is { } absent) return [new Figure("fleet, libmosquitto", 0, "", Note: $"not measured: {absent}")];
        string folder = Directory.CreateTempSubdirectory("edge-bench-fleet-").FullName;
        try
        {
            using var broker = LocalBroker.Start(folder);
            return Measure(broker, seconds);
        }
        catch (EdgeException e)
        {
            return [new Figure("fleet, broker", 0, "", Note: $"not measured: {e.Message}")];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<Figure> Measure(LocalBroker broker, double seconds)
    {
        var crowd = new FleetCrowd(broker.Address, Robots, Hertz);
        try
        {
            crowd.Connect(TimeSpan.FromSeconds(30));
            crowd.Play(WarmSeconds);
            crowd.Begin();
            double brokerBefore = FleetCpu.Seconds(broker.ProcessId), selfBefore = FleetCpu.Seconds(Environment.ProcessId);
            long start = Stopwatch.GetTimestamp();
            crowd.Play(seconds);
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds, brokerCpu = FleetCpu.Seconds(broker.ProcessId) - brokerBefore, selfCpu = FleetCpu.Seconds(Environment.ProcessId) - selfBefore;
            crowd.Settle(TimeSpan.FromSeconds(3));
            return Report(crowd, wall, brokerCpu, selfCpu);
        }
        finally
        {
            crowd.Stop();
        }
    }

    private static List<Figure> Report(FleetCrowd crowd, double wall, double brokerCpu, double selfCpu)
    {
        var c = CultureInfo.InvariantCulture;
        var (latency, tally) = (crowd.Latency.Summarize(), crowd.Tally);
        long missing = tally.Expected - tally.Delivered;
        return
        [
            new Figure("beacons offered", tally.Sent / wall, "messages/s", Note: string.Create(c, $"{Robots} robots, {Hertz} a second each, {Beacon.Size} bytes, quality 0, for {wall:F1} s; {tally.Refused} not taken by the own link, {tally.NotSent} replaced or dropped in it")),
            new Figure("beacons delivered", tally.Delivered / wall, "messages/s", Note: string.Create(c, $"{(double)tally.Delivered / Math.Max(1, tally.Sent):F1} receivers each; {tally.Moves} changes of cell on the way")),
            new Figure("missing", missing, "deliveries", Note: string.Create(c, $"{tally.Expected:N0} asked for by the geometry, {tally.Delivered:N0} came; {tally.Replaced:N0} came and were replaced by a newer one before they were read, {tally.Dropped:N0} did not fit an inbox")),
            new Figure("around a change of subscriptions", tally.Unsettled, "deliveries", Note: string.Create(c, $"came while the broker could have it either way; {tally.Retracted:N0} on their way when their subscription ended; neither is in the counts above")),
            new Figure("robots within the radius of another that did not know it", tally.Strangers, "pairs", Note: string.Create(c, $"of {tally.Pairs:N0} looked at, each within {InterestRadius:F0} m for longer than 2 s")),
            new Figure("latency", latency.P50Ns * 1e-6, "ms", latency.P50Ns * 1e-6, latency.P99Ns * 1e-6, latency.MaxNs * 1e-6, "from the stamp in the beacon to the receiver's reading it, all in one process"),
            new Figure("broker", 100 * brokerCpu / wall, "% of a core", Note: string.Create(c, $"{brokerCpu * 1e6 / Math.Max(1, tally.Delivered + tally.Sent):F1} us a message in or out")),
            new Figure("robots", 100 * selfCpu / wall, "% of a core", Note: string.Create(c, $"all {Robots} of them: {selfCpu * 1e6 / Math.Max(1, tally.Delivered + tally.Sent):F1} us a message in or out")),
            new Figure("load of the machine", FleetCpu.Load(), "runnable threads", Note: "of the last minute, this bench included; cores are shared with whatever else runs"),
        ];
    }

    /// <summary>Within how many metres robots must know each other.</summary>
    internal const double InterestRadius = 5;
}
