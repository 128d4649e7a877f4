namespace EdgeAutonomy.Agents;

/// <summary>Chooses the next command of a mission: a trained policy, a planner or a language model.</summary>
/// <remarks>Called by one mission at a time; keeps whatever memory it needs between <see cref="Begin"/> and the next one.</remarks>
public interface IAgentPolicy
{
    /// <summary>Gets which policy this is, by content hash or name.</summary>
    string Version { get; }

    /// <summary>Forgets the last mission.</summary>
    void Begin();

    /// <summary>Proposes a command.</summary>
    /// <param name="context">What is known.</param>
    /// <param name="cancel">Set when the decision's deadline has passed; the answer is not waited for any longer.</param>
    ValueTask<AgentDecision> DecideAsync(AgentContext context, CancellationToken cancel);
}
