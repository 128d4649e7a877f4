using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class TrackStreamTests
{
    private const long Ms = 1_000_000, Second = 1_000 * Ms;

    [Fact]
    public void Tracks_SeenByOneOfTwo_ReachTheOtherAtTheRightPlaceAndAreForgotten()
    {
        var hub = new MemoryHub(4);
        var clocks = new MemoryClock[2];
        var nodes = new FleetNode[2];
        var tracks = new TrackStream[2];
        for (int i = 0; i < 2; i++)
        {
            // Clocks a day apart and as different in rate as allowed.
            var clock = clocks[i] = hub.CreateClock(Duration.FromSeconds(86_400 * i), i == 0 ? 1_000_000 : -1_000_000, Duration.FromSeconds(i * 3600));
            string name = i == 0 ? "a" : "b";
            var store = new MemoryPromiseStore();
            var presence = new FleetPresence(new FleetTopics("s", name), store, clock);
            var link = hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = name, Will = presence.Will, Birth = presence.Birth }, clock);
            nodes[i] = new FleetNode(link, presence, store, new FleetOptions { Site = "s", Robot = name, Roster = new Roster(1, "v") }, new DiscountedScorer((_, _) => 1), clock.Now);
            tracks[i] = new TrackStream(nodes[i], new ClockStream(nodes[i], () => clock.Now, 1));
            _ = link.StartAsync();
        }
        double worst = 0;
        int seen = 0;
        for (long at = 0; at < 40 * Second; at += 20 * Ms)
        {
            hub.RunUntil(new Stamp(at));
            while (hub.TakeArrived(out _)) { }
            double x = 2.0 * at / Second;
            // One sees it, until 30 s: moving at 2 m/s, with 0.1 m of error.
            if (at % (100 * Ms) == 0 && at < 30 * Second)
            {
                var estimate = new TrackEstimate(new(x, 3), new(2, 0), SymmetricMatrix4.Diagonal(0.01, 0.01, 0.01, 0.01));
                tracks[0].Observe([new ObjectTrack(1, 1, estimate, clocks[0].Now, TrackSources.Of(RandomStream.Fnv1a("a"), at + 1))], clocks[0].Now);
            }
            for (int i = 0; i < 2; i++) nodes[i].Step(clocks[i].Now);
            if (at is < 10 * Second or >= 30 * Second) continue;
            tracks[1].Table.Advance(clocks[1].Now);
            Assert.Equal(1, tracks[1].Table.Tracks.Length);
            worst = Math.Max(worst, Math.Abs(tracks[1].Table.Tracks[0].Estimate.Position.X - x));
            seen++;
        }
        Assert.True(seen > 500);
        // The offset is off by half a round trip (up to 30 ms) and 2 ms for each of up to 12 s; at 2 m/s that is 0.11 m at most. Half a second of age taken for none would be a metre.
        Assert.InRange(worst, 0, 0.12);
        Assert.Equal(0, tracks[0].Table.Tracks.Length + tracks[1].Table.Tracks.Length);
    }
}
