using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests;

public sealed class NodeAllocationTests
{
    [Fact]
    public void Step_ThreeRobotsWithTasksInSteadyState_AllocatesNothing()
    {
        var site = new Site();
        string[] names = ["r1", "r2", "r3"];
        var roster = new Roster(1, names);
        var nodes = names.Select(name =>
        {
            var store = new MemoryPromiseStore();
            roster.Admit(store);
            var presence = new FleetPresence(new FleetTopics("s", name), store, site.Hub.CreateClock());
            var link = site.Hub.CreateLink(Site.Options(name) with { Will = presence.Will, Birth = presence.Birth });
            var node = new FleetNode(link, presence, store, new FleetOptions { Site = "s", Robot = name, Roster = roster }, new DiscountedScorer((from, to) => Math.Abs((from?.X ?? name[1]) - to.X)), Stamp.Zero);
            _ = link.StartAsync();
            return node;
        }).ToArray();
        var boardStore = new MemoryPromiseStore();
        var boardPresence = new FleetPresence(new FleetTopics("s", "board"), boardStore, site.Hub.CreateClock());
        var boardLink = site.Hub.CreateLink(Site.Options("board"));
        // Told once, then quiet: what comes with a task may allocate.
        using var board = new TaskBoard(boardLink, boardPresence, boardStore, new BoardOptions { RepeatOpen = Duration.FromSeconds(100_000) });
        for (int i = 0; i < 6; i++) board.Add(new FleetTask { Id = $"t{i}", X = i, Y = 0, Seconds = 1, Reward = 1 });
        _ = boardLink.StartAsync();
        // Every robot beats, bids, answers the coordinator; once in 30 s it says its status again, which is made anew and left out here.
        for (int i = 0; i < 600; i++) Turn(site, nodes, board);
        Assert.Single(nodes, n => n.IsCoordinating(site.Hub.Now));
        Assert.Equal(6, nodes.Sum(n => n.AssignmentLength));
        long received = nodes[0].Counters.Received;
        Assert.Equal(0, Allocations.Least(12, _ =>
        {
            for (int i = 0; i < 100; i++) Turn(site, nodes, null);
        }));
        Assert.True(nodes[0].Counters.Received > received + 50);
        foreach (var node in nodes) node.Dispose();
    }

    private static void Turn(Site site, FleetNode[] nodes, TaskBoard? board)
    {
        site.Run(0.1);
        board?.Step(site.Hub.Now);
        for (int i = 0; i < nodes.Length; i++) nodes[i].Step(site.Hub.Now);
    }
}
