namespace EdgeAutonomy.Agents;

/// <summary>Who is asked for a decision, in order. Behind them always stand the mission's own planner and the safe stop.</summary>
/// <param name="Main">Asked first: a language model or a trained policy; null where the planner drives.</param>
/// <param name="Compact">Asked when the first gives nothing; null for none.</param>
public sealed record PolicyLine(IAgentPolicy? Main, IAgentPolicy? Compact = null)
{
    /// <summary>Gets the line without any policy: the planner drives.</summary>
    public static PolicyLine PlannerOnly { get; } = new(null, null);
}
