namespace EdgeAutonomy.Agents;

/// <summary>One filter of one client at the hub.</summary>
internal sealed class HubSubscription(HubClient client, LinkFilter filter, InboxQueue queue, int qos, bool noLocal, bool retainAsPublished, RetainHandling handling)
{
    public HubClient Client { get; } = client;

    public LinkFilter Filter { get; } = filter;

    public string? Share { get; } = filter.Share;

    public InboxQueue Queue { get; } = queue;

    public int Qos { get; } = qos;

    public bool NoLocal { get; } = noLocal;

    public bool RetainAsPublished { get; } = retainAsPublished;

    public RetainHandling Handling { get; } = handling;

    /// <summary>Gets the topics that lead here, so that ending it touches only these.</summary>
    public List<HubTopic> Topics { get; } = [];
}
