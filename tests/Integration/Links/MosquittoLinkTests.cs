using System.Diagnostics;
using System.Text;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>What only libmosquitto has, and what only a real broker does.</summary>
[Trait("Clock", "Real")]
public sealed class MosquittoLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly SubscribeOptions Commands = new(InboxQueue.Commands, 1, NoLocal: false);

    [Fact]
    public void Load_WithoutTheLibrary_NamesThePackage()
    {
        var (library, fault) = MosquittoLibrary.Load(["libmosquitto-that-is-not-there.so.1"]);
        Assert.Null(library);
        Assert.Contains("libmosquitto-that-is-not-there.so.1 is not on this machine; install the Debian package libmosquitto1", fault, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Load_OfAnotherLibrary_SaysSo()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "libc.so.6 is Linux's");
        Assert.Contains("lacks a function", MosquittoLibrary.Load(["libc.so.6"]).Fault, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Filters_AgainstTheLibrary_MatchTheSame()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        var library = MosquittoLibrary.Instance!;
        var random = new RandomStream(11);
        string[] levels = ["a", "b", "", "$a", "+", "#"];
        int compared = 0, matched = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string filter = Levels(6), topic = Levels(4);
            if (filter.Length == 0 || topic.Length == 0 || filter.TrimEnd('#').Contains('#', StringComparison.Ordinal)) continue;
            var (f, t) = (LinkFilter.Parse(filter), LinkTopic.Parse(topic));
            bool ours = f.Matches(t.Utf8), theirs = library.Matches(f.Utf8Z, t.Utf8Z);
            Assert.True(ours == theirs, $"filter '{filter}', topic '{topic}': ours {ours}, libmosquitto {theirs}");
            (compared, matched) = (compared + 1, matched + (ours ? 1 : 0));
        }
        Assert.True(compared > 5_000 && matched > 500, $"{compared} compared, {matched} matched");

        string Levels(int kinds) => string.Join('/', Enumerable.Range(0, 1 + random.NextInt32(4)).Select(_ => levels[random.NextInt32(kinds)]));
    }

    [SkippableTheory]
    [InlineData(PublishClass.Beacon)]
    [InlineData(PublishClass.State)]
    [InlineData(PublishClass.Command)]
    public void PostAndReceive_InSteadyState_AllocateNothing(PublishClass kind)
    {
        using var site = MosquittoLinkConformanceTests.Site();
        var link = site.Create(LinkSite.Options("self"));
        link.Subscribe(LinkFilter.Parse("t/x"), Commands);
        var topic = LinkTopic.Parse("t/x");
        var options = new PublishOptions(kind, ExpirySeconds: 10, Correlation: 77);
        byte[] payload = new byte[200];
        var message = new LinkMessage();
        long[] arrivedAt = new long[10_000];
        int arrived = 0;
        // On the library's thread: what it had allocated so far at every arrival.
        link.Inbox.Arrived += () =>
        {
            arrivedAt[Volatile.Read(ref arrived)] = GC.GetAllocatedBytesForCurrentThread();
            Interlocked.Increment(ref arrived);
        };
        site.Finish(link.StartAsync(), "up");
        for (int i = 0; i < 500; i++) RoundTrip();
        Assert.Equal(0, Allocations.Least(5, _ =>
        {
            for (int i = 0; i < 200; i++) RoundTrip();
        }));
        // The runtime compiles anew now and then: the best stretch of 200 arrivals counts.
        Assert.Equal(0, Enumerable.Range(1, arrived / 200 - 1).Min(i => arrivedAt[200 * i + 199] - arrivedAt[200 * i]));

        void RoundTrip()
        {
            // No Assert.Equal here: it allocates.
            if (link.Post(topic, payload, options) != PublishOutcome.Sent) Assert.Fail("not sent");
            long start = Stopwatch.GetTimestamp();
            while (!link.Inbox.TryTake(message))
            {
                if (Stopwatch.GetElapsedTime(start) > Patience) Assert.Fail("no answer");
                Thread.Yield();
            }
        }
    }

    [SkippableFact]
    public void HalfClose_IsALoss()
    {
        using var site = MosquittoLinkConformanceTests.Site();
        using var proxy = new FaultProxy(site.Broker.Port);
        var link = new MosquittoLink(LinkSite.Options("half") with { Broker = new Uri($"mqtt://127.0.0.1:{proxy.Port}") });
        site.Finish(link.StartAsync(), "up");
        proxy.HalfClose();
        site.Await(() => link.Status is { State: LinkState.Up, Connections: 2 }, "up again");
        site.Finish(link.StopAsync(graceful: true), "stopped");
    }

    [SkippableFact]
    public void SlowNetwork_DelaysAndLosesNothing()
    {
        using var site = MosquittoLinkConformanceTests.Site();
        using var proxy = new FaultProxy(site.Broker.Port) { BytesPerSecond = 60_000 };
        var link = new MosquittoLink(LinkSite.Options("slow") with { Broker = new Uri($"mqtt://127.0.0.1:{proxy.Port}") });
        var watcher = site.Create(LinkSite.Options("watcher"));
        watcher.Subscribe(LinkFilter.Parse("t/#"), Commands);
        site.Finish(Task.WhenAll(link.StartAsync(), watcher.StartAsync()), "up");
        var read = new LinkReader(watcher);
        for (int i = 0; i < 60; i++) Assert.Equal(PublishOutcome.Sent, link.Post(LinkTopic.Parse("t/n"), Encoding.UTF8.GetBytes($"{i}".PadRight(1000)), new PublishOptions(PublishClass.Command, ExpirySeconds: 60)));
        site.Await(() => read.Seen.Count == 60 && link.Counters.Acknowledged == 60, "all arrive");
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}".PadRight(1000)), read.Texts("t/n"));
        site.Finish(link.StopAsync(graceful: true), "stopped");
    }

    [SkippableFact]
    public void Stop_WhileTheNetworkStalls_EndsSoon()
    {
        using var site = MosquittoLinkConformanceTests.Site();
        var link = site.Up(LinkSite.Options("stalled") with { KeepAliveSeconds = 60, Farewell = () => (LinkTopic.Parse("t/bye"), "x"u8.ToArray(), new PublishOptions(PublishClass.State)) });
        site.Stall(link);
        var clock = Stopwatch.StartNew();
        site.Finish(link.StopAsync(graceful: true), "stopped");
        // Two seconds for the farewell, half of one for the library's thread; far below the keep-alive.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"{clock.Elapsed}");
    }

    [SkippableFact]
    public void Broker_RestartedInOrder_KeepsTheSession()
    {
        Require();
        using var broker = MosquittoBroker.Open("persistence true\npersistence_location FOLDER/\n");
        using var proxy = new FaultProxy(broker.Port);
        var options = LinkSite.Options("robot") with { Broker = new Uri($"mqtt://127.0.0.1:{proxy.Port}"), CleanStart = false, SessionExpirySeconds = 300 };
        var link = new MosquittoLink(options);
        link.Subscribe(LinkFilter.Parse("t/x"), Commands);
        Assert.True(link.StartAsync().Wait(Patience));
        Assert.False(link.Status.SessionPresent);
        broker.Stop();
        Await(() => link.Status.State != LinkState.Up);
        broker.Restart();
        Await(() => link.Status.State == LinkState.Up);
        Assert.True(link.Status.SessionPresent);
        var read = new LinkReader(link);
        link.Post(LinkTopic.Parse("t/x"), "still subscribed"u8, new PublishOptions(PublishClass.Command));
        Await(() => read.Has("t/x", "still subscribed"));
        Assert.True(link.StopAsync(graceful: true).Wait(Patience));
    }

    [SkippableFact]
    public void Start_WithAWrongPassword_IsRefusedWithTheRemedy()
    {
        Require();
        // PBKDF2 of mosquitto is of no matter here: an empty password file knows nobody.
        using var broker = new MosquittoBroker((port, folder) =>
        {
            File.WriteAllText(Path.Combine(folder, "users"), "");
            return $"listener {port} 127.0.0.1\npassword_file {folder}/users\nallow_anonymous true\npersistence false\n";
        });
        string file = Path.Combine(broker.Folder, "password");
        File.WriteAllText(file, "wrong\n");
        var link = new MosquittoLink(LinkSite.Options("robot") with { Broker = broker.Address, User = "somebody", PasswordFile = file });
        var status = link.StartAsync().WaitAsync(Patience).GetAwaiter().GetResult();
        Assert.Equal(LinkState.Refused, status.State);
        Assert.Matches("13[45]", status.Reason);
        Assert.DoesNotContain("wrong", status.Reason, StringComparison.Ordinal);
        Assert.True(link.StopAsync(graceful: true).Wait(Patience));
    }

    [SkippableFact]
    public void Broker_WithoutRetainAndWithQualityZeroOnly_IsTakenAsItIs()
    {
        Require();
        using var broker = MosquittoBroker.Open("retain_available false\nmax_qos 0\n");
        var link = new MosquittoLink(LinkSite.Options("modest") with { Broker = broker.Address });
        var reports = new List<string>();
        link.Reported += reports.Add;
        link.Subscribe(LinkFilter.Parse("t/x"), Commands);
        Assert.True(link.StartAsync().Wait(Patience));
        Assert.True(link.Limits is { MaxQos: 0, RetainAvailable: false });
        var read = new LinkReader(link);
        var result = link.PublishAsync(LinkTopic.Parse("t/x"), "x"u8.ToArray(), new PublishOptions(PublishClass.Command, Retain: true)).AsTask().WaitAsync(Patience).GetAwaiter().GetResult();
        Assert.Equal(PublishOutcome.Sent, result.Outcome);
        Await(() => read.Has("t/x", "x") && link.Counters.Sent == 1);
        Await(() => reports.Count == 2);
        Assert.True(link.StopAsync(graceful: true).Wait(Patience));
    }

    [Theory]
    [InlineData("http://x", null, "a", "Broker is 'http://x")]
    [InlineData("mqtts://x", null, "a", "Tls is missing")]
    [InlineData("mqtt://x", "/ca.crt", "a", "Tls is set")]
    [InlineData("mqtt://u:p@x", null, "a", "Broker holds a user or password")]
    [InlineData("mqtt://x", null, "", "ClientId is ''")]
    public void Options_ThatBreakARule_AreRefused(string broker, string? ca, string id, string expected)
    {
        var e = Assert.Throws<ArgumentException>(() => new MosquittoLink(new LinkOptions { Broker = new Uri(broker), ClientId = id, Tls = ca is null ? null : new LinkTls(ca) }));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("u:p", e.Message, StringComparison.Ordinal);
    }

    private static void Require()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
    }

    private static void Await(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience);
            Thread.Sleep(1);
        }
    }
}
