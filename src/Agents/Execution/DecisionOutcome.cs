namespace EdgeAutonomy.Agents;

/// <summary>What came of one decision.</summary>
/// <param name="Approved">What may be carried out; null means stop safely.</param>
/// <param name="Record">The whole story.</param>
public readonly record struct DecisionOutcome(ApprovedCall? Approved, DecisionRecord Record);
