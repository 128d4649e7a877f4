namespace EdgeAutonomy.Agents;

/// <summary>What deciding recorded missions again gave.</summary>
/// <param name="Decisions">How many decisions.</param>
/// <param name="Unsafe">How many that the safety envelope refuses where the incumbent's passed.</param>
/// <param name="Grounded">How many that could be carried out.</param>
/// <param name="IncumbentGrounded">How many of the incumbent's could.</param>
public sealed record ReplayFigures(int Decisions, int Unsafe, int Grounded, int IncumbentGrounded);
