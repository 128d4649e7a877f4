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

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Subscribe_NoLocal_DecidesAboutOwnMessages(bool noLocal, int copies)
    {
        var site = new Site();
        var a = site.Join("a", "t", noLocal: noLocal);
        Site.Post(a, "t", "x");
        site.Run(1);
        Assert.Equal(copies, Site.Got(a).Count);
    }

    [Fact]
    public void Subscribe_Overlapping_OneCopyPerFilter()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "t/#");
        b.Subscribe(LinkFilter.Parse("t/+"), new SubscribeOptions(InboxQueue.Commands, 1));
        site.Run(0.1);
        Site.Post(a, "t/1", "x");
        site.Run(1);
        Assert.Equal(["t/1=x", "t/1=x"], Site.Got(b));
        b.Unsubscribe(LinkFilter.Parse("t/#"));
        site.Run(0.1);
        Site.Post(a, "t/1", "y");
        site.Run(1);
        Assert.Equal(["t/1=y"], Site.Got(b));
    }

    [Fact]
    public void Subscribe_SharedByThree_EachMessageGoesToOneOfThoseConnected()
    {
        var site = new Site();
        var a = site.Join("a");
        var members = new[] { site.Join("w1", "$share/g/job/#"), site.Join("w2", "$share/g/job/#"), site.Join("w3", "$share/g/job/#") };
        _ = members[2].StopAsync(graceful: true);
        for (int i = 0; i < 60; i++) Site.Post(a, "job/x", $"{i}");
        site.Run(1);
        var (one, two) = (Site.Got(members[0]), Site.Got(members[1]));
        Assert.Equal(60, one.Union(two).Count());
        Assert.Empty(one.Intersect(two));
        // 60 even choices: fewer than 10 for one of two has probability 4e-8.
        Assert.InRange(one.Count, 10, 50);
        Assert.Empty(Site.Got(members[2]));
    }

    [Fact]
    public void Retain_KeptReplacedAndDeleted_AsTheStandardSays()
    {
        var site = new Site();
        var a = site.Join("a");
        var early = site.Join("early", "s/#");
        Site.Post(a, "s/1", "old", retain: true);
        Site.Post(a, "s/1", "new", retain: true);
        Site.Post(a, "s/2", "gone", retain: true);
        Site.Post(a, "s/2", "", retain: true);
        site.Run(1);
        // Live messages do not carry the flag: it would say that they are old.
        Assert.Equal(["s/1=old", "s/1=new", "s/2=gone", "s/2="], Site.Got(early));
        Assert.Equal(["s/1=new*"], Site.Got(site.Join("late", "s/#")));
    }

    [Fact]
    public void Subscribe_RetainAsPublished_KeepsThePublishersFlag()
    {
        var site = new Site();
        var (a, b) = (site.Join("a"), site.Join("b"));
        b.Subscribe(LinkFilter.Parse("s"), new SubscribeOptions(InboxQueue.Commands, 1), RetainHandling.Send, retainAsPublished: true);
        site.Run(0.1);
        Site.Post(a, "s", "kept", retain: true);
        Site.Post(a, "s", "plain");
        site.Run(1);
        Assert.Equal(["s=kept*", "s=plain"], Site.Got(b));
    }

    [Theory]
    [InlineData(RetainHandling.Send, 1, 1)]
    [InlineData(RetainHandling.SendIfNew, 1, 0)]
    [InlineData(RetainHandling.Never, 0, 0)]
    public void Subscribe_RetainHandling_DecidesAboutKeptMessages(RetainHandling handling, int first, int again)
    {
        var site = new Site();
        Site.Post(site.Join("a"), "s", "x", retain: true);
        var b = site.Join("b");
        foreach (int expected in new[] { first, again })
        {
            b.Subscribe(LinkFilter.Parse("s"), new SubscribeOptions(InboxQueue.Commands, 1), handling, false);
            site.Run(1);
            Assert.Equal(expected, Site.Got(b).Count);
        }
    }

    [Fact]
    public void Expiry_KeptMessage_IsGoneAfterwards()
    {
        var site = new Site();
        Site.Post(site.Join("a"), "s", "x", retain: true, expiry: 2);
        site.Run(1.5);
        Assert.Equal(["s=x*"], Site.Got(site.Join("b", "s")));
        site.Run(1);
        Assert.Empty(Site.Got(site.Join("c", "s")));
        Assert.Equal(0, site.Hub.MessagesHeld);
    }

    [Fact]
    public void Session_LinkLostAndBack_GetsWhatWaitedUnlessExpired()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "t", o => o with { CleanStart = false, SessionExpirySeconds = 60 });
        Assert.False(b.Status.SessionPresent);
        Cut(site, "b", 20);
        Site.Post(a, "t", "1");
        Site.Post(a, "t", "beacon", PublishClass.Beacon);
        Site.Post(a, "t", "short", expiry: 3);
        Site.Post(a, "t", "2");
        site.Run(55);
        Assert.True(b.Status.SessionPresent);
        Assert.Equal(["t=1", "t=2"], Site.Got(b));
        var counters = site.Hub.Counters;
        Assert.Equal((1, 1), (counters.Offline, counters.Expired));
    }

    [Fact]
    public void Session_Expired_IsForgotten()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "t", o => o with { CleanStart = false, SessionExpirySeconds = 10 });
        Cut(site, "b", 20);
        Site.Post(a, "t", "1");
        site.Run(55);
        Assert.Equal((LinkState.Up, false), (b.Status.State, b.Status.SessionPresent));
        Assert.Empty(Site.Got(b));
        Site.Post(a, "t", "2");
        site.Run(1);
        Assert.Equal(["t=2"], Site.Got(b));
    }

    [Fact]
    public void Session_TooManyWait_TheNewestAreDroppedAndCounted()
    {
        var site = new Site(1, new MemoryHubOptions { MaxQueued = 10 });
        var a = site.Join("a");
        var b = site.Join("b", "t", o => o with { CleanStart = false, SessionExpirySeconds = 60 });
        Cut(site, "b", 5);
        for (int i = 0; i < 15; i++) Site.Post(a, "t", $"{i}");
        site.Run(55);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"t={i}"), Site.Got(b));
        Assert.Equal(5, site.Hub.Counters.QueueFull);
    }

    [Fact]
    public void ReceiveMaximum_Burst_ArrivesInOrderInRounds()
    {
        var site = new Site(1, new MemoryHubOptions { ReceiveMaximum = 5 });
        var (a, b) = (site.Join("a"), site.Join("b", "t"));
        var other = site.Join("other");
        // Two publishers, so that their windows of five let more come to the hub than b may have on its way.
        for (int i = 0; i < 20; i++)
        {
            Site.Post(a, "t", $"a{i}");
            Site.Post(other, "t", $"o{i}");
        }
        int most = 0;
        while (site.Hub.RunNext()) most = Math.Max(most, b.Client.InFlight.Count);
        Assert.Equal(5, most);
        var got = Site.Got(b);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"t=a{i}"), got.Where(g => g[2] == 'a'));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"t=o{i}"), got.Where(g => g[2] == 'o'));
    }

    [Fact]
    public void Size_AboveTheLimits_IsDroppedAndCounted()
    {
        var site = new Site(1, new MemoryHubOptions { MaxPacketBytes = 1000 });
        var a = site.Join("a");
        var b = site.Join("b", "t", o => o with { MaxPayloadBytes = 100 });
        Assert.Equal(PublishOutcome.Dropped, Site.Post(a, "t", new string('x', 1000)));
        Site.Post(a, "t", new string('x', 200));
        site.Run(1);
        Assert.Empty(Site.Got(b));
        Assert.Equal((1, 1), (a.Counters.Dropped, site.Hub.Counters.TooLarge));
    }

    [Fact]
    public void May_DeniedPublisher_GetsReason135AndNothingPasses()
    {
        var site = new Site(1, new MemoryHubOptions { May = static (client, action, topic) => action != HubAction.Publish || topic.StartsWith($"r/{client}/", StringComparison.Ordinal) });
        var a = site.Join("a");
        var b = site.Join("b", "r/#");
        var own = a.PublishAsync(LinkTopic.Parse("r/a/x"), "1"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask();
        var foreign = a.PublishAsync(LinkTopic.Parse("r/b/x"), "2"u8.ToArray(), new PublishOptions(PublishClass.Command, Retain: true)).AsTask();
        Site.Post(a, "r/b/y", "3", PublishClass.Beacon);
        site.Run(1);
        Assert.Equal(PublishOutcome.Acknowledged, Site.Ended(own).Outcome);
        Assert.Equal((PublishOutcome.Refused, 135), (Site.Ended(foreign).Outcome, Site.Ended(foreign).ReasonCode));
        Assert.Contains("'r/b/x'", Site.Ended(foreign).Detail);
        Assert.Equal(["r/a/x=1"], Site.Got(b));
        Assert.Equal((1, 2), (a.Counters.Refused, site.Hub.Counters.Denied));
        Assert.Empty(Site.Got(site.Join("c", "r/b/#")));
    }

    [Fact]
    public void May_DeniedReceiver_HearsNothing()
    {
        var site = new Site(1, new MemoryHubOptions { May = static (client, action, topic) => action != HubAction.Receive || client != "b" });
        var a = site.Join("a");
        var (b, c) = (site.Join("b", "#"), site.Join("c", "#"));
        Site.Post(a, "t", "x");
        site.Run(1);
        Assert.Empty(Site.Got(b));
        Assert.Single(Site.Got(c));
    }

    [Fact]
    public void PublishAsync_NobodySubscribed_IsAcknowledgedWithReason16()
    {
        var site = new Site();
        var sent = site.Join("a").PublishAsync(LinkTopic.Parse("t"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask();
        site.Run(1);
        Assert.Equal((PublishOutcome.Acknowledged, 16), (Site.Ended(sent).Outcome, Site.Ended(sent).ReasonCode));
    }

    [Fact]
    public void Post_ManyTopicsThatPass_AreForgotten()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "claim/#");
        int received = 0;
        for (int i = 0; i < 30_000; i++)
        {
            Site.Post(a, $"claim/{i}", "x", PublishClass.Beacon);
            if (i % 100 != 0) continue;
            site.Run(0.01);
            received += Site.Got(b).Count;
        }
        site.Run(0.01);
        Assert.Equal(30_000, received + Site.Got(b).Count);
        Assert.InRange(site.Hub.Topics.All.Count, 1, 4096);
    }

    [Fact]
    public void Deliver_Warm_AllocatesNothing()
    {
        var site = new Site();
        var a = site.Join("a");
        var links = Enumerable.Range(0, 10).Select(i => site.Join($"b{i}", "t", queue: i % 2 == 0 ? InboxQueue.Commands : InboxQueue.Latest)).ToArray();
        var topic = LinkTopic.Parse("t");
        byte[] payload = new byte[200];
        var message = new LinkMessage();
        long before = site.Hub.Counters.Delivered;
        EdgeAutonomy.Tests.Allocations.AssertNone(() =>
        {
            a.Post(topic, payload, new PublishOptions(PublishClass.Beacon));
            a.Post(topic, payload, new PublishOptions(PublishClass.Command));
            site.Hub.RunUntil(site.Hub.Now + new Duration(1_000_000));
            while (site.Hub.TakeArrived(out var link))
            {
                while (link.Inbox.TryTake(message))
                {
                }
            }
        });
        Assert.True(site.Hub.Counters.Delivered - before >= 200 * 20);
    }

    [Fact]
    public void TakeArrived_SeveralMessages_ListsEachLinkOnceInOrder()
    {
        var site = new Site();
        var a = site.Join("a");
        site.Join("b", "b");
        site.Join("c", "c");
        while (site.Hub.TakeArrived(out _))
        {
        }
        Site.Post(a, "c", "1");
        Site.Post(a, "b", "2");
        Site.Post(a, "c", "3");
        Assert.False(site.Hub.TakeArrived(out _));
        site.Run(1);
        Assert.True(site.Hub.TakeArrived(out var first));
        Assert.Equal("c", first.ClientId);
        Assert.True(site.Hub.TakeArrived(out var second));
        Assert.Equal("b", second.ClientId);
        Assert.False(site.Hub.TakeArrived(out _));
    }

    [Fact]
    public void NextEvent_NothingToCome_IsNull()
    {
        var site = new Site();
        Assert.Null(site.Hub.NextEvent);
        Assert.False(site.Hub.RunNext());
        var a = site.Join("a");
        Assert.Null(site.Hub.NextEvent);
        Site.Post(a, "t", "x");
        Assert.Equal(site.Hub.Now + new Duration(200_000), site.Hub.NextEvent);
    }

    private static void Cut(Site site, string client, double seconds)
    {
        site.Hub.Apply(new FaultPlan([Fault.Disconnect(client, DisconnectMode.Abrupt, site.Hub.Now, site.In(seconds))]));
        site.Run(0.1);
    }
}
