namespace EdgeAutonomy.Agents;

/// <summary>What became of a message, and why.</summary>
/// <param name="Outcome">What.</param>
/// <param name="ReasonCode">The MQTT 5 reason code of the broker, 0 where there is none; 135 = the broker does not let this client publish there.</param>
/// <param name="Detail">Why it was dropped or refused, one sentence; empty otherwise.</param>
public readonly record struct PublishResult(PublishOutcome Outcome, int ReasonCode, string Detail);
