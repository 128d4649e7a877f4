using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>Everything about one decision: what monitors watch, what an attributor learns from, what a person reads afterwards.</summary>
/// <param name="Mission">Which mission.</param>
/// <param name="Step">Steps taken before it.</param>
/// <param name="WorldVersion">The world model's version when it was asked for.</param>
/// <param name="CandidateHash">Hash of the commands on offer, by <see cref="MissionFingerprint"/>.</param>
/// <param name="StateHash">Hash of the mission's state, by <see cref="MissionFingerprint"/>.</param>
/// <param name="Call">What was approved; null after a safe stop.</param>
/// <param name="Source">Who decided.</param>
/// <param name="PolicyVersion">Which policy decided.</param>
/// <param name="LogProbability">ln of the probability it was chosen with; null where that means nothing.</param>
/// <param name="Alternatives">Other commands with their probabilities, likeliest first; empty where unknown.</param>
/// <param name="Progress">Progress attributed to the step; null without an attributor.</param>
/// <param name="Latency">Time from question to answer, all attempts included.</param>
/// <param name="Deadline">The time that was allowed.</param>
/// <param name="Attempts">Every question put, in order; the last one is the answer unless it ended in a safe stop.</param>
public sealed record DecisionRecord(
    string Mission,
    int Step,
    ulong WorldVersion,
    ulong CandidateHash,
    ulong StateHash,
    ActionCall? Call,
    DecisionSource Source,
    string PolicyVersion,
    float? LogProbability,
    IReadOnlyList<(ActionCall Call, float Probability)> Alternatives,
    float? Progress,
    TimeSpan Latency,
    TimeSpan Deadline,
    ImmutableArray<DecisionAttempt> Attempts)
{
    /// <summary>Gets whether another source than the first in line decided.</summary>
    public bool FallbackUsed { get; init; }

    /// <summary>Gets whether the first source in line was asked and did not answer in time.</summary>
    public bool MissedDeadline => Latency > Deadline || Attempts.Any(a => a.Failure == AttemptFailure.Deadline);

    /// <summary>Gets the hash of the last prompt; null where no text was asked for.</summary>
    public string? PromptHash => Attempts.LastOrDefault(a => a.Reply is not null)?.Reply?.PromptHash;

    /// <summary>Gets the language model that was asked last; null where none was.</summary>
    public string? Model => Attempts.LastOrDefault(a => a.Reply is not null)?.Reply?.Model;

    /// <summary>Gets the seed that the model was asked with; null where none was.</summary>
    public long? Seed => Attempts.LastOrDefault(a => a.Reply is not null)?.Reply?.Seed;
}
