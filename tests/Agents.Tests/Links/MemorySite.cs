using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Links to a hub in virtual time: its hours pass in a moment, and nothing in it depends on the machine.</summary>
internal sealed class MemorySite : LinkSite
{
    private static readonly Duration Patience = Duration.FromSeconds(10), Pause = Duration.FromMilliseconds(1);

    private readonly MemoryHub _hub = new(7, new MemoryHubOptions
    {
        MaySubscribe = (_, filter) => filter.StartsWith("refused/", StringComparison.Ordinal) ? MqttReasons.NotAuthorized : 0,
        May = (_, action, topic) => topic.StartsWith("t/", StringComparison.Ordinal) || (action == HubAction.Publish && topic.StartsWith("secret/", StringComparison.Ordinal)),
    });
    private readonly HashSet<HubClient> _stalled = [];

    public override int Cycles => 10_000;

    public override IMqttLink Create(LinkOptions options) => _hub.CreateLink(options);

    public override void Await(Func<bool> condition, string what)
    {
        var limit = _hub.Now + Patience;
        while (!condition())
        {
            Assert.True(_hub.Now < limit, $"not within {Patience}: {what}");
            _hub.RunUntil(_hub.Now + Pause);
        }
    }

    public override void Pass(TimeSpan time) => _hub.RunUntil(_hub.Now + new Duration(time.Ticks * 100));

    public override void Cut(IMqttLink link)
    {
        var client = ClientOf(link);
        Flow(client);
        _hub.Broker.Close(client, withWill: true, "the connection broke");
    }

    public override void Block(IMqttLink link)
    {
        ClientOf(link).Blocks++;
        Cut(link);
    }

    public override void Unblock(IMqttLink link) => ClientOf(link).Blocks--;

    public override void Stall(IMqttLink link)
    {
        var client = ClientOf(link);
        if (!_stalled.Add(client)) return;
        client.UplinkCuts++;
        client.DownlinkCuts++;
        _hub.WatchKeepAlive(client);
    }

    public override void Forget(IMqttLink link)
    {
    }

    public override void KillBroker() => _hub.GoDown(new HubSnapshot(), "the hub crashed");

    public override void StartBroker() => _hub.ComeUp();

    public override void Dispose() => _hub.Dispose();

    private static HubClient ClientOf(IMqttLink link) => ((MemoryLink)link).Client;

    private void Flow(HubClient client)
    {
        if (!_stalled.Remove(client)) return;
        client.UplinkCuts--;
        client.DownlinkCuts--;
    }
}
