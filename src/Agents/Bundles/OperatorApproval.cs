namespace EdgeAutonomy.Agents;

/// <summary>A person's word that a policy may act on robots.</summary>
/// <param name="Operator">Who; not empty.</param>
/// <param name="Bundle">For which policy.</param>
/// <param name="Stage">For which stage; for no other.</param>
/// <param name="At">When.</param>
public sealed record OperatorApproval(string Operator, string Bundle, RolloutStage Stage, DateTimeOffset At)
{
    /// <summary>Gets whether passes by lowered bounds are accepted (<see cref="GateResult.Lowered"/>).</summary>
    public bool AcceptsLowered { get; init; }
}
