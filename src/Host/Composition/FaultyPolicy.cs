using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A policy with injected faults.</summary>
internal sealed class FaultyPolicy<TPercept, TAction>(IPolicy<TPercept, TAction> inner, FaultPlan plan) : IPolicy<TPercept, TAction>
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public StageStatus Decide(in TPercept percept, ref Decision<TAction> decision, in CycleContext context) =>
        plan.Play(context) ?? inner.Decide(percept, ref decision, context);

    /// <inheritdoc/>
    public void Stop() => inner.Stop();
}
