using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Each fault of the programme: that it does what it says, in its window, to those whom it names, and nothing else.</summary>
public class HubFaultTests
{
    private const int Many = 2000;

    [Fact]
    public void Drop_InWindowAndScope_LosesItsShare()
    {
        var (site, a, b) = Pair();
        var c = site.Join("c", "t/#");
        site.Hub.Apply(new FaultPlan([Fault.Drop(0.25, new FaultScope("a", "b", "t/+"), site.Hub.Now, site.In(10))]));
        Send(site, a, "t/1", Many, PublishClass.Beacon);
        int got = Site.Got(b).Count;
        // Binomial with 2000 draws: standard deviation 19; six of them.
        Assert.InRange(got, 1500 - 116, 1500 + 116);
        Assert.Equal(Many - got, site.Hub.Counters.Faulted);
        Assert.Equal(Many, Site.Got(c).Count);
        site.Run(10);
        Send(site, a, "t/1", 100);
        Assert.Equal(100, Site.Got(b).Count);
    }

    [Fact]
    public void Drop_OfOneQuality_SparesTheOther()
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Drop(1, new FaultScope(Qos: 0), site.Hub.Now, site.In(10))]));
        Site.Post(a, "t/0", "lost", PublishClass.Beacon);
        Site.Post(a, "t/1", "kept");
        site.Run(1);
        Assert.Equal(["t/1=kept"], Site.Got(b));
        Assert.Equal(1, a.Counters.Acknowledged);
    }

    [Fact]
    public void Drop_Certain_DoesNotStopTheWindow()
    {
        // A lost message of quality 1 is never acknowledged by its receiver; if it counted against the receive maximum the link would starve.
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Drop(1, FaultScope.All, site.Hub.Now, site.In(5))]));
        Send(site, a, "t/1", 100);
        site.Run(5);
        Send(site, a, "t/1", 100);
        Assert.Equal(100, Site.Got(b).Count);
    }

    [Fact]
    public void Duplicate_Certain_ArrivesLaterToo()
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Duplicate(1, 2, DelayModel.Constant(Duration.FromSeconds(1)), FaultScope.All, site.Hub.Now, site.In(0.1))]));
        Site.Post(a, "t/1", "x");
        site.Run(0.5);
        Assert.Single(Site.Got(b));
        site.Run(1);
        Assert.Single(Site.Got(b));
        site.Run(1);
        Assert.Single(Site.Got(b));
        site.Run(10);
        Assert.Empty(Site.Got(b));
        Assert.Equal((2, 3), (site.Hub.Counters.Duplicated, site.Hub.Counters.Delivered));
    }

    [Fact]
    public void Delay_Random_KeepsTheOrderOfAPublisherToAReceiver()
    {
        var (site, a, b) = Pair();
        var other = site.Join("other");
        site.Hub.Apply(new FaultPlan([Fault.Delayed(DelayModel.HeavyTail(new Duration(100_000), 1.1, Duration.FromSeconds(2)), new FaultScope("a"), site.Hub.Now, site.In(100))]));
        for (int i = 0; i < 200; i++)
        {
            Site.Post(a, $"t/{i % 3}", $"a{i}");
            Site.Post(other, "t/1", $"o{i}");
            site.Run(0.002);
        }
        site.Run(100);
        var got = Site.Got(b);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"t/{i % 3}=a{i}"), got.Where(g => g.Contains("=a")));
        Assert.Equal(400, got.Count);
        // Across publishers the order did change: the last of the undelayed came before the last of the delayed were half in.
        Assert.True(got.FindIndex(g => g.EndsWith("=o199", StringComparison.Ordinal)) < got.FindIndex(g => g.EndsWith("=a199", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(PublishClass.Command, false, true)]
    [InlineData(PublishClass.Command, true, false)]
    [InlineData(PublishClass.Beacon, false, false)]
    public void Reorder_OneTopic_KeepsTheOrderOfQuality1UnlessBroken(PublishClass type, bool breakOrder, bool ordered)
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Reorder(Duration.FromSeconds(0.1), FaultScope.All, site.Hub.Now, site.In(1), breakOrder)]));
        for (int i = 0; i < 200; i++)
        {
            Site.Post(a, "t/1", $"{i:D3}", type);
            // The window ends in between: what follows must not overtake what is still under way.
            site.Run(0.01);
        }
        site.Run(10);
        var got = Site.Got(b);
        Assert.Equal(200, got.Count);
        Assert.Equal(ordered, got.SequenceEqual(got.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Reorder_SeveralTopics_OvertakesAcrossThem()
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Reorder(Duration.FromSeconds(0.1), FaultScope.All, site.Hub.Now, site.In(10))]));
        for (int i = 0; i < 100; i++)
        {
            Site.Post(a, $"t/{i % 5}", $"{i:D3}");
            site.Run(0.01);
        }
        site.Run(10);
        var got = Site.Got(b);
        for (int topic = 0; topic < 5; topic++)
        {
            var own = got.Where(g => g[2] - '0' == topic).ToArray();
            Assert.Equal(own.Order(StringComparer.Ordinal), own);
        }
        var payloads = got.Select(g => g[4..]).ToArray();
        Assert.NotEqual(payloads.Order(StringComparer.Ordinal), payloads);
    }

    [Fact]
    public void Partition_BetweenClients_LosesAcrossGroupsAndKeepsTheConnections()
    {
        var (site, a, b) = Pair();
        var c = site.Join("c", "t/#");
        var d = site.Join("d", "t/#");
        site.Hub.Apply(new FaultPlan([Fault.Partition([["a", "b"]], site.Hub.Now, site.In(60))]));
        Site.Post(a, "t/1", "from a");
        Site.Post(c, "t/1", "from c");
        site.Run(30);
        Assert.Equal(["t/1=from a"], Site.Got(b));
        Assert.Empty(Site.Got(c));
        Assert.Equal(["t/1=from c"], Site.Got(d));
        Assert.Equal(1, a.Status.Connections);
        site.Run(31);
        Site.Post(a, "t/1", "again");
        site.Run(1);
        Assert.Equal(["t/1=again"], Site.Got(c));
    }

    [Fact]
    public void Partition_WithHub_CutsTheOthersOffUntilItHeals()
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Partition([["a", FaultScope.Hub], ["b"]], site.Hub.Now, site.In(20))]));
        Site.Post(a, "t/1", "lost");
        site.Run(7.4);
        Assert.Equal(LinkState.Up, b.Status.State);
        site.Run(0.2);
        // 1.5 times the keep-alive of 5 s.
        Assert.NotEqual(LinkState.Up, b.Status.State);
        Assert.Equal(LinkState.Up, a.Status.State);
        site.Run(60);
        Assert.Equal((LinkState.Up, 2), (b.Status.State, b.Status.Connections));
        Assert.Empty(Site.Got(b));
        Site.Post(a, "t/1", "again");
        site.Run(1);
        Assert.Equal(["t/1=again"], Site.Got(b));
    }

    [Fact]
    public void OneWay_BetweenClients_LosesOneDirection()
    {
        var (site, a, b) = Pair("t/#");
        site.Hub.Apply(new FaultPlan([Fault.OneWay("a", "b", site.Hub.Now, site.In(10))]));
        Site.Post(a, "t/1", "1");
        Site.Post(b, "t/1", "2");
        site.Run(1);
        Assert.Empty(Site.Got(b));
        Assert.Equal(["t/1=2"], Site.Got(a));
    }

    [Fact]
    public void OneWay_ToTheHub_HealedInTime_PassesWhatTheTransportHeld()
    {
        var (site, a, b) = Pair("t/#");
        site.Hub.Apply(new FaultPlan([Fault.OneWay("a", FaultScope.Hub, site.Hub.Now, site.In(4))]));
        for (int i = 0; i < 10; i++) Site.Post(a, "t/1", $"{i}");
        Site.Post(b, "t/2", "down");
        site.Run(3);
        Assert.Empty(Site.Got(b));
        Assert.Equal(["t/2=down"], Site.Got(a));
        site.Run(2);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"t/1={i}"), Site.Got(b));
        Assert.Equal((10, 1), (a.Counters.Acknowledged, a.Status.Connections));
    }

    [Fact]
    public void OneWay_FromTheHub_HealedInTime_KeepsOrderWithWhatFollows()
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.OneWay(FaultScope.Hub, "b", site.Hub.Now, site.In(5))]));
        for (int i = 0; i < 50; i++)
        {
            Site.Post(a, "t/1", $"{i}");
            site.Run(0.2);
        }
        site.Run(1);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"t/1={i}"), Site.Got(b));
        Assert.Equal(1, b.Status.Connections);
    }

    [Theory]
    [InlineData(DisconnectMode.Graceful, 0, 0.1)]
    [InlineData(DisconnectMode.Abrupt, 1, 0.1)]
    [InlineData(DisconnectMode.Frozen, 1, 7.6)]
    public void Disconnect_EachWay_SendsTheWillOrNot(DisconnectMode mode, int wills, double downAfter)
    {
        var site = new Site();
        var b = site.Join("b", "r/#");
        var a = site.Join("a", null, o => o with { Will = () => new WillMessage(LinkTopic.Parse("r/a/status"), "BROKEN"u8.ToArray(), 0) });
        site.Hub.Apply(new FaultPlan([Fault.Disconnect("a", mode, site.Hub.Now, site.In(20))]));
        site.Run(downAfter - 0.2);
        if (mode == DisconnectMode.Frozen) Assert.Equal((LinkState.Up, 0), (a.Status.State, Site.Got(b).Count));
        site.Run(0.3);
        Assert.NotEqual(LinkState.Up, a.Status.State);
        Assert.Equal(wills, Site.Got(b).Count);
        site.Run(12);
        Assert.NotEqual(LinkState.Up, a.Status.State);
        site.Run(60);
        Assert.Equal((LinkState.Up, 2), (a.Status.State, a.Status.Connections));
    }

    [Fact]
    public void Frozen_ShorterThanTheKeepAlive_LosesNothing()
    {
        var (site, a, b) = Pair();
        site.Hub.Apply(new FaultPlan([Fault.Disconnect("b", DisconnectMode.Frozen, site.Hub.Now, site.In(7)), Fault.Disconnect("b", DisconnectMode.Frozen, site.In(7.1), site.In(14))]));
        for (int i = 0; i < 100; i++)
        {
            Site.Post(a, "t/1", $"{i}");
            site.Run(0.2);
        }
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"t/1={i}"), Site.Got(b));
        Assert.Equal(1, b.Status.Connections);
    }

    [Fact]
    public void Stop_BehindACutCable_SendsTheWillAfterTheKeepAlive()
    {
        var site = new Site();
        var b = site.Join("b", "r/#");
        var a = site.Join("a", "r/#", o => o with { Will = () => new WillMessage(LinkTopic.Parse("r/a/status"), "BROKEN"u8.ToArray(), 0) });
        site.Hub.Apply(new FaultPlan([Fault.Disconnect("a", DisconnectMode.Frozen, site.Hub.Now, site.In(3))]));
        site.Run(1);
        _ = a.StopAsync(graceful: false);
        Site.Post(b, "r/b", "x");
        site.Run(1);
        Assert.Empty(Site.Got(b));
        site.Run(10);
        Assert.Equal(["r/a/status=BROKEN"], Site.Got(b));
        Assert.Empty(Site.Got(a));
    }

    [Fact]
    public void TakeOver_ByAStranger_SendsTheWillAndForgetsTheSession()
    {
        var site = new Site();
        var b = site.Join("b", "r/#");
        var a = site.Join("a", "t", o => o with
        {
            Will = () => new WillMessage(LinkTopic.Parse("r/a/status"), "BROKEN"u8.ToArray(), 3),
            CleanStart = false,
            SessionExpirySeconds = 600,
        });
        site.Hub.Apply(new FaultPlan([Fault.TakeOver("a", site.In(1))]));
        site.Run(1.01);
        Assert.Equal(LinkState.Down, a.Status.State);
        Assert.Equal(["r/a/status=BROKEN"], Site.Got(b));
        site.Run(10);
        Assert.Equal((LinkState.Up, false), (a.Status.State, a.Status.SessionPresent));
    }

    [Fact]
    public void HubCrash_Rollback_ForgetsLaterKeptMessagesAndLinksComeBack()
    {
        var site = new Site();
        var a = site.Join("a");
        Site.Post(a, "s", "old", retain: true);
        site.Run(1);
        site.Hub.Apply(new FaultPlan([Fault.HubCrash(rollbackTo: site.Hub.Now, site.In(3), site.In(4))]));
        site.Run(1);
        Site.Post(a, "s", "new", retain: true);
        site.Run(1);
        Assert.Equal((2, 1), (a.Counters.Acknowledged, a.Status.Connections));
        site.Run(60);
        Assert.Equal(2, a.Status.Connections);
        Assert.Equal(["s=old*"], Site.Got(site.Join("b", "s")));
    }

    [Fact]
    public void HubCrash_Session_DeliversTheDeliveredAgainAndForgetsTheAcknowledged()
    {
        // The behaviour of mosquitto after SIGKILL, as measured: session present from the old snapshot.
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "t", o => o with { CleanStart = false, SessionExpirySeconds = 600 });
        site.Hub.Apply(new FaultPlan([Fault.Disconnect("b", DisconnectMode.Abrupt, site.Hub.Now, site.In(10))]));
        site.Run(1);
        Site.Post(a, "t", "queued");
        site.Run(1);
        // Taken while "queued" waits; the crash comes long after it was delivered.
        site.Hub.Apply(new FaultPlan([Fault.HubCrash(site.Hub.Now, site.In(60), site.In(61))]));
        site.Run(50);
        Assert.Equal(["t=queued"], Site.Got(b));
        b.Unsubscribe(LinkFilter.Parse("t"));
        b.Subscribe(LinkFilter.Parse("t/#"), new SubscribeOptions(InboxQueue.Commands, 1));
        site.Run(60);
        Assert.True(b.Status.SessionPresent);
        Assert.Equal(["t=queued"], Site.Got(b));
        // What was subscribed after the snapshot works again because the link names it again.
        Site.Post(a, "t/x", "later");
        site.Run(1);
        Assert.Equal(["t/x=later"], Site.Got(b));
    }

    [Fact]
    public void HubCrash_PendingWill_DiesWithTheHub()
    {
        var site = new Site();
        var b = site.Join("b", "r/#");
        var a = site.Join("a", null, o => o with { Will = () => new WillMessage(LinkTopic.Parse("r/a/status"), "BROKEN"u8.ToArray(), 5) });
        site.Hub.Apply(new FaultPlan([Fault.Disconnect("a", DisconnectMode.Abrupt, site.Hub.Now, site.In(60)), Fault.HubCrash(site.In(1), site.In(2), site.In(3))]));
        site.Run(50);
        Assert.Empty(Site.Got(b));
        Assert.Equal(0, site.Hub.Counters.Wills);
    }

    [Theory]
    [InlineData(true, "s=x*")]
    [InlineData(false, "")]
    public void HubRestart_KeepsItsStateOrNot(bool keep, string kept)
    {
        var site = new Site();
        var a = site.Join("a", "t", o => o with { CleanStart = false, SessionExpirySeconds = 600 });
        Site.Post(a, "s", "x", retain: true);
        site.Run(1);
        site.Hub.Apply(new FaultPlan([Fault.HubRestart(keep, site.Hub.Now, site.In(2))]));
        site.Run(1);
        Assert.False(site.Hub.IsUp);
        site.Run(60);
        Assert.True(site.Hub.IsUp);
        Assert.Equal((LinkState.Up, keep), (a.Status.State, a.Status.SessionPresent));
        Assert.Equal(kept, string.Concat(Site.Got(site.Join("b", "s"))));
    }

    [Fact]
    public void SlowConsumer_Flood_GetsItsRateAndTheRestIsDropped()
    {
        var (site, a, b) = Pair();
        var c = site.Join("c", "t/#");
        site.Hub.Apply(new FaultPlan([Fault.SlowConsumer("b", 10, 5, site.Hub.Now, site.In(100))]));
        for (int i = 0; i < 100; i++)
        {
            Site.Post(a, "t/1", $"{i}", PublishClass.Beacon);
            site.Run(0.01);
        }
        site.Run(2);
        int got = Site.Got(b).Count;
        // One second at 10/s and the five that wait at its end.
        Assert.InRange(got, 14, 16);
        Assert.Equal(100 - got, site.Hub.Counters.QueueFull);
        Assert.Equal(100, Site.Got(c).Count);
    }

    [Fact]
    public void Corrupt_Certain_DamagesTheCopyOfTheReceiverOnly()
    {
        var (site, a, b) = Pair();
        var c = site.Join("c", "t/#");
        site.Hub.Apply(new FaultPlan([Fault.Corrupt(1, new FaultScope(Receiver: "b"), site.Hub.Now, site.In(10))]));
        for (int i = 0; i < 100; i++) Site.Post(a, "t/1", "payload of some length", retain: true);
        site.Run(1);
        var (damaged, whole) = (Site.Got(b), Site.Got(c));
        Assert.Equal(100, damaged.Count);
        Assert.DoesNotContain("t/1=payload of some length", damaged);
        Assert.Contains(damaged, d => d.Length > "t/1=payload of some length".Length);
        Assert.Contains(damaged, d => d.Length < "t/1=payload of some length".Length);
        Assert.All(whole, w => Assert.Equal("t/1=payload of some length", w));
        // Acknowledgements find the original: nothing stays in flight.
        Assert.Equal((0, 1), (b.Client.InFlight.Count, site.Hub.MessagesHeld));
    }

    [Fact]
    public void StaleRetained_Topic_BringsTheOldValueBack()
    {
        var (site, a, b) = Pair();
        Site.Post(a, "t/1", "old", retain: true);
        Site.Post(a, "x", "old", retain: true);
        site.Run(1);
        site.Hub.Apply(new FaultPlan([Fault.StaleRetained("t/#", Duration.FromSeconds(5), site.In(5.5))]));
        site.Run(1);
        Site.Post(a, "t/1", "new", retain: true);
        Site.Post(a, "x", "new", retain: true);
        site.Run(3);
        Assert.Equal(["t/1=old", "t/1=new"], Site.Got(b));
        site.Run(3);
        Assert.Equal(["t/1=old*"], Site.Got(b));
        Assert.Equal(["t/1=old*", "x=new*"], Site.Got(site.Join("c", "#")));
    }

    [Theory]
    [InlineData("has probability 1.5", 0)]
    [InlineData("ends before it begins", 1)]
    [InlineData("names no client", 2)]
    [InlineData("goes back to a time after itself", 3)]
    [InlineData("has no groups", 4)]
    public void Apply_Senseless_IsRefusedWithAReason(string says, int which)
    {
        var (early, late) = (Stamp.FromSeconds(1), Stamp.FromSeconds(2));
        Fault[] senseless =
        [
            Fault.Drop(1.5, FaultScope.All, early, late),
            Fault.Drop(0.5, FaultScope.All, late, early),
            Fault.TakeOver(null!, early),
            Fault.HubCrash(late, early, late),
            Fault.Partition([], early, late),
        ];
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => new MemoryHub(1).Apply(new FaultPlan([senseless[which]]))).Message);
    }

    private static (Site Site, MemoryLink A, MemoryLink B) Pair(string? filterOfA = null)
    {
        var site = new Site();
        return (site, site.Join("a", filterOfA), site.Join("b", "t/#"));
    }

    private static void Send(Site site, MemoryLink from, string topic, int count, PublishClass type = PublishClass.Command)
    {
        for (int i = 0; i < count; i++)
        {
            Site.Post(from, topic, $"{i}", type);
            if (i % 50 == 49) site.Run(0.01);
        }
        site.Run(0.1);
    }
}
