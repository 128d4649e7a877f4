using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>What links did, all together.</summary>
/// <param name="Sent">Messages that went out.</param>
/// <param name="Received">Messages that arrived.</param>
/// <param name="Dropped">Messages that never went out, or did not fit where they arrived.</param>
/// <param name="Unknown">Messages that may or may not have arrived.</param>
/// <param name="Connections">Connections.</param>
public sealed record LinkRow(long Sent, long Received, long Dropped, long Unknown, long Connections)
{
    /// <summary>Adds counters up.</summary>
    public static LinkRow Of(IEnumerable<LinkCounters> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var sum = new LinkRow(0, 0, 0, 0, 0);
        foreach (var c in counters)
            sum = new LinkRow(sum.Sent + c.Sent + c.Acknowledged, sum.Received + c.Received, sum.Dropped + c.Dropped + c.ReceivedDropped, sum.Unknown + c.Unknown, sum.Connections + c.Connections);
        return sum;
    }
}
