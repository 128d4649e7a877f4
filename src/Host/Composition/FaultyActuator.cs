using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>An actuator with injected faults; making it safe always works, as it must on a device.</summary>
internal sealed class FaultyActuator<TAction>(IActuator<TAction> inner, FaultPlan plan) : IActuator<TAction>
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public StageReplay Replay => inner.Replay;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public StageStatus Act(in TAction action, in CycleContext context) => plan.Play(context) ?? inner.Act(action, context);

    /// <inheritdoc/>
    public void MakeSafe() => inner.MakeSafe();

    /// <inheritdoc/>
    public void Stop() => inner.Stop();
}
