namespace EdgeAutonomy.Agents;

/// <summary>How wide the three views of a mission are. A policy fits every mission of one shape and vocabulary.</summary>
/// <param name="State">Numbers that describe goal, belief and time.</param>
/// <param name="Event">Numbers that describe what the last step did and showed: what a memory is fed with.</param>
/// <param name="Candidate">Numbers that describe one command.</param>
/// <param name="Vocabulary">Names what each number means, in order; its hash is part of a policy file. Same text = same meaning.</param>
public sealed record MissionShape(int State, int Event, int Candidate, string Vocabulary);
