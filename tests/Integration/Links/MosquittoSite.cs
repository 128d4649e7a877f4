using System.Diagnostics;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>Links to a real mosquitto, each through a proxy of its own.</summary>
/// <param name="create">Makes the adapter under test.</param>
/// <param name="broker">The broker; ends with the site.</param>
internal sealed class MosquittoSite(Func<LinkOptions, IMqttLink> create, MosquittoBroker broker) : LinkSite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<IMqttLink, FaultProxy> _links = [];

    public MosquittoBroker Broker => broker;

    public override int Cycles => 100;

    public override IMqttLink Create(LinkOptions options)
    {
        var proxy = new FaultProxy(Broker.Port);
        var link = create(options with { Broker = new Uri($"mqtt://127.0.0.1:{proxy.Port}") });
        _links.Add(link, proxy);
        return link;
    }

    public override void Await(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, $"not within {Patience.TotalSeconds} s: {what}; {string.Join("; ", _links.Keys.Select(l => $"{l.Status} {l.Counters}"))}");
            Thread.Sleep(1);
        }
    }

    public override void Pass(TimeSpan time) => Thread.Sleep(time);

    public override void Cut(IMqttLink link) => _links[link].Cut();

    public override void Block(IMqttLink link)
    {
        _links[link].Blocked = true;
        _links[link].Cut();
    }

    public override void Unblock(IMqttLink link) => _links[link].Blocked = false;

    public override void Stall(IMqttLink link) => _links[link].Stalled = true;

    public override void Forget(IMqttLink link)
    {
        _links.Remove(link, out var proxy);
        proxy?.Dispose();
    }

    public override void KillBroker() => Broker.Kill();

    public override void StartBroker() => Broker.Restart();

    public override void Dispose()
    {
        Task.WhenAll(_links.Keys.Select(l => l.StopAsync(graceful: false))).Wait(Patience);
        foreach (var proxy in _links.Values) proxy.Dispose();
        Broker.Dispose();
    }
}
