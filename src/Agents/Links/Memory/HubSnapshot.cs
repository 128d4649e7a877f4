namespace EdgeAutonomy.Agents;

/// <summary>What a broker writes to its disk: kept messages, and the sessions that outlive a connection. Owns one count of every message in it.</summary>
internal sealed class HubSnapshot
{
    public List<HubMessage> Retained { get; } = [];

    public List<(HubClient Client, HubSubscription[] Subscriptions, HubWaiting[] Waiting, long ExpiryNs)> Sessions { get; } = [];

    /// <summary>Gives all messages back.</summary>
    public void Release()
    {
        foreach (var message in Retained) message.Release();
        foreach (var session in Sessions)
        {
            foreach (var waiting in session.Waiting) waiting.Message.Release();
        }
        Retained.Clear();
        Sessions.Clear();
    }
}
