namespace EdgeAutonomy.Agents;

/// <summary>A message of quality 1 that waits at the hub for a client, or is on its way there. Owns one count of the message.</summary>
internal readonly record struct HubWaiting(HubMessage Message, HubSubscription Subscription, bool Retained);
