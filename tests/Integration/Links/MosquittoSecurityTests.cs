using System.Diagnostics;
using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>The shipped configuration and rights, on a real mosquitto, with certificates made for the test.</summary>
[Trait("Clock", "Real")]
public sealed class MosquittoSecurityTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly SubscribeOptions Commands = new(InboxQueue.Commands, 1);
    private static readonly PublishOptions Command = new(PublishClass.Command);

    private readonly List<IAsyncDisposable> _links = [];
    private TestCertificates? _authority;
    private MosquittoBroker? _broker;

    public void Dispose()
    {
        foreach (var link in _links) link.DisposeAsync().AsTask().Wait(Patience);
        _broker?.Dispose();
        _authority?.Dispose();
    }

    [SkippableTheory]
    [InlineData("ea/v1/site1/r/{0}/status")]
    [InlineData("ea/v1/site1/r/{0}/vote/task7")]
    [InlineData("ea/v1/site1/cell/3/4/{0}")]
    [InlineData("ea/v1/site1/fl/1/{0}/0")]
    [InlineData("uagv/v2/EdgeAutonomy/{0}/state")]
    [InlineData("vda5050/v3/EdgeAutonomy/{0}/state")]
    public async Task Publish_BelowOneselfAndBelowAnother_IsTakenAndRefused(string pattern)
    {
        var robot = await UpAsync("rover-1");
        Assert.Equal(PublishOutcome.Acknowledged, (await PublishAsync(robot, string.Format(CultureInfo.InvariantCulture, pattern, "rover-1"))).Outcome);
        var refused = await PublishAsync(robot, string.Format(CultureInfo.InvariantCulture, pattern, "rover-2"));
        Assert.Equal((PublishOutcome.Refused, 135), (refused.Outcome, refused.ReasonCode));
        Assert.Equal(LinkState.Up, robot.Status.State);
    }

    [SkippableTheory]
    [InlineData("uagv/v2/EdgeAutonomy/rover-1/order")]
    [InlineData("ea/v1/site1/task/7")]
    [InlineData("ea/v1/site2/r/rover-1/status")]
    [InlineData("$SYS/broker/version")]
    public async Task Publish_WhatOnlyTheFleetMaySay_IsRefused(string topic)
    {
        var robot = await UpAsync("rover-1");
        Assert.Equal(PublishOutcome.Refused, (await PublishAsync(robot, topic)).Outcome);
    }

    [SkippableFact]
    public async Task Orders_FromTheFleet_ReachTheirRobotOnly()
    {
        IMqttLink one = Link("rover-1"), two = Link("rover-2");
        foreach (var link in (IMqttLink[])[one, two])
        {
            link.Subscribe(LinkFilter.Parse("uagv/v2/EdgeAutonomy/+/order"), Commands);
            link.Subscribe(LinkFilter.Parse("ea/v1/site1/task/+"), Commands);
            Assert.Equal(LinkState.Up, (await link.StartAsync().WaitAsync(Patience)).State);
        }
        LinkReader first = new(one), second = new(two);
        var fleet = await UpAsync("fleet");
        Assert.Equal(PublishOutcome.Acknowledged, (await PublishAsync(fleet, "uagv/v2/EdgeAutonomy/rover-1/order")).Outcome);
        Assert.Equal(PublishOutcome.Acknowledged, (await PublishAsync(fleet, "ea/v1/site1/task/7")).Outcome);
        Await(() => first.Seen.Count == 2 && second.Seen.Count == 1);
        Assert.Equal("ea/v1/site1/task/7", second.Seen[0].Topic);
    }

    [SkippableFact]
    public async Task Subscribe_ToWhatTheRulesForbid_IsSaidOrSilent()
    {
        var robot = Link("rover-1");
        robot.Subscribe(LinkFilter.Parse("ea/v1/site2/#"), Commands);
        robot.Subscribe(LinkFilter.Parse("ea/v1/site1/task/+"), Commands);
        Assert.Equal(LinkState.Up, (await robot.StartAsync().WaitAsync(Patience)).State);
        // mosquitto 2.0 grants every subscription that an access file forbids and delivers nothing; one that refuses it must be heard of.
        if (robot.Counters.SubscriptionsRefused == 0) Assert.Empty(robot.Status.Reason);
        else Assert.StartsWith("Subscription 'ea/v1/site2/#': ", robot.Status.Reason, StringComparison.Ordinal);
        var read = new LinkReader(robot);
        var fleet = await UpAsync("fleet");
        Assert.Equal(PublishOutcome.Refused, (await PublishAsync(fleet, "ea/v1/site2/task/7")).Outcome);
        Assert.Equal(PublishOutcome.Acknowledged, (await PublishAsync(fleet, "ea/v1/site1/task/7")).Outcome);
        Await(() => read.Seen.Count == 1);
        Assert.Equal("ea/v1/site1/task/7", read.Seen[0].Topic);
    }

    [SkippableFact]
    public async Task Start_WithoutAClientCertificate_IsRefused() => await RefusedAsync(new LinkTls(Authority.CaFile), "client certificate", "CertificateFile");

    [SkippableFact]
    public async Task Start_WithACertificateOfAnotherAuthority_IsRefused()
    {
        using var foreign = new TestCertificates(Broker.Folder, "foreign");
        var (certificate, key) = foreign.Sign("rover-9");
        await RefusedAsync(new LinkTls(Authority.CaFile, certificate, key), "sign");
    }

    [SkippableFact]
    public async Task Start_AtABrokerOfAnotherAuthority_IsRefused()
    {
        using var foreign = new TestCertificates(Broker.Folder, "foreign");
        var (certificate, key) = Authority.Sign("rover-1");
        await RefusedAsync(new LinkTls(foreign.CaFile, certificate, key), "not signed by Tls.CaFile");
    }

    [SkippableFact]
    public void Start_AtAHostThatTheCertificateDoesNotName_IsRefused()
    {
        var (certificate, key) = Authority.Sign("rover-1");
        var link = Track(new MosquittoLink(Options("rover-1", new LinkTls(Authority.CaFile, certificate, key)) with { Broker = new Uri($"mqtts://localhost:{Broker.Port}") }));
        _ = link.StartAsync();
        Await(() => link.Status.State is LinkState.Refused or LinkState.Down);
        Assert.True(link.Status is { State: LinkState.Refused, Reason: var reason } && reason.Contains("SAN", StringComparison.Ordinal), $"{link.Status}\n{Broker.Log}");
    }

    [SkippableFact]
    public async Task Start_WithAnEncryptedKey_IsRefusedWithoutAskingForThePassword()
    {
        var (certificate, key) = Authority.Sign("rover-1", password: "secret");
        await RefusedAsync(new LinkTls(Authority.CaFile, certificate, key), "Tls");
    }

    [SkippableFact]
    public async Task Start_WithFilesThatAreNotThere_NamesThem() => await RefusedAsync(new LinkTls("/nowhere/ca.crt"), "Tls.CaFile '/nowhere/ca.crt' does not exist");

    [SkippableFact]
    public void Start_WithoutEncryption_DoesNotComeUp()
    {
        var link = Track(new MosquittoLink(new LinkOptions { Broker = new Uri($"mqtt://127.0.0.1:{Broker.Port}"), ClientId = "plain", MaxRetrySeconds = 0.2 }));
        _ = link.StartAsync();
        Await(() => link.Status.State is LinkState.Down or LinkState.Refused);
        Assert.NotEmpty(link.Status.Reason);
        Assert.Equal(0, link.Counters.Connections);
    }

    [SkippableFact]
    public async Task Publish_LargerThanTheBrokerTakes_IsDroppedHereWithTheReason()
    {
        var (certificate, key) = Authority.Sign("rover-1");
        var link = Track(new MosquittoLink(Options("rover-1", new LinkTls(Authority.CaFile, certificate, key)) with { MaxPayloadBytes = 4 << 20 }));
        Assert.Equal(LinkState.Up, (await link.StartAsync().WaitAsync(Patience)).State);
        Assert.Equal(1_048_576, link.Limits.MaxPacketBytes);
        var result = await link.PublishAsync(LinkTopic.Parse("ea/v1/site1/r/rover-1/plan"), new byte[1_048_576], Command).AsTask().WaitAsync(Patience);
        Assert.Equal(PublishOutcome.Dropped, result.Outcome);
        Assert.Contains("largest packet", result.Detail, StringComparison.Ordinal);
        Assert.Equal(LinkState.Up, link.Status.State);
    }

    [SkippableFact]
    public void TheShippedFiles_NameNoKeyAndNoPassword()
    {
        foreach (string file in Directory.GetFiles(Shipped)) Assert.DoesNotContain("PRIVATE KEY", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private static string Shipped => Path.Combine(SharedData.RepositoryRoot, "deploy", "mosquitto");

    private TestCertificates Authority => Broker is null ? throw new InvalidOperationException() : _authority!;

    private MosquittoBroker Broker => _broker ??= Start();

    private MosquittoBroker Start()
    {
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        return new MosquittoBroker((port, folder) =>
        {
            _authority ??= new TestCertificates(folder, "ca");
            var (certificate, key) = _authority.Sign("broker", ["127.0.0.1"]);
            File.Copy(Path.Combine(Shipped, "edgeautonomy.acl"), Path.Combine(folder, "edgeautonomy.acl"), overwrite: true);
            return File.ReadAllText(Path.Combine(Shipped, "edgeautonomy.conf"))
                .Replace("listener 8883", string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1"), StringComparison.Ordinal)
                .Replace("/etc/mosquitto/certs/", folder + "/", StringComparison.Ordinal)
                .Replace("/etc/mosquitto/", folder + "/", StringComparison.Ordinal);
        });
    }

    private LinkOptions Options(string id, LinkTls tls) => new() { Broker = new Uri($"mqtts://127.0.0.1:{Broker.Port}"), ClientId = id, Tls = tls, MaxRetrySeconds = 0.5 };

    private MosquittoLink Track(MosquittoLink link)
    {
        _links.Add(link);
        return link;
    }

    private MosquittoLink Link(string name)
    {
        var (certificate, key) = Authority.Sign(name);
        return Track(new MosquittoLink(Options(name, new LinkTls(Authority.CaFile, certificate, key))));
    }

    private async Task<MosquittoLink> UpAsync(string name)
    {
        var link = Link(name);
        var status = await link.StartAsync().WaitAsync(Patience);
        Assert.True(status.State == LinkState.Up, $"{status.Reason}\n{Broker.Log}");
        return link;
    }

    private async Task RefusedAsync(LinkTls tls, params string[] words)
    {
        var link = Track(new MosquittoLink(Options("rover-1", tls)));
        var status = await link.StartAsync().WaitAsync(Patience);
        Assert.Equal(LinkState.Refused, status.State);
        foreach (string word in words) Assert.Contains(word, status.Reason, StringComparison.Ordinal);
        Assert.Equal(0, link.Counters.Connections);
    }

    private static Task<PublishResult> PublishAsync(MosquittoLink link, string topic) => link.PublishAsync(LinkTopic.Parse(topic), "x"u8.ToArray(), Command).AsTask().WaitAsync(Patience);

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
