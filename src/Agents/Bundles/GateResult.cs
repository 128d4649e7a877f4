namespace EdgeAutonomy.Agents;

/// <summary>A gate's judgement.</summary>
/// <param name="Passed">Whether it is passed.</param>
/// <param name="Evidence">The figures and bounds, one line.</param>
public readonly record struct GateResult(bool Passed, string Evidence)
{
    /// <summary>Gets whether it was judged by bounds easier than the defaults, or rehearsed instead of measured on robots; an operator must accept that explicitly.</summary>
    public bool Lowered { get; init; }
}
