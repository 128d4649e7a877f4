using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>What a link does by itself: connecting, waking up again, keeping, dropping and counting.</summary>
public class MemoryLinkTests
{
    private static readonly PublishOptions Kept = new(PublishClass.State, Retain: true);

    [Fact]
    public void StartAsync_HubRuns_CompletesWhenUp()
    {
        var site = new Site();
        var link = site.Hub.CreateLink(Site.Options("a"));
        var start = link.StartAsync();
        Assert.False(start.IsCompleted);
        Assert.Equal(LinkState.Connecting, link.Status.State);
        site.Run(1);
        Assert.Equal(LinkState.Up, Site.Ended(start).State);
        Assert.Equal((LinkState.Up, 1), (link.Status.State, link.Status.Connections));
    }

    [Fact]
    public void StartAsync_Refused_SaysSoAndTriesSlowly()
    {
        int attempts = 0;
        var site = new Site(1, new MemoryHubOptions { Admit = _ => ++attempts < 4 ? 134 : 0 });
        var link = site.Hub.CreateLink(Site.Options("a"));
        var start = link.StartAsync();
        site.Run(1);
        Assert.Equal(LinkState.Refused, Site.Ended(start).State);
        Assert.Contains("reason 134", link.Status.Reason);
        site.Run(13);
        Assert.Equal(1, attempts);
        site.Run(100);
        Assert.Equal(LinkState.Up, link.Status.State);
    }

    [Fact]
    public void Birth_EveryConnection_IsSentBeforeAllElse()
    {
        var site = new Site();
        var b = site.Join("b", "#");
        int life = 0;
        var a = site.Join("a", null, o => o with { Birth = () => (LinkTopic.Parse("r/a/status"), Encoding.UTF8.GetBytes($"on{++life}"), Kept) });
        Site.Post(a, "r/a/plan", "p", PublishClass.State);
        site.Run(1);
        Break(site, "a", 5);
        site.Run(60);
        // The latest state follows the birth after every connection.
        Assert.Equal(["r/a/status=on1", "r/a/plan=p", "r/a/status=on2", "r/a/plan=p"], Site.Got(b));
    }

    [Fact]
    public void Post_WhileDown_BeaconsAreLostStatesKeptCommandsKeptToTheirDeadline()
    {
        var site = new Site();
        var b = site.Join("b", "#");
        var a = site.Join("a");
        // Longer than the 5 s of a command's deadline; back within 30 s.
        Break(site, "a", 8);
        Assert.Equal(PublishOutcome.Dropped, Site.Post(a, "beacon", "1", PublishClass.Beacon));
        Assert.Equal(PublishOutcome.Sent, Site.Post(a, "state", "1", PublishClass.State));
        Assert.Equal(PublishOutcome.Sent, Site.Post(a, "state", "2", PublishClass.State));
        var late = a.PublishAsync(LinkTopic.Parse("late"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask();
        Site.Post(a, "patient", "x", PublishClass.Command, expiry: 100);
        site.Run(6);
        Assert.Equal(PublishOutcome.Dropped, Site.Ended(late).Outcome);
        Assert.Contains("deadline", Site.Ended(late).Detail);
        site.Run(60);
        Assert.Equal(["patient=x", "state=2"], Site.Got(b));
        var c = a.Counters;
        Assert.Equal((5, 2, 1, 2, 0), (c.Posted, c.Acknowledged, c.Replaced, c.Dropped, c.Unknown));
    }

    [Fact]
    public void PublishAsync_LinkLostBeforeTheAnswer_IsUnknown()
    {
        var site = new Site();
        var b = site.Join("b", "t");
        var a = site.Join("a");
        var sent = a.PublishAsync(LinkTopic.Parse("t"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask();
        // After the hub took it, before its answer is back: it arrives although the sender cannot know.
        site.Hub.Apply(new FaultPlan([Fault.Disconnect("a", DisconnectMode.Abrupt, site.Hub.Now + new Duration(300_000), site.In(1))]));
        site.Run(0.1);
        Assert.Equal(PublishOutcome.Unknown, Site.Ended(sent).Outcome);
        Assert.Equal(["t=x"], Site.Got(b));
        Assert.Equal(1, a.Counters.Unknown);
    }

    [Fact]
    public void PublishAsync_Cancelled_EndsUnknown()
    {
        var site = new Site();
        var a = site.Hub.CreateLink(Site.Options("a"));
        _ = a.StartAsync();
        using var cancel = new CancellationTokenSource();
        var sent = a.PublishAsync(LinkTopic.Parse("t"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command), cancel.Token).AsTask();
        cancel.Cancel();
        Assert.Equal(PublishOutcome.Unknown, Site.Ended(sent).Outcome);
        site.Run(1);
        Assert.Equal(1, a.Counters.Acknowledged);
    }

    [Fact]
    public void Post_MoreThanTheQueueHolds_DropsTheNewestAndSaysSo()
    {
        var site = new Site();
        var b = site.Join("b", "t");
        var a = site.Join("a", null, o => o with { Window = 4, CommandQueue = 10 });
        var outcomes = Enumerable.Range(0, 20).Select(i => Site.Post(a, "t", $"{i}")).ToArray();
        Assert.Equal(14, outcomes.Count(o => o == PublishOutcome.Sent));
        site.Run(1);
        Assert.Equal(Enumerable.Range(0, 14).Select(i => $"t={i}"), Site.Got(b));
        Assert.Equal((20, 14, 6), (a.Counters.Posted, a.Counters.Acknowledged, a.Counters.Dropped));
    }

    [Fact]
    public void Post_Repost_OfAnUnknownOutcomeInsideItsContinuation_DoesNotHang()
    {
        var site = new Site();
        var a = site.Join("a");
        int tries = 0;
        // With a context the continuation would wait for another thread; a driver of virtual time has none.
        SynchronizationContext.SetSynchronizationContext(null);
        async Task Insist()
        {
            while (tries++ < 1000)
            {
                var result = await a.PublishAsync(LinkTopic.Parse("t"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, ExpirySeconds: 100));
                if (result.Outcome == PublishOutcome.Acknowledged) return;
            }
        }
        var insisting = Insist();
        Break(site, "a", 2);
        site.Run(60);
        Assert.True(insisting.IsCompleted);
        Assert.Equal(2, tries);
    }

    [Fact]
    public void StopAsync_Graceful_FarewellIsAcknowledgedAndNoWillSent()
    {
        var site = new Site();
        var b = site.Join("b", "#");
        var a = site.Join("a", null, WithWill(0) with { Farewell = () => (LinkTopic.Parse("r/a/status"), "OFFLINE"u8.ToArray(), Kept) });
        var stop = a.StopAsync(graceful: true);
        Assert.False(stop.IsCompleted);
        site.Run(10);
        Assert.True(stop.IsCompletedSuccessfully);
        Assert.Equal(["r/a/status=OFFLINE"], Site.Got(b));
        // The link's own words are not counted.
        Assert.Equal((LinkState.Stopped, 0, 0), (a.Status.State, a.Counters.Acknowledged, a.Counters.Unknown));
        Assert.Equal(0, site.Hub.Counters.Wills);
        Assert.Equal(PublishOutcome.Dropped, Site.Post(a, "t", "x"));
    }

    [Fact]
    public void StopAsync_Abrupt_SendsTheWillAndTheLinkMayStartAnew()
    {
        var site = new Site();
        var b = site.Join("b", "#");
        var a = site.Join("a", null, WithWill(0));
        Assert.True(a.StopAsync(graceful: false).IsCompleted);
        site.Run(1);
        Assert.Equal(["r/a/status=BROKEN1"], Site.Got(b));
        _ = a.StartAsync();
        site.Run(1);
        Assert.Equal((LinkState.Up, 2), (a.Status.State, a.Status.Connections));
    }

    [Fact]
    public async Task DisposeAsync_Twice_SaysGoodbyeOnce()
    {
        var site = new Site();
        var a = site.Join("a", null, WithWill(0));
        await a.DisposeAsync();
        await a.DisposeAsync();
        Assert.True(site.Hub.RunUntilQuiescent(site.In(10)));
        Assert.Equal((LinkState.Stopped, 0), (a.Status.State, site.Hub.Counters.Wills));
        await a.DisposeAsync();
    }

    [Fact]
    public void Connect_TenThousandTimes_LeavesNothingBehind()
    {
        var site = new Site();
        var a = site.Join("a", "t", WithWill(0));
        for (int i = 0; i < 10_000; i++)
        {
            _ = a.StopAsync(graceful: i % 2 == 0);
            site.Run(0.01);
            _ = a.StartAsync();
            site.Run(0.01);
        }
        Assert.Equal(LinkState.Up, a.Status.State);
        _ = a.StopAsync(graceful: true);
        Assert.True(site.Hub.RunUntilQuiescent(site.In(100)));
        // The will that is kept, and nothing else.
        Assert.Equal(1, site.Hub.MessagesHeld);
        Assert.Empty(a.Client.Subscriptions);
    }

    [Theory]
    [InlineData(3, false, true)]
    [InlineData(3, true, false)]
    public void Will_Delay_IsSuppressedWhenTheSessionComesBackFirst(int delay, bool inTime, bool published)
    {
        var site = new Site();
        var b = site.Join("b", "#");
        var a = site.Join("a", null, WithWill(delay) with { CleanStart = false, SessionExpirySeconds = 60 });
        site.Run(31);
        Break(site, "a", inTime ? 0.5 : 5);
        // The first retry comes within 0.5 s of the loss, the next within 1 s of that.
        site.Run(2.9);
        Assert.Equal(inTime ? LinkState.Up : LinkState.Connecting, a.Status.State == LinkState.Down ? LinkState.Connecting : a.Status.State);
        Assert.Empty(Site.Got(b));
        site.Run(30);
        Assert.Equal(published ? ["r/a/status=BROKEN1"] : [], Site.Got(b));
    }

    [Fact]
    public void Will_CleanStartBeforeTheDelay_ComesBeforeTheBirth()
    {
        var site = new Site();
        var b = site.Join("b", "#");
        var a = site.Join("a", null, WithWill(20) with { Birth = () => (LinkTopic.Parse("r/a/status"), "ONLINE"u8.ToArray(), Kept) });
        Break(site, "a", 1);
        site.Run(15);
        Assert.Equal(["r/a/status=ONLINE", "r/a/status=BROKEN1", "r/a/status=ONLINE"], Site.Got(b));
    }

    [Fact]
    public void Will_SessionEndsWithTheConnection_IsImmediateWhereTheStandardIsFollowed()
    {
        var site = new Site(1, new MemoryHubOptions { WillOutlivesSession = false });
        var b = site.Join("b", "#");
        site.Join("a", null, WithWill(20));
        Break(site, "a", 60);
        site.Run(0.1);
        Assert.Equal(["r/a/status=BROKEN1"], Site.Got(b));
    }

    [Fact]
    public void TakeOver_EqualNames_KickEachOtherSlowerAndRaiseTheAlarm()
    {
        var site = new Site();
        var b = site.Join("b", "r/#");
        var first = site.Join("twin", null, o => o with { Seed = 1, Will = () => new WillMessage(LinkTopic.Parse("r/twin/status"), "BROKEN"u8.ToArray(), 0) });
        var second = site.Join("twin", null, o => o with { Seed = 2 });
        Assert.Equal(LinkState.Up, second.Status.State);
        site.Run(0.001);
        Assert.Equal(LinkState.Down, first.Status.State);
        Assert.Contains("another client connected under the same name", first.Status.Reason);
        Assert.Equal(["r/twin/status=BROKEN"], Site.Got(b));
        bool alarmed = false;
        for (int i = 0; i < 600; i++)
        {
            site.Run(0.1);
            alarmed |= first.Status.Reason.Contains("another client used the name") || second.Status.Reason.Contains("another client used the name");
        }
        Assert.True(alarmed);
        long before = site.Hub.Counters.TakeOvers;
        site.Run(120);
        // At least 15 s pass between two swaps by one of them: 2 x 120 / 15.
        Assert.InRange(site.Hub.Counters.TakeOvers - before, 1, 16);
    }

    [Fact]
    public void Subscribe_AndUnsubscribeWhileDown_HoldAfterwards()
    {
        var site = new Site();
        var a = site.Join("a");
        var b = site.Join("b", "old", o => o with { CleanStart = false, SessionExpirySeconds = 600 });
        Break(site, "b", 3);
        b.Unsubscribe(LinkFilter.Parse("old"));
        b.Subscribe(LinkFilter.Parse("new"), new SubscribeOptions(InboxQueue.Commands, 1));
        site.Run(30);
        Site.Post(a, "old", "x");
        Site.Post(a, "new", "y");
        site.Run(1);
        Assert.True(b.Status.SessionPresent);
        Assert.Equal(["new=y"], Site.Got(b));
    }

    [Fact]
    public void Retry_HubAway_WaitsGrowAndStayWithinTheLimit()
    {
        var site = new Site();
        var a = site.Join("a", null, o => o with { MaxRetrySeconds = 8 });
        Break(site, "a", 1000);
        var attempts = new List<double>();
        long last = 0;
        while (site.Hub.Now < Stamp.FromSeconds(500) && site.Hub.RunNext())
        {
            if (a.Status.State != LinkState.Connecting || site.Hub.Now.Nanoseconds == last) continue;
            attempts.Add((site.Hub.Now.Nanoseconds - last) / 1e9);
            last = site.Hub.Now.Nanoseconds;
        }
        Assert.All(attempts.Skip(1), wait => Assert.InRange(wait, 0, 8.001));
        Assert.InRange(attempts[1], 0, 1.001);
        // Jitter over the whole of it: the mean of the steady waits is half of the limit; 100 draws have a standard error of 0.25 s.
        Assert.InRange(attempts.Skip(8).Average(), 3, 5);
    }

    [Fact]
    public void CreateLink_LongName_IsRefused()
    {
        var site = new Site();
        Assert.Throws<ArgumentException>(() => site.Hub.CreateLink(Site.Options(new string('x', 65))));
    }

    private static WillRecipe WithWill(int delay) => new(delay);

    private static void Break(Site site, string client, double seconds)
    {
        site.Hub.Apply(new FaultPlan([Fault.Disconnect(client, DisconnectMode.Abrupt, site.Hub.Now, site.In(seconds))]));
        site.Run(0.01);
    }

    /// <summary>Options with a will that counts its connections.</summary>
    private sealed record WillRecipe(int Delay)
    {
        public Func<(LinkTopic Topic, byte[] Payload, PublishOptions Options)>? Birth { get; init; }

        public Func<(LinkTopic Topic, byte[] Payload, PublishOptions Options)>? Farewell { get; init; }

        public bool CleanStart { get; init; } = true;

        public int SessionExpirySeconds { get; init; }

        public static implicit operator Func<LinkOptions, LinkOptions>(WillRecipe recipe)
        {
            int life = 0;
            return o => o with
            {
                Will = () => new WillMessage(LinkTopic.Parse($"r/{o.ClientId}/status"), Encoding.UTF8.GetBytes($"BROKEN{++life}"), recipe.Delay),
                Birth = recipe.Birth,
                Farewell = recipe.Farewell,
                CleanStart = recipe.CleanStart,
                SessionExpirySeconds = recipe.SessionExpirySeconds,
            };
        }
    }
}
