namespace EdgeAutonomy.Agents;

/// <summary>What one question to a policy gave: a decision, a text, or a failure.</summary>
internal readonly record struct PolicyAnswer(AgentDecision? Decision, TextReply? Reply, AttemptFailure Failure, string Detail)
{
    public static PolicyAnswer Failed(AttemptFailure failure, string detail) => new(null, null, failure, detail);
}
