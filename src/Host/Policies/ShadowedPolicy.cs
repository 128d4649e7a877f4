using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>The incumbent of a rehearsed shadow run: decides as ever, and shows each decision to the policy in shadow without waiting for it.</summary>
/// <param name="inner">The incumbent; the mission's planner when null.</param>
/// <param name="mission">The mission that it decides.</param>
/// <param name="shadow">The run.</param>
internal sealed class ShadowedPolicy(IAgentPolicy? inner, IMission mission, ShadowRun shadow) : IAgentPolicy
{
    /// <summary>Gets the last question to the policy in shadow, to be waited for at the end.</summary>
    public Task Last { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public string Version => inner?.Version ?? "planner";

    /// <inheritdoc/>
    public void Begin() => inner?.Begin();

    /// <inheritdoc/>
    public async ValueTask<AgentDecision> DecideAsync(AgentContext context, CancellationToken cancel)
    {
        var decision = inner is not null ? await inner.DecideAsync(context, cancel).ConfigureAwait(false) : Planned();
        var copy = new ShadowContext(context, decision.Call);
        Last = Task.Run(() => shadow.ObserveAsync(copy), CancellationToken.None);
        return decision;
    }

    private AgentDecision Planned()
    {
        int choice = mission.Expert();
        return choice >= 0 ? new AgentDecision(mission.Candidates[choice], null, TimeSpan.Zero, DecisionSource.Planner, Version, []) : throw new InvalidOperationException("The planner is at a loss.");
    }
}
