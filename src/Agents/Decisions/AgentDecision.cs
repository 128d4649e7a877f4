namespace EdgeAutonomy.Agents;

/// <summary>What an agent wants to do. A proposal: nothing is carried out before the guard has checked it.</summary>
/// <param name="Call">The command.</param>
/// <param name="LogProbability">ln of the probability it was chosen with; null where that means nothing.</param>
/// <param name="Latency">How long deciding took.</param>
/// <param name="Source">Who decided.</param>
/// <param name="PolicyVersion">Which policy, by content hash or name.</param>
/// <param name="Alternatives">The other commands considered with their probabilities, likeliest first; empty where unknown.</param>
public sealed record AgentDecision(
    ActionCall Call,
    float? LogProbability,
    TimeSpan Latency,
    DecisionSource Source,
    string PolicyVersion,
    IReadOnlyList<(ActionCall Call, float Probability)> Alternatives);
