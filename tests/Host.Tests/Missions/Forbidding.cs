using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A policy that wants what must not be: in turn a command that cannot be carried out now, one that does not exist, and an exception.</summary>
internal sealed class Forbidding : IAgentPolicy
{
    public int Calls { get; private set; }

    public string Version => "forbidding";

    public void Begin()
    {
    }

    public ValueTask<AgentDecision> DecideAsync(AgentContext context, CancellationToken cancel)
    {
        if (++Calls % 3 == 0) throw new InvalidOperationException("no idea");
        var call = Calls % 3 == 1 ? new ActionCall("drive to", ["the moon"], "drive to the moon") : new ActionCall("report", [], "report");
        return new(new AgentDecision(call, -0.1f, TimeSpan.Zero, DecisionSource.Policy, Version, []));
    }
}
