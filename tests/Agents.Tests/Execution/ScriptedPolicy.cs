namespace EdgeAutonomy.Agents.Tests;

/// <summary>A policy that does what a test says.</summary>
internal sealed class ScriptedPolicy(Func<AgentContext, CancellationToken, Task<AgentDecision>> decide, string version = "scripted") : IAgentPolicy
{
    public ScriptedPolicy(Func<AgentContext, ActionCall> choose, string version = "scripted")
        : this((context, _) => Task.FromResult(Decision(choose(context), version)), version)
    {
    }

    public int Calls { get; private set; }

    public int Begins { get; private set; }

    public string Version => version;

    public static AgentDecision Decision(ActionCall call, string version = "scripted") => new(call, -0.5f, TimeSpan.Zero, DecisionSource.Policy, version, []);

    public static ActionCall Named(AgentContext context, string text) => context.Candidates.FirstOrDefault(c => c.Text == text) ?? new ActionCall("?", [], text);

    public void Begin() => Begins++;

    public ValueTask<AgentDecision> DecideAsync(AgentContext context, CancellationToken cancel)
    {
        Calls++;
        return new(decide(context, cancel));
    }
}
