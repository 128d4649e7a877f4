using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Links that come up at one moment: what one says first reaches the other, live or as the message that the hub kept, whichever comes first, and never neither.</summary>
public sealed class ConnectTogetherTests
{
    [Fact]
    public void Birth_OfLinksThatConnectAtOnce_ReachesAllOthersOnce() => Seeds.ForEach(1000, seed =>
    {
        var random = RandomStream.For(seed, "together");
        var hub = new MemoryHub(seed);
        var links = Enumerable.Range(0, 4).Select(i =>
        {
            var topic = LinkTopic.Parse($"r/{i}/status");
            var link = hub.CreateLink(Site.Options($"{i}") with { Birth = () => (topic, "ONLINE"u8.ToArray(), new PublishOptions(PublishClass.State, Retain: true)) });
            for (int k = random.NextInt32(6); k > 0; k--) link.Subscribe(LinkFilter.Parse($"other/{k}"), new SubscribeOptions(InboxQueue.Commands, 1));
            link.Subscribe(LinkFilter.Parse("r/+/status"), new SubscribeOptions(InboxQueue.Commands, 1));
            return link;
        }).ToArray();
        foreach (var link in links)
        {
            _ = link.StartAsync();
            // Within the time of one round trip, or at the very same instant.
            hub.RunUntil(hub.Now + new Duration(random.NextInt32(4) == 0 ? 0 : random.NextInt32(500_000)));
        }
        hub.RunUntil(hub.Now + Duration.FromSeconds(1));
        for (int i = 0; i < links.Length; i++)
        {
            string[] got = [.. Site.Got(links[i]).Select(t => t.TrimEnd('*')).Order(StringComparer.Ordinal)];
            string[] expected = [.. Enumerable.Range(0, links.Length).Where(k => k != i).Select(k => $"r/{k}/status=ONLINE")];
            if (!got.SequenceEqual(expected)) return $"link {i} got {string.Join(" ", got)}";
        }
        return null;
    });
}
