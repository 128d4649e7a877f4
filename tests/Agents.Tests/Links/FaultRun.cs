using System.Globalization;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>A small fleet under a plan, everything that was sent and everything that arrived.</summary>
internal sealed class FaultRun
{
    private readonly string[] _ids;
    private readonly MemoryLink[] _links;
    private readonly List<(string Topic, int Number)>[] _got;
    private readonly Dictionary<string, int> _latestState = [];
    private readonly Dictionary<string, List<int>> _commands = [];
    private readonly LinkMessage _message = new();

    public FaultRun(ulong seed, FaultPlan plan, string[] ids)
    {
        _ids = ids;
        Hub = new MemoryHub(seed);
        _got = [.. ids.Select(_ => new List<(string, int)>())];
        _links = [.. ids.Select((id, i) => Hub.CreateLink(
            Site.Options(id) with
            {
                // Both kinds of session take part.
                CleanStart = i % 2 == 0,
                SessionExpirySeconds = i % 2 == 0 ? 0 : 60,
                Will = () => new WillMessage(LinkTopic.Parse($"w/{id}"), "-1"u8.ToArray(), i),
            },
            Hub.CreateClock(Duration.FromSeconds(1000 * i), driftPpb: 500_000 * (i - 2))))];
        foreach (var link in _links)
        {
            link.Subscribe(LinkFilter.Parse("s/+"), new SubscribeOptions(InboxQueue.Latest, 1));
            link.Subscribe(LinkFilter.Parse("c/+"), new SubscribeOptions(InboxQueue.Commands, 1));
            link.Subscribe(LinkFilter.Parse("b/+"), new SubscribeOptions(InboxQueue.Bulk, 0));
            _ = link.StartAsync();
        }
        Hub.Apply(plan);
        Hub.RunUntil(Stamp.FromSeconds(0.05));
    }

    public MemoryHub Hub { get; }

    public ulong Hash => Hub.TraceHash;

    public void Post(int robot, PublishClass type, string number)
    {
        string topic = $"{(type == PublishClass.State ? "s" : type == PublishClass.Command ? "c" : "b")}/{_ids[robot]}";
        var outcome = Site.Post(_links[robot], topic, number, type, retain: type == PublishClass.State);
        int n = int.Parse(number, CultureInfo.InvariantCulture);
        if (type == PublishClass.State) _latestState[topic] = n;
        if (type == PublishClass.Command && outcome == PublishOutcome.Sent) (_commands.TryGetValue(topic, out var sent) ? sent : _commands[topic] = []).Add(n);
    }

    public void RunUntil(Stamp end)
    {
        Hub.RunUntil(end);
        while (Hub.TakeArrived(out var link))
        {
            var got = _got[Array.IndexOf(_links, link)];
            while (link.Inbox.TryTake(_message))
            {
                // Damaged payloads are no numbers; those that are by chance do no harm below.
                int number = int.TryParse(Encoding.UTF8.GetString(_message.Payload), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1;
                got.Add((Encoding.UTF8.GetString(_message.Topic), number));
            }
        }
    }

    /// <summary>Checks what must hold at the end, long after the last fault.</summary>
    public void Verify(bool legal)
    {
        foreach (var link in _links)
        {
            Assert.Equal(LinkState.Up, link.Status.State);
            var c = link.Counters;
            Assert.Equal(c.Posted, c.Sent + c.Acknowledged + c.Refused + c.Replaced + c.Dropped + c.Unknown);
            Assert.Equal(0, link.Inbox.Count);
            Assert.Equal((0, 0, 0, 0), (link.Client.InFlight.Count, link.Client.Queue.Count, link.Client.HeldUp.Count, link.Client.HeldDown.Count));
        }
        if (legal) VerifyLegal();
        // Nothing leaks: once everybody has left only the kept messages stay.
        foreach (var link in _links) _ = link.StopAsync(graceful: true);
        Assert.True(Hub.RunUntilQuiescent(Hub.Now + Duration.FromSeconds(1000)));
        Assert.Equal(Hub.Topics.All.Count(t => t.Retained is not null), Hub.MessagesHeld);
    }

    private void VerifyLegal()
    {
        for (int i = 0; i < _links.Length; i++)
        {
            Assert.Equal(1, _links[i].Status.Connections);
            foreach (var (topic, sent) in _commands)
            {
                if (topic == $"c/{_ids[i]}") continue;
                // Quality 1 on one healthy broker: all of it, once, in order.
                Assert.Equal(sent, _got[i].Where(g => g.Topic == topic).Select(g => g.Number));
            }
            foreach (var (topic, latest) in _latestState)
            {
                if (topic != $"s/{_ids[i]}") Assert.Equal(latest, _got[i].Last(g => g.Topic == topic).Number);
            }
        }
    }
}
