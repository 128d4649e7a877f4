using System.Text;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Tests;

/// <summary>What every adapter of <see cref="IMqttLink"/> keeps when connections break: wills, births, renewals, the fate of messages.</summary>
public abstract class LinkLossConformance
{
    private static readonly SubscribeOptions Commands = new(InboxQueue.Commands, 1);

    /// <summary>Makes a fresh site; skips the test with a reason where it cannot.</summary>
    protected abstract LinkSite CreateSite();

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stop_GracefulOrNot_DecidesAboutWillAndFarewell(bool graceful)
    {
        using var site = CreateSite();
        var watcher = Watcher(site, "t/#");
        var read = new LinkReader(watcher);
        var robot = site.Up(LinkSite.Options("robot") with
        {
            Will = () => new WillMessage(LinkTopic.Parse("t/status"), "broken"u8.ToArray(), 0),
            Farewell = () => (LinkTopic.Parse("t/status"), "offline"u8.ToArray(), new PublishOptions(PublishClass.State, Retain: true)),
        });
        robot.Post(LinkTopic.Parse("t/last"), "x"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => robot.Counters.Acknowledged == 1, "acknowledged");
        site.Finish(robot.StopAsync(graceful), "stopped");
        site.Await(() => read.Texts("t/status").Length > 0, "the end is seen");
        site.Finish(watcher.PublishAsync(LinkTopic.Parse("t/settle"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask(), "a round trip later");
        Assert.Equal([graceful ? "offline" : "broken"], read.Texts("t/status"));
    }

    [SkippableFact]
    public void Cut_ComesBackWithFreshWillBirthSubscriptionsAndStates()
    {
        using var site = CreateSite();
        var watcher = Watcher(site, "t/status", "t/state");
        var read = new LinkReader(watcher);
        int wills = 0, births = 0;
        var robot = site.Create(LinkSite.Options("robot") with
        {
            Will = () => new WillMessage(LinkTopic.Parse("t/status"), Encoding.UTF8.GetBytes($"broken {++wills}"), 0),
            Birth = () => (LinkTopic.Parse("t/status"), Encoding.UTF8.GetBytes($"online {++births}"), new PublishOptions(PublishClass.State, Retain: true)),
        });
        robot.Subscribe(LinkFilter.Parse("t/order"), Commands);
        site.Finish(robot.StartAsync(), "up");
        var orders = new LinkReader(robot);
        robot.Post(LinkTopic.Parse("t/state"), "old"u8, new PublishOptions(PublishClass.State));
        robot.Post(LinkTopic.Parse("t/state"), "new"u8, new PublishOptions(PublishClass.State));
        site.Await(() => read.Has("t/state", "new"), "the state arrives");
        int before = read.Texts("t/state").Length;

        site.Cut(robot);
        site.Await(() => robot.Status is { State: LinkState.Up, Connections: 2 }, "up again");
        site.Await(() => read.Texts("t/state").Length > before, "the state comes again");
        watcher.Post(LinkTopic.Parse("t/order"), "go"u8, new PublishOptions(PublishClass.Command));
        site.Await(() => orders.Has("t/order", "go"), "the subscription was renewed");
        site.Cut(robot);
        site.Await(() => read.Has("t/status", $"online {births}") && births >= 3, "up a third time");

        Assert.Equal("new", read.Texts("t/state")[^1]);
        string[] statuses = read.Texts("t/status");
        // Every connection left its own will, and every birth came after it.
        Assert.Contains("broken 1", statuses);
        Assert.Contains("online 2", statuses);
        Assert.True(Array.IndexOf(statuses, "online 1") < Array.IndexOf(statuses, "broken 1"));
        Assert.True(wills > 2);
        // The repetition is no new message.
        Assert.Equal(2, robot.Counters.Posted);
        Consistent(robot.Counters);
    }

    [SkippableFact]
    public void Cut_WithASessionThatIsKept_LosesNoCommandForIt()
    {
        using var site = CreateSite();
        var robot = site.Create(LinkSite.Options("robot") with { CleanStart = false, SessionExpirySeconds = 300 });
        robot.Subscribe(LinkFilter.Parse("t/task"), Commands);
        site.Finish(robot.StartAsync(), "up");
        var read = new LinkReader(robot);
        var sender = site.Up("sender");
        site.Block(robot);
        site.Await(() => robot.Status.State != LinkState.Up, "the loss is noticed");
        var result = site.Finish(sender.PublishAsync(LinkTopic.Parse("t/task"), "while away"u8.ToArray(), new PublishOptions(PublishClass.Command)).AsTask(), "acknowledged");
        Assert.Equal(PublishOutcome.Acknowledged, result.Outcome);
        site.Unblock(robot);
        site.Await(() => read.Has("t/task", "while away"), "what came while away arrives");
        site.Await(() => robot.Status.State == LinkState.Up, "up again");
        Assert.True(robot.Status.SessionPresent);
        Assert.Single(read.Seen);
    }

    [SkippableFact]
    public void Start_WithoutABroker_WaitsForItAndQueues()
    {
        using var site = CreateSite();
        var link = site.Create(LinkSite.Options("early") with { CommandQueue = 4 });
        site.Block(link);
        var watcher = Watcher(site, "t/#");
        var read = new LinkReader(watcher);
        var start = link.StartAsync();
        site.Await(() => link.Status.State == LinkState.Down, "the first attempt failed");
        Assert.False(start.IsCompleted);
        Assert.NotEmpty(link.Status.Reason);
        Assert.Equal(PublishOutcome.Dropped, link.Post(LinkTopic.Parse("t/beacon"), "x"u8, new PublishOptions(PublishClass.Beacon)));
        var outcomes = Enumerable.Range(0, 6).Select(i => link.Post(LinkTopic.Parse("t/n"), Encoding.UTF8.GetBytes($"{i}"), new PublishOptions(PublishClass.Command, ExpirySeconds: 60))).ToArray();
        Assert.Equal([.. Enumerable.Repeat(PublishOutcome.Sent, 4), PublishOutcome.Dropped, PublishOutcome.Dropped], outcomes);
        foreach (string state in (string[])["old", "new"]) link.Post(LinkTopic.Parse("t/state"), Encoding.UTF8.GetBytes(state), new PublishOptions(PublishClass.State));
        site.Unblock(link);
        Assert.Equal(LinkState.Up, site.Finish(start, "up").State);
        site.Await(() => read.Texts("t/n").Length == 4 && read.Has("t/state", "new"), "what waited arrives");
        Assert.Equal(["0", "1", "2", "3"], read.Texts("t/n"));
        Assert.Equal(["new"], read.Texts("t/state"));
        site.Await(() => link.Counters.Acknowledged == 5, "all are acknowledged");
        Assert.Equal((9, 3, 1), (link.Counters.Posted, link.Counters.Dropped, link.Counters.Replaced));
    }

    [SkippableFact]
    public void Publish_PastItsDeadlineWhileDown_IsDropped()
    {
        using var site = CreateSite();
        var link = site.Create(LinkSite.Options("a"));
        site.Block(link);
        _ = link.StartAsync();
        var result = site.Finish(link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, ExpirySeconds: 1)).AsTask(), "its deadline");
        Assert.Equal(PublishOutcome.Dropped, result.Outcome);
        Assert.Contains("deadline", result.Detail, StringComparison.Ordinal);
        Consistent(link.Counters);
    }

    [SkippableFact]
    public void Publish_LostWithTheConnection_IsUnknown()
    {
        using var site = CreateSite();
        var link = site.Up("a");
        site.Stall(link);
        var waiting = link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, ExpirySeconds: 60)).AsTask();
        for (int i = 0; i < 30; i++) link.Post(LinkTopic.Parse("t/y"), "x"u8, new PublishOptions(PublishClass.Command, ExpirySeconds: 60));
        site.Cut(link);
        var result = site.Finish(waiting, "its fate");
        Assert.Equal(PublishOutcome.Unknown, result.Outcome);
        site.Await(() => link.Counters is { Acknowledged: var a, Unknown: var u } && a + u == 31, "the rest goes out afterwards");
        // No more than the window was on its way.
        Assert.InRange(link.Counters.Unknown, 1, 20);
        Consistent(link.Counters);
    }

    [SkippableFact]
    public void Publish_WithoutAnAnswer_IsUnknownAtItsDeadline()
    {
        using var site = CreateSite();
        var link = site.Up(LinkSite.Options("a") with { KeepAliveSeconds = 60 });
        site.Stall(link);
        var result = site.Finish(link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, ExpirySeconds: 1)).AsTask(), "its deadline");
        Assert.Equal(PublishOutcome.Unknown, result.Outcome);
        Assert.Equal((LinkState.Up, 1), (link.Status.State, link.Counters.Unknown));
    }

    [SkippableFact]
    public void Cancel_OfWaiting_LeavesLinkAndMessageAlone()
    {
        using var site = CreateSite();
        var link = site.Create(LinkSite.Options("a"));
        site.Block(link);
        using var cancel = new CancellationTokenSource();
        var start = link.StartAsync(cancel.Token);
        var publish = link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, ExpirySeconds: 60), cancel.Token).AsTask();
        cancel.Cancel();
        site.Await(() => start.IsCompleted, "the waiting ends");
        Assert.True(start.IsCanceled);
        Assert.Equal(PublishOutcome.Unknown, site.Finish(publish, "the waiting ends").Outcome);
        site.Unblock(link);
        site.Await(() => link.Counters.Acknowledged == 1, "the message goes out all the same");
    }

    [SkippableFact]
    public void TwoClients_OfOneName_AreNamedAsSuch()
    {
        using var site = CreateSite();
        IMqttLink a = site.Up("twin"), b = site.Create(LinkSite.Options("twin") with { Seed = 8 });
        _ = b.StartAsync();
        site.Await(() => Fights(a) || Fights(b), "one of them says so");

        static bool Fights(IMqttLink link) => link.Status is { State: LinkState.Refused, Reason: var reason } && reason.Contains("another client used the name 'twin'", StringComparison.Ordinal);
    }

    [SkippableFact]
    public void KillBroker_AndStartIt_BringsAllBack()
    {
        using var site = CreateSite();
        IMqttLink a = site.Create(LinkSite.Options("a")), b = site.Up("b");
        a.Subscribe(LinkFilter.Parse("t/x"), Commands);
        site.Finish(a.StartAsync(), "up");
        var read = new LinkReader(a);
        for (int round = 1; round <= 2; round++)
        {
            site.KillBroker();
            site.Await(() => a.Status.State != LinkState.Up && b.Status.State != LinkState.Up, "the loss is noticed");
            b.Post(LinkTopic.Parse("t/x"), Encoding.UTF8.GetBytes($"{round}"), new PublishOptions(PublishClass.State));
            site.StartBroker();
            string text = $"{round}";
            site.Await(() => read.Has("t/x", text) || Again(b, text), "the latest state arrives");
        }
        Consistent(b.Counters);

        // Whoever is back first sends into the void; a state is sent after each of the sender's connections, so the test does what a robot's heartbeat would.
        bool Again(IMqttLink link, string text)
        {
            if (a.Status.State == LinkState.Up && link.Status.State == LinkState.Up) link.Post(LinkTopic.Parse("t/x"), Encoding.UTF8.GetBytes(text), new PublishOptions(PublishClass.State));
            return false;
        }
    }

    [SkippableFact]
    public void Soak_WithCuts_LosesNoStateAndAccountsForEverything()
    {
        using var site = CreateSite();
        const int Links = 4, Rounds = 60;
        var watcher = Watcher(site, "t/#");
        var read = new LinkReader(watcher);
        var links = Enumerable.Range(0, Links).Select(i => site.Up(LinkSite.Options($"robot{i}") with { Seed = (ulong)i })).ToArray();
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Links; i++)
            {
                byte[] text = Encoding.UTF8.GetBytes($"{round}");
                links[i].Post(LinkTopic.Parse($"t/state/{i}"), text, new PublishOptions(PublishClass.State));
                links[i].Post(LinkTopic.Parse($"t/command/{i}"), text, new PublishOptions(PublishClass.Command, ExpirySeconds: 60));
                links[i].Post(LinkTopic.Parse($"t/beacon/{i}"), text, new PublishOptions(PublishClass.Beacon));
            }
            if (round % 10 == 5) site.Cut(links[round / 10 % Links]);
            site.Pass(TimeSpan.FromMilliseconds(10));
        }
        for (int i = 0; i < Links; i++)
        {
            int n = i;
            site.Await(() => read.Texts($"t/state/{n}") is [.., var last] && last == $"{Rounds - 1}", $"the last state of {n} arrives");
            site.Await(() => Settled(links[n].Counters), $"all of {n} is accounted for");
        }

        static bool Settled(LinkCounters c) => c.Posted == c.Sent + c.Acknowledged + c.Refused + c.Replaced + c.Dropped + c.Unknown;
    }

    [SkippableFact]
    public void CreateAndDispose_ManyTimes_LeavesNothingBehind()
    {
        using var site = CreateSite();
        int before = 0;
        for (int i = 0; i < site.Cycles; i++)
        {
            var link = site.Up("again");
            site.Finish(link.DisposeAsync().AsTask(), "disposed");
            site.Forget(link);
            if (i == site.Cycles / 2) before = Handles();
        }
        // The runtime's own handles come and go; ours would be half of the cycles.
        Assert.True(Handles() - before < site.Cycles / 8, $"{before} open files after half of {site.Cycles} cycles, {Handles()} after all");

        static int Handles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
    }

    private static IMqttLink Watcher(LinkSite site, params string[] filters)
    {
        var watcher = site.Create(LinkSite.Options("watcher"));
        foreach (string filter in filters) watcher.Subscribe(LinkFilter.Parse(filter), Commands);
        site.Finish(watcher.StartAsync(), "the watcher is up");
        return watcher;
    }

    private static void Consistent(LinkCounters c) => Assert.InRange(c.Sent + c.Acknowledged + c.Refused + c.Replaced + c.Dropped + c.Unknown, 0, c.Posted);
}
