namespace EdgeAutonomy.Agents;

/// <summary>The topics that a hub knows, in the order in which they came up. Those that nothing is on any more are forgotten when there are many.</summary>
internal sealed class HubTopics(MemoryHub hub)
{
    // Fleets make topics for tasks and votes without end; few of them live at a time.
    private const int SweepFrom = 4096;

    private readonly Dictionary<string, HubTopic> _byName = new(StringComparer.Ordinal);
    private readonly List<HubTopic> _all = [];
    private int _sweepAt = SweepFrom, _nextId;

    public List<HubTopic> All => _all;

    public HubTopic Of(string name)
    {
        if (_byName.TryGetValue(name, out var topic)) return topic;
        if (_all.Count >= _sweepAt) Sweep();
        topic = new HubTopic(name, _nextId++);
        _byName.Add(name, topic);
        _all.Add(topic);
        foreach (var client in hub.Clients)
        {
            foreach (var subscription in client.Subscriptions) HubBroker.AddRoute(topic, subscription);
        }
        return topic;
    }

    private void Sweep()
    {
        foreach (var topic in _all)
        {
            if (topic.Users == 0) _byName.Remove(topic.Text);
        }
        _all.RemoveAll(static topic => topic.Users == 0);
        foreach (var client in hub.Clients)
        {
            foreach (var subscription in client.Subscriptions) subscription.Topics.RemoveAll(static topic => topic.Users == 0);
        }
        hub.Network.Sweep();
        _sweepAt = Math.Max(SweepFrom, 2 * _all.Count);
    }
}
