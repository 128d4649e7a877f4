namespace EdgeAutonomy.Agents;

/// <summary>How topics are subscribed and what the inbox does with them.</summary>
/// <param name="Queue">The inbox's queue for them.</param>
/// <param name="Qos">The best quality wanted, 0 or 1.</param>
/// <param name="NoLocal">Whether own messages stay away.</param>
public readonly record struct SubscribeOptions(InboxQueue Queue, int Qos, bool NoLocal = true);
