using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class ClockStreamTests
{
    private const long Ms = 1_000_000, Second = 1_000 * Ms;
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void Offsets_ClocksThatDriftAndABadNetwork_TruthIsWithinTheBound() => Seeds.ForEach(20, seed => Run(seed, truthful: true, out _));

    [Fact]
    public void Offsets_ClockReadBeforeTheMessageCame_IsCaught() => Assert.NotNull(Seeds.FirstFailing(20, seed => Run(seed, truthful: false, out _, quiet: true)));

    [Fact]
    public void Offsets_QuietNetwork_BoundIsSmall()
    {
        Assert.Null(Run(5, truthful: true, out double worst, quiet: true));
        // Half of a round trip, of up to 61 ms since messages wait for steps 20 ms apart, and 2 ms for each second since the last exchange, up to 12.5 s ago.
        Assert.InRange(worst, 1e-9, 0.0305 + 0.025);
    }

    // Three robots; returns what was wrong and the widest bound at the end.
    private static string? Run(ulong seed, bool truthful, out double worst, bool quiet = false)
    {
        var hub = new MemoryHub(seed);
        var random = RandomStream.For(seed, "clocks");
        var clocks = new MemoryClock[Names.Length];
        var nodes = new FleetNode[Names.Length];
        var streams = new ClockStream[Names.Length];
        var links = new MemoryLink[Names.Length];
        var roster = new Roster(1, Names);
        for (int i = 0; i < Names.Length; i++)
        {
            var clock = clocks[i] = hub.CreateClock(Duration.FromSeconds(random.NextDouble(0, 1e5)), random.NextInt32(2_000_001) - 1_000_000, Duration.FromSeconds(random.NextDouble(-3600, 3600)));
            var store = new MemoryPromiseStore();
            roster.Admit(store);
            var presence = new FleetPresence(new FleetTopics("s", Names[i]), store, clock);
            links[i] = hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = Names[i], Will = presence.Will, Birth = presence.Birth, Seed = seed }, clock);
            nodes[i] = new FleetNode(links[i], presence, store, new FleetOptions { Site = "s", Robot = Names[i], Roster = roster, Seed = seed }, new DiscountedScorer((_, _) => 1), clock.Now);
            // One robot reads a clock that runs behind by what a step takes, as one would that takes the time of the last step.
            bool late = !truthful && i == 1;
            streams[i] = new ClockStream(nodes[i], () => late ? clock.Now - Duration.FromMilliseconds(40) : clock.Now, seed);
            _ = links[i].StartAsync();
        }
        if (!quiet)
        {
            hub.Apply(new FaultPlan([
                Fault.Drop(0.2, FaultScope.All, Stamp.Zero, new Stamp(1000 * Second)),
                Fault.Duplicate(0.2, 1, DelayModel.Uniform(Duration.Zero, Duration.FromSeconds(3)), FaultScope.All, Stamp.Zero, new Stamp(1000 * Second)),
                Fault.Delayed(DelayModel.HeavyTail(Duration.FromMilliseconds(5), 1, Duration.FromSeconds(2)), FaultScope.All, Stamp.Zero, new Stamp(1000 * Second)),
                Fault.OneWay("a", "b", new Stamp(60 * Second), new Stamp(80 * Second)),
            ]));
        }
        worst = 0;
        string? fault = null;
        for (long at = 0; at < 200 * Second && fault is null; at += 20 * Ms)
        {
            hub.RunUntil(new Stamp(at));
            while (hub.TakeArrived(out _)) { }
            foreach (int i in (int[])[0, 1, 2]) nodes[i].Step(clocks[i].Now);
            fault = Check(clocks, streams, out worst);
        }
        return fault ?? (Array.TrueForAll(streams, s => s.Exchanges > 5) && worst > 0 ? null : "hardly an exchange");
    }

    private static string? Check(MemoryClock[] clocks, ClockStream[] streams, out double worst)
    {
        worst = 0;
        for (int i = 0; i < Names.Length; i++)
        {
            for (int j = 0; j < Names.Length; j++)
            {
                if (i == j || !streams[i].TryOffset(Names[j], clocks[i].Now, out var offset)) continue;
                worst = Math.Max(worst, offset.Bound.Seconds);
                var truth = clocks[j].Now - clocks[i].Now;
                if (Math.Abs((truth - offset.Offset).Nanoseconds) > offset.Bound.Nanoseconds) return $"{Names[i]} takes {Names[j]} to be {offset.Offset} ahead, within {offset.Bound}; it is {truth}";
            }
        }
        return null;
    }
}
