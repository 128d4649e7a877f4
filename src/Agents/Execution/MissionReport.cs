namespace EdgeAutonomy.Agents;

/// <summary>What a mission came to.</summary>
/// <param name="Mission">Which mission.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Limit">Steps that were allowed.</param>
/// <param name="Grounded">Steps that changed the world.</param>
/// <param name="Return">Sum of the environment's rewards.</param>
/// <param name="SafeStops">Decisions that ended in a safe stop.</param>
/// <param name="Detail">One line on why it ended; empty when by its own rules.</param>
public sealed record MissionReport(string Mission, MissionOutcome Outcome, int Steps, int Limit, int Grounded, float Return, int SafeStops, string Detail);
