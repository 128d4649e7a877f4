using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class CbbaTests
{
    private static readonly Stamp Now = Stamp.FromSeconds(100);

    [Fact]
    public void Build_TasksOnALine_TakesThemInTheOrderOfTravel()
    {
        var cbba = Make(3);
        Assert.Equal(["near", "middle", "far"], Enumerable.Range(0, cbba.PathLength).Select(i => cbba.PathAt(i).Id));
        Assert.Equal(["near", "middle", "far"], cbba.Bundle);
    }

    [Fact]
    public void Receive_FirstTaskLost_ReleasesTheLaterOnes()
    {
        Assert.Equal((0, null), AfterLosingTheFirst(FleetMutation.None));
        // Negative control: without the rule the bid made for another path stands.
        Assert.Equal((0, "i"), AfterLosingTheFirst(FleetMutation.NoReleaseCascade));
    }

    [Fact]
    public void Receive_LockedTask_IsNotOutbid()
    {
        var cbba = Make(3);
        cbba.Lock("far", Now);
        Outbid(cbba, "far", 1e6);
        Assert.Equal("i", cbba.Winner("far"));
        Assert.Equal("far", cbba.PathAt(0).Id);
    }

    [Fact]
    public void Drop_DeadWinner_FreesItsTasks()
    {
        var cbba = Make(3);
        Outbid(cbba, "near", 50);
        Assert.Equal("k", cbba.Winner("near"));
        cbba.Drop("k", Now);
        Assert.Null(cbba.Winner("near"));
        cbba.Build(Now);
        Assert.Equal("i", cbba.Winner("near"));
    }

    [Fact]
    public void Finish_Task_IsNeverTakenAgain()
    {
        var cbba = Make(3);
        cbba.Finish("near", "k", Now);
        cbba.Put(new FleetTask { Id = "near", X = 1 }, Now);
        cbba.Build(Now);
        Assert.DoesNotContain("near", cbba.Bundle);
    }

    private static (int, string?) AfterLosingTheFirst(FleetMutation mutation)
    {
        var cbba = Make(3);
        cbba.Mutation = mutation;
        Outbid(cbba, "near", 50);
        return (cbba.PathLength, cbba.Winner("far"));
    }

    private static void Outbid(Cbba cbba, string task, double bid)
    {
        var message = new CbbaMessage();
        message.Robots.Add("k");
        message.Stamps.Add(0);
        message.Tasks.Add(task);
        message.Bids.Add(bid);
        message.Winners.Add(0);
        cbba.Receive("k", 5, message, _ => false, Now);
    }

    private static Cbba Make(int limit)
    {
        var cbba = new Cbba("i", 1, new DiscountedScorer((from, to) => Math.Abs((from?.X ?? 0) - to.X)), limit);
        foreach (var (id, x) in new[] { ("far", 9.0), ("near", 1.0), ("middle", 5.0) }) cbba.Put(new FleetTask { Id = id, X = x }, Now);
        cbba.Build(Now);
        return cbba;
    }
}
