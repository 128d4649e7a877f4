using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A robot's own vote counts towards its own lease, though the broker does not send its own messages back.</summary>
public class OwnVoteTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void Lease_AsManyRobotsAsAMajority_OneOfThemGetsItAndDoesTheTask(int voters, int running)
    {
        string[] names = [.. Enumerable.Range(1, voters).Select(i => $"r{i}")];
        var hub = new MemoryHub(3);
        var roster = new Roster(1, names);
        var wall = new ClockTimeProvider(new SimClock(), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var nodes = names.Take(running).Select(name =>
        {
            var store = new MemoryPromiseStore();
            roster.Admit(store);
            var presence = new FleetPresence(new FleetTopics("s", name), store, wall);
            var link = Link(hub, presence);
            return new FleetNode(link, presence, store, new FleetOptions { Site = "s", Robot = name, Roster = roster }, new DiscountedScorer((_, _) => 1), Stamp.Zero);
        }).ToArray();
        var boardPresence = new FleetPresence(new FleetTopics("s", "board"), new MemoryPromiseStore(), wall);
        using var board = new TaskBoard(Link(hub, boardPresence), boardPresence, new MemoryPromiseStore(), new BoardOptions());
        board.Add(new FleetTask { Id = "t", Class = TaskClass.Exclusive });
        bool begun = false;
        for (var now = Stamp.Zero; now < Stamp.FromSeconds(60) && board.Unfinished > 0; now += Duration.FromMilliseconds(20))
        {
            hub.RunUntil(now);
            board.Step(now);
            foreach (var node in nodes)
            {
                node.Step(now);
                if (node.AssignmentLength > 0 && node.UnderWay is null) begun |= node.Begin("t", now);
                if (node.UnderWay is not null && node.Commit("t", now) == CommitVerdict.Granted) node.Finish("t", now);
            }
        }
        Assert.True(begun);
        Assert.Equal(TaskState.Done, board.Find("t")!.State);
        foreach (var node in nodes) node.Dispose();
    }

    // A fleet without a majority must not begin: the negative control.
    [Fact]
    public void Lease_OneOfThreeRobots_IsNeverGranted()
    {
        var hub = new MemoryHub(3);
        var roster = new Roster(1, "r1", "r2", "r3");
        var wall = new ClockTimeProvider(new SimClock(), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var store = new MemoryPromiseStore();
        roster.Admit(store);
        var presence = new FleetPresence(new FleetTopics("s", "r1"), store, wall);
        using var node = new FleetNode(Link(hub, presence), presence, store, new FleetOptions { Site = "s", Robot = "r1", Roster = roster }, new DiscountedScorer((_, _) => 1), Stamp.Zero);
        var boardPresence = new FleetPresence(new FleetTopics("s", "board"), new MemoryPromiseStore(), wall);
        using var board = new TaskBoard(Link(hub, boardPresence), boardPresence, new MemoryPromiseStore(), new BoardOptions());
        board.Add(new FleetTask { Id = "t", Class = TaskClass.Exclusive });
        for (var now = Stamp.Zero; now < Stamp.FromSeconds(60); now += Duration.FromMilliseconds(20))
        {
            hub.RunUntil(now);
            board.Step(now);
            node.Step(now);
            Assert.False(node.Begin("t", now));
        }
        Assert.Equal(1, node.AssignmentLength);
        Assert.Equal(StartVerdict.NoLease, node.MayStart("t", Stamp.FromSeconds(60)));
    }

    private static MemoryLink Link(MemoryHub hub, FleetPresence presence)
    {
        var link = hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://memory"), ClientId = presence.Topics.Robot, Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell });
        _ = link.StartAsync();
        return link;
    }
}
