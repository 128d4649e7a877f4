namespace EdgeAutonomy.Agents;

/// <summary>One result of one gate, or one operator's approval of a stage.</summary>
/// <param name="Bundle">The policy.</param>
/// <param name="Gate">The gate.</param>
/// <param name="Stage">The stage that the policy was in.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Evidence">The figures and bounds, one line.</param>
/// <param name="At">When.</param>
public sealed record GateRecord(string Bundle, Gate Gate, RolloutStage Stage, bool Passed, string Evidence, DateTimeOffset At)
{
    /// <summary>Gets whether it was judged by easier bounds than the defaults; see <see cref="GateResult.Lowered"/>.</summary>
    public bool Lowered { get; init; }
}
