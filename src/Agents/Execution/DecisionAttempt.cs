namespace EdgeAutonomy.Agents;

/// <summary>One question to one source, and what came of it.</summary>
/// <param name="Source">Who was asked.</param>
/// <param name="PolicyVersion">Which policy.</param>
/// <param name="Failure">Why it gave nothing; <see cref="AttemptFailure.None"/> when it decided.</param>
/// <param name="Stage">The guard's stage that refused it.</param>
/// <param name="Reason">The guard's reason.</param>
/// <param name="Detail">One line: feedback of the guard or the error.</param>
/// <param name="Proposal">What was proposed; null when nothing readable came.</param>
/// <param name="Latency">How long this attempt took.</param>
/// <param name="Reply">Prompt and reply of a policy that answers in text; null for others.</param>
public sealed record DecisionAttempt(
    DecisionSource Source,
    string PolicyVersion,
    AttemptFailure Failure,
    GuardStage Stage,
    GuardReason Reason,
    string Detail,
    ActionCall? Proposal,
    TimeSpan Latency,
    TextReply? Reply);
