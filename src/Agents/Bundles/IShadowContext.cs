namespace EdgeAutonomy.Agents;

/// <summary>All that a policy in shadow gets: copies of what the incumbent saw and decided. There is no way from here to a mission, a guard or a body.</summary>
public interface IShadowContext
{
    /// <summary>Gets what the incumbent was asked with; a copy.</summary>
    AgentContext Context { get; }

    /// <summary>Gets what the incumbent decided; null after a safe stop.</summary>
    ActionCall? Incumbent { get; }
}
