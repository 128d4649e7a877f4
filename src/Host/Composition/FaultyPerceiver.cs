using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A perceiver with injected faults.</summary>
internal sealed class FaultyPerceiver<TSample, TPercept>(IPerceiver<TSample, TPercept> inner, FaultPlan plan) : IPerceiver<TSample, TPercept>
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public StageStatus Perceive(in TSample sample, ref TPercept percept, in CycleContext context) =>
        plan.Play(context) ?? inner.Perceive(sample, ref percept, context);

    /// <inheritdoc/>
    public void Stop() => inner.Stop();
}
