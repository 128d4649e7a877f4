namespace EdgeAutonomy.Agents;

/// <summary>What a link did so far. For quality 1: <c>Posted = Acknowledged + Refused + Dropped + Unknown + on their way</c>.</summary>
/// <param name="Posted">Messages handed over by <see cref="IMqttLink.Post"/> and <see cref="IMqttLink.PublishAsync"/>.</param>
/// <param name="Sent">Messages of quality 0 that went out.</param>
/// <param name="Acknowledged">Messages of quality 1 that the broker took.</param>
/// <param name="Refused">Messages that the broker refused.</param>
/// <param name="Replaced">Messages that a newer one of the same topic replaced before they went out.</param>
/// <param name="Dropped">Messages that never went out: queue full, link down, expired, too large.</param>
/// <param name="Unknown">Messages that may or may not have arrived: the link went down before the broker's word.</param>
/// <param name="Received">Messages that arrived.</param>
/// <param name="ReceivedDropped">Messages that arrived and did not fit into the inbox.</param>
/// <param name="Malformed">Messages that arrived and broke a limit.</param>
/// <param name="Connections">Times the link was up.</param>
/// <param name="SubscriptionsRefused">Subscriptions that the broker refused; <see cref="LinkStatus.Reason"/> says which.</param>
public readonly record struct LinkCounters(
    long Posted, long Sent, long Acknowledged, long Refused, long Replaced, long Dropped, long Unknown, long Received, long ReceivedDropped, long Malformed, long Connections,
    long SubscriptionsRefused = 0);
