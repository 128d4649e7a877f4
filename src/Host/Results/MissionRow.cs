using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>What one mission of a run came to.</summary>
/// <param name="Name">The mission's name: family, size, seed.</param>
/// <param name="Outcome">How it ended; cancelled where the run's time was over first.</param>
/// <param name="Steps">Commands carried out.</param>
/// <param name="Seconds">Simulated seconds from its first decision to its end.</param>
/// <param name="Decisions">Decisions made, safe stops included.</param>
/// <param name="Fallbacks">Decisions that another source than the first in line made.</param>
/// <param name="NotCarriedOut">Commands that the robot did not carry out.</param>
/// <param name="Detail">Why it ended, in a sentence; empty where it ended by its own rules.</param>
public sealed record MissionRow(string Name, MissionOutcome Outcome, int Steps, double Seconds, int Decisions, int Fallbacks, int NotCarriedOut, string Detail);
