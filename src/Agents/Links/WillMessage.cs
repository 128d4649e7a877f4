namespace EdgeAutonomy.Agents;

/// <summary>What a broker tells the others when a link is lost. Retained, quality 1.</summary>
/// <param name="Topic">Where.</param>
/// <param name="Payload">What.</param>
/// <param name="DelaySeconds">How long it waits for the link to come back first.</param>
public sealed record WillMessage(LinkTopic Topic, byte[] Payload, int DelaySeconds = 2);
