using System.Text;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Tests;

/// <summary>What every adapter of <see cref="IMqttLink"/> keeps, whatever stands behind it.</summary>
public abstract class LinkConformance
{
    private static readonly SubscribeOptions Commands = new(InboxQueue.Commands, 1);

    /// <summary>Makes a fresh site; skips the test with a reason where it cannot.</summary>
    protected abstract LinkSite CreateSite();

    /// <summary>Makes a fresh site whose broker refuses, with reason 135, subscriptions below <c>refused/</c>; null where there is no such broker.</summary>
    protected virtual LinkSite? CreateRefusingSite() => null;

    [SkippableFact]
    public void Start_WithABroker_ComesUp()
    {
        using var site = CreateSite();
        var link = site.Up("one");
        Assert.Equal((LinkState.Up, 1, false, ""), (link.Status.State, link.Status.Connections, link.Status.SessionPresent, link.Status.Reason));
        Assert.InRange(link.Limits.ReceiveMaximum, 1, 65_535);
        Assert.True(link.Limits is { MaxQos: >= 1, RetainAvailable: true, WildcardAvailable: true });
        Assert.Equal(1, link.Counters.Connections);
    }

    [SkippableTheory]
    [InlineData(PublishClass.Beacon)]
    [InlineData(PublishClass.State)]
    [InlineData(PublishClass.Command)]
    [InlineData(PublishClass.Bulk)]
    public void Post_OfEachClass_ArrivesUnchanged(PublishClass kind)
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        a.Subscribe(LinkFilter.Parse("t/+/x"), Commands);
        site.Finish(a.StartAsync(), "a is up");
        var read = new LinkReader(a);
        Assert.Equal(PublishOutcome.Sent, b.Post(LinkTopic.Parse("t/é/x"), "päyload\0 end"u8, new PublishOptions(kind, Correlation: 0x0123_4567_89AB_CDEF)));
        site.Await(() => read.Seen.Count > 0, "the message arrives");
        Assert.Equal(("t/é/x", "päyload\0 end", false, 0x0123_4567_89AB_CDEFul), read.Seen[0]);
        site.Await(() => b.Counters.Sent + b.Counters.Acknowledged == 1, "its fate is known");
        Assert.Equal(kind == PublishClass.Beacon ? 1 : 0, b.Counters.Sent);
        Assert.Equal(1, a.Counters.Received);
    }

    [SkippableFact]
    public void Post_OfNothing_Arrives()
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        a.Subscribe(LinkFilter.Parse("t/#"), Commands);
        site.Finish(a.StartAsync(), "a is up");
        var read = new LinkReader(a);
        b.Post(LinkTopic.Parse("t/empty"), [], new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/empty", ""), "the empty message arrives");
    }

    [SkippableFact]
    public void Post_OfManyCommands_KeepsTheirOrder()
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up(LinkSite.Options("b") with { CommandQueue = 1000 });
        a.Subscribe(LinkFilter.Parse("t/n"), Commands);
        site.Finish(a.StartAsync(), "a is up");
        var read = new LinkReader(a);
        var topic = LinkTopic.Parse("t/n");
        for (int i = 0; i < 500; i++) Assert.Equal(PublishOutcome.Sent, b.Post(topic, Encoding.UTF8.GetBytes($"{i}"), new PublishOptions(PublishClass.Command, ExpirySeconds: 60)));
        site.Await(() => read.Seen.Count >= 500, "all arrive");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), read.Texts("t/n"));
        site.Await(() => b.Counters.Acknowledged == 500, "all are acknowledged");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Subscribe_NoLocal_DecidesAboutOwnMessages(bool noLocal)
    {
        using var site = CreateSite();
        var link = site.Create(LinkSite.Options("self"));
        link.Subscribe(LinkFilter.Parse("t/own"), Commands with { NoLocal = noLocal });
        link.Subscribe(LinkFilter.Parse("t/end"), Commands with { NoLocal = false });
        site.Finish(link.StartAsync(), "up");
        var read = new LinkReader(link);
        foreach (string topic in (string[])["t/own", "t/end"]) link.Post(LinkTopic.Parse(topic), "x"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/end", "x"), "the last message arrives");
        Assert.Equal(!noLocal, read.Has("t/own", "x"));
    }

    [SkippableFact]
    public void Publish_ThatTheBrokerTakes_IsAcknowledged()
    {
        using var site = CreateSite();
        var link = site.Up("a");
        var result = site.Finish(link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask(), "the broker's word");
        Assert.Equal(PublishOutcome.Acknowledged, result.Outcome);
        Assert.True(result.ReasonCode is 0 or 16, $"reason {result.ReasonCode}"); // 16: nobody has subscribed to it
        var sent = site.Finish(link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Beacon)).AsTask(), "handed over");
        Assert.Equal(PublishOutcome.Sent, sent.Outcome);
    }

    [SkippableFact]
    public void Publish_WhereItMayNot_IsRefusedWith135()
    {
        using var site = CreateSite();
        var link = site.Up("a");
        var result = site.Finish(link.PublishAsync(LinkTopic.Parse("forbidden/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask(), "the broker's word");
        Assert.Equal((PublishOutcome.Refused, 135), (result.Outcome, result.ReasonCode));
        Assert.Contains("135", result.Detail, StringComparison.Ordinal);
        Assert.Equal((1, 0), (link.Counters.Refused, link.Counters.Acknowledged));
    }

    [SkippableFact]
    public void Subscribe_WhereItMayNotRead_HearsNothing()
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        a.Subscribe(LinkFilter.Parse("secret/x"), Commands);
        a.Subscribe(LinkFilter.Parse("t/x"), Commands);
        site.Finish(a.StartAsync(), "a is up");
        var read = new LinkReader(a);
        foreach (string topic in (string[])["secret/x", "t/x"]) b.Post(LinkTopic.Parse(topic), "x"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/x", "x"), "what may be read arrives");
        Assert.False(read.Has("secret/x", "x"));
        Assert.Equal(LinkState.Up, a.Status.State);
    }

    [SkippableFact]
    public void Subscribe_ThatTheBrokerRefuses_IsCountedAndSaid()
    {
        using var site = CreateRefusingSite();
        Skip.If(site is null, "this broker refuses no subscription");
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        a.Subscribe(LinkFilter.Parse("refused/x"), Commands);
        a.Subscribe(LinkFilter.Parse("t/x"), Commands);
        var started = site.Finish(a.StartAsync(), "a is up");
        // One subscription that is refused does not keep a link down: the others work.
        Assert.Equal(LinkState.Up, started.State);
        site.Await(() => a.Counters.SubscriptionsRefused == 1, "the refusal is counted");
        Assert.StartsWith("Subscription 'refused/x': ", a.Status.Reason, StringComparison.Ordinal);
        Assert.Contains("135", a.Status.Reason, StringComparison.Ordinal);
        var read = new LinkReader(a);
        foreach (string topic in (string[])["refused/x", "t/x"]) b.Post(LinkTopic.Parse(topic), "x"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/x", "x"), "what may be read arrives");
        Assert.False(read.Has("refused/x", "x"));
        // While it is up, too; and both are said.
        a.Subscribe(LinkFilter.Parse("refused/y/+"), Commands);
        site.Await(() => a.Counters.SubscriptionsRefused == 2, "the second refusal is counted");
        Assert.Contains("'refused/x'", a.Status.Reason, StringComparison.Ordinal);
        Assert.Contains("'refused/y/+'", a.Status.Reason, StringComparison.Ordinal);
        // Each connection tries again: somebody may have mended the broker's rules.
        site.Cut(a);
        site.Await(() => a.Status is { State: LinkState.Up, Connections: 2 } && a.Counters.SubscriptionsRefused == 4, "tried again");
        a.Unsubscribe(LinkFilter.Parse("refused/x"));
        a.Unsubscribe(LinkFilter.Parse("refused/y/+"));
        Assert.Equal((LinkState.Up, ""), (a.Status.State, a.Status.Reason));
        Assert.Equal((0L, ""), (b.Counters.SubscriptionsRefused, b.Status.Reason));
    }

    [SkippableFact]
    public void Post_Retained_IsOldForTheLateAndNewForThePresent()
    {
        using var site = CreateSite();
        IMqttLink early = site.Create(LinkSite.Options("early")), robot = site.Up("robot"), late = site.Create(LinkSite.Options("late"));
        foreach (var link in (IMqttLink[])[early, late]) link.Subscribe(LinkFilter.Parse("t/status"), Commands);
        site.Finish(early.StartAsync(), "early is up");
        LinkReader present = new(early), afterwards = new(late);
        robot.Post(LinkTopic.Parse("t/status"), "online"u8, new PublishOptions(PublishClass.State, Retain: true));
        site.Await(() => present.Seen.Count == 1, "the present one hears it");
        site.Finish(late.StartAsync(), "late is up");
        site.Await(() => afterwards.Seen.Count == 1, "the late one hears it");
        Assert.Equal((false, true), (present.Seen[0].Retained, afterwards.Seen[0].Retained));
    }

    [SkippableFact]
    public void Post_RetainedAndEmpty_Deletes()
    {
        using var site = CreateSite();
        IMqttLink robot = site.Up("robot"), late = site.Create(LinkSite.Options("late"));
        var topic = LinkTopic.Parse("t/status");
        var kept = new PublishOptions(PublishClass.Command, Retain: true);
        Assert.Equal(PublishOutcome.Acknowledged, site.Finish(robot.PublishAsync(topic, "x"u8.ToArray(), kept).AsTask(), "kept").Outcome);
        Assert.Equal(PublishOutcome.Acknowledged, site.Finish(robot.PublishAsync(topic, Array.Empty<byte>(), kept).AsTask(), "deleted").Outcome);
        late.Subscribe(LinkFilter.Parse("t/#"), Commands);
        site.Finish(late.StartAsync(), "late is up");
        var read = new LinkReader(late);
        robot.Post(LinkTopic.Parse("t/end"), "x"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/end", "x"), "the last message arrives");
        Assert.Empty(read.Texts("t/status"));
    }

    [SkippableFact]
    public void Post_WithExpiry_IsForgottenByTheBroker()
    {
        using var site = CreateSite();
        IMqttLink robot = site.Up("robot"), late = site.Create(LinkSite.Options("late"));
        foreach (var (topic, seconds) in ((string, int)[])[("t/short", 1), ("t/long", 60)])
        {
            site.Finish(robot.PublishAsync(LinkTopic.Parse(topic), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, Retain: true, ExpirySeconds: seconds)).AsTask(), "kept");
        }
        // Mosquitto counts whole seconds.
        site.Pass(TimeSpan.FromSeconds(2.5));
        late.Subscribe(LinkFilter.Parse("t/#"), Commands);
        site.Finish(late.StartAsync(), "late is up");
        var read = new LinkReader(late);
        site.Await(() => read.Has("t/long", "x"), "the long one is there");
        Assert.False(read.Has("t/short", "x"));
    }

    [SkippableFact]
    public void Unsubscribe_EndsIt()
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        LinkFilter x = LinkFilter.Parse("t/x"), end = LinkFilter.Parse("t/end");
        a.Subscribe(x, Commands);
        a.Subscribe(end, Commands with { NoLocal = false });
        site.Finish(a.StartAsync(), "a is up");
        var read = new LinkReader(a);
        b.Post(LinkTopic.Parse("t/x"), "1"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/x", "1"), "subscribed");
        a.Unsubscribe(x);
        // One's own later message shows that the broker has seen the end of the subscription.
        a.Post(LinkTopic.Parse("t/end"), "1"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/end", "1"), "the broker has seen it");
        b.Post(LinkTopic.Parse("t/x"), "2"u8, new PublishOptions(PublishClass.Command));
        b.Post(LinkTopic.Parse("t/end"), "2"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/end", "2"), "the last message arrives");
        Assert.False(read.Has("t/x", "2"));
    }

    [SkippableFact]
    public void Post_LargerThanAllowed_IsDroppedWithTheReason()
    {
        using var site = CreateSite();
        var link = site.Up(LinkSite.Options("a") with { MaxPayloadBytes = 100 });
        Assert.Equal(PublishOutcome.Dropped, link.Post(LinkTopic.Parse("t/x"), new byte[101], new PublishOptions(PublishClass.State)));
        var result = site.Finish(link.PublishAsync(LinkTopic.Parse("t/x"), new byte[101], new PublishOptions(PublishClass.Command)).AsTask(), "dropped");
        Assert.Equal(PublishOutcome.Dropped, result.Outcome);
        Assert.Contains("MaxPayloadBytes", result.Detail, StringComparison.Ordinal);
        Assert.Equal((2, 2), (link.Counters.Posted, link.Counters.Dropped));
        Assert.Equal(PublishOutcome.Sent, link.Post(LinkTopic.Parse("t/x"), new byte[100], new PublishOptions(PublishClass.State)));
    }

    [SkippableFact]
    public void Receive_LargerThanAllowed_IsCountedAndTheLinkLives()
    {
        using var site = CreateSite();
        IMqttLink small = site.Create(LinkSite.Options("small") with { MaxPayloadBytes = 100 }), b = site.Up("b");
        small.Subscribe(LinkFilter.Parse("t/#"), Commands);
        site.Finish(small.StartAsync(), "up");
        var read = new LinkReader(small);
        b.Post(LinkTopic.Parse("t/large"), new byte[101], new PublishOptions(PublishClass.Command));
        b.Post(LinkTopic.Parse("t/end"), "x"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => read.Has("t/end", "x"), "the last message arrives");
        Assert.Empty(read.Texts("t/large"));
        Assert.Equal((1, 1), (small.Counters.Malformed, small.Counters.Received));
    }

    [SkippableFact]
    public void Arrived_ThatThrows_HurtsNobody()
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        a.Subscribe(LinkFilter.Parse("t/x"), Commands);
        a.Inbox.Arrived += () => throw new InvalidOperationException("a listener's fault");
        site.Finish(a.StartAsync(), "a is up");
        var read = new LinkReader(a);
        for (int i = 0; i < 3; i++) b.Post(LinkTopic.Parse("t/x"), Encoding.UTF8.GetBytes($"{i}"), new PublishOptions(PublishClass.Command));
        site.Await(() => read.Seen.Count == 3, "all arrive");
        Assert.Equal((LinkState.Up, 1), (a.Status.State, a.Status.Connections));
    }

    [SkippableFact]
    public void Stop_Twice_AndPostAfterwards_AreHarmless()
    {
        using var site = CreateSite();
        var link = site.Up("a");
        site.Finish(link.StopAsync(graceful: true), "stopped");
        site.Finish(link.StopAsync(graceful: false), "stopped again");
        site.Finish(link.DisposeAsync().AsTask(), "disposed");
        site.Finish(link.DisposeAsync().AsTask(), "disposed again");
        Assert.Equal(LinkState.Stopped, link.Status.State);
        Assert.Equal(PublishOutcome.Dropped, link.Post(LinkTopic.Parse("t/x"), "x"u8, new PublishOptions(PublishClass.Command)));
        Assert.Equal(1, link.Counters.Dropped);
    }
}
