using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>What the hub does as a broker, without faults.</summary>
public class MemoryHubTests
{
    [Fact]
    public void Post_Command_ArrivesOnceAfterBothLatencies()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "t/+");
        var sent = site.Hub.Now;
        Assert.Equal(PublishOutcome.Sent, Site.Post(a, "t/1", "x"));
        site.Hub.RunUntil(sent + new Duration(399_999));
        Assert.Empty(Site.Got(b));
        site.Hub.RunUntil(sent + new Duration(400_000));
        Assert.Equal(["t/1=x"], Site.Got(b));
        site.Run(1);
        Assert.Empty(Site.Got(b));
        Assert.Equal(1, a.Counters.Acknowledged);
    }

    [Fact]
    public void RunUntilQuiescent_AfterTraffic_EndsWithNothingHeld()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "#");
        for (int i = 0; i < 100; i++) Site.Post(a, $"t/{i % 3}", $"{i}");
        Assert.True(site.Hub.RunUntilQuiescent(site.In(10)));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"t/{i % 3}={i}"), Site.Got(b));
        Assert.Equal(0, site.Hub.MessagesHeld);
    }

    [Fact]
    public void HubCrash_Rollback_ForgetsLaterKeptMessagesAndLinksComeBack()
    {
        var site = new Site();
        var a = site.Join("a");
        Site.Post(a, "s", "old", PublishClass.Command, retain: true);
        site.Run(1);
        site.Hub.Apply(new FaultPlan([Fault.HubCrash(rollbackTo: site.Hub.Now, site.In(3), site.In(4))]));
        site.Run(1);
        Site.Post(a, "s", "new", PublishClass.Command, retain: true);
        site.Run(1);
        Assert.Equal(2, a.Counters.Acknowledged);
        Assert.Equal(1, a.Status.Connections);
        site.Run(60);
        Assert.Equal(2, a.Status.Connections);
        var b = site.Join("b", "s");
        Assert.Equal(LinkState.Up, a.Status.State);
        Assert.Equal(["s=old*"], Site.Got(b));
    }
}
