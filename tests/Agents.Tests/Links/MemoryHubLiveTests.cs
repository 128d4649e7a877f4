using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>The hub as the broker of a fleet in one process, in real time or what stands for it.</summary>
public class MemoryHubLiveTests
{
    [Fact]
    public void Post_Live_ArrivesBeforeTheCallReturns()
    {
        using var hub = MemoryHub.StartLive(new LiveTime().Provider);
        var (a, b) = (Join(hub, "a"), Join(hub, "b"));
        Assert.Equal(LinkState.Up, a.Status.State);
        bool told = false;
        b.Inbox.Arrived += () => told = true;
        Site.Post(a, "t", "x");
        Assert.True(told);
        Assert.Equal(["t=x"], Site.Got(b));
        Assert.Equal(1, a.Counters.Acknowledged);
    }

    [Fact]
    public void Will_Live_IsSentByTheTimer()
    {
        var time = new LiveTime();
        using var hub = MemoryHub.StartLive(time.Provider);
        var b = Join(hub, "b");
        var a = hub.CreateLink(Site.Options("a") with { Will = () => new WillMessage(LinkTopic.Parse("t"), "BROKEN"u8.ToArray(), 2) });
        _ = a.StartAsync();
        _ = a.StopAsync(graceful: false);
        time.Advance(1.9);
        Assert.Empty(Site.Got(b));
        time.Advance(0.2);
        Assert.Equal(["t=BROKEN"], Site.Got(b));
    }

    [Fact]
    public void Apply_Live_FaultsHappenInTheirTime()
    {
        var time = new LiveTime();
        using var hub = MemoryHub.StartLive(time.Provider);
        var (a, b) = (Join(hub, "a"), Join(hub, "b"));
        hub.Apply(new FaultPlan([
            Fault.Delayed(DelayModel.Constant(Duration.FromSeconds(1)), FaultScope.All, Stamp.FromSeconds(1), Stamp.FromSeconds(5)),
            Fault.Disconnect("b", DisconnectMode.Abrupt, Stamp.FromSeconds(10), Stamp.FromSeconds(11)),
        ]));
        time.Advance(2);
        Site.Post(a, "t", "x");
        Assert.Empty(Site.Got(b));
        time.Advance(1.1);
        Assert.Equal(["t=x"], Site.Got(b));
        time.Advance(7.5);
        Assert.NotEqual(LinkState.Up, b.Status.State);
        time.Advance(60);
        Assert.Equal((LinkState.Up, 2), (b.Status.State, b.Status.Connections));
    }

    [Fact]
    public void Post_InsideArrived_AnswersWithoutDeadlock()
    {
        using var hub = MemoryHub.StartLive(new LiveTime().Provider);
        var (a, b) = (Join(hub, "a", "reply"), Join(hub, "b"));
        b.Inbox.Arrived += () => Site.Post(b, "reply", "y");
        Site.Post(a, "t", "x");
        Assert.Equal(["reply=y"], Site.Got(a));
    }

    [Fact]
    public void Run_Live_IsRefused()
    {
        using var hub = MemoryHub.StartLive(new LiveTime().Provider);
        Assert.Contains("live", Assert.Throws<InvalidOperationException>(() => hub.RunUntil(Stamp.FromSeconds(1))).Message);
    }

    [Fact]
    public void Post_FromManyThreads_EverythingArrivesOrIsCounted()
    {
        const int threads = 4, each = 5000;
        using var hub = MemoryHub.StartLive(TimeProvider.System);
        var reader = Join(hub, "reader", "m/#");
        var links = Enumerable.Range(0, threads).Select(i => Join(hub, $"w{i}", "none")).ToArray();
        var workers = links.Select((link, i) => new Thread(() =>
        {
            for (int n = 0; n < each; n++) Site.Post(link, $"m/{i}", $"{n}", n % 2 == 0 ? PublishClass.Beacon : PublishClass.Command);
        })).ToArray();
        foreach (var worker in workers) worker.Start();
        var next = new int[threads];
        long got = 0;
        var message = new LinkMessage();
        while (Array.Exists(workers, w => w.IsAlive) || reader.Inbox.Count > 0)
        {
            reader.Inbox.Wait(TimeSpan.FromMilliseconds(10));
            while (reader.Inbox.TryTake(message))
            {
                got++;
                int i = message.Topic[2] - '0', n = int.Parse(message.Payload, System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(n >= next[i], $"Message {n} of thread {i} came after {next[i] - 1}.");
                next[i] = n + 1;
            }
        }
        Assert.Equal(threads * each, got + reader.Inbox.Dropped);
        Assert.Equal(threads * each, reader.Counters.Received);
        Assert.True(got > 0);
    }

    private static MemoryLink Join(MemoryHub hub, string id, string filter = "t")
    {
        var link = hub.CreateLink(Site.Options(id));
        link.Subscribe(LinkFilter.Parse(filter), new SubscribeOptions(InboxQueue.Commands, 1));
        _ = link.StartAsync();
        return link;
    }
}
