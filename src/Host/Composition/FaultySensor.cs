using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A sensor with injected faults.</summary>
internal sealed class FaultySensor<TSample>(ISensor<TSample> inner, FaultPlan plan) : ISensor<TSample>
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public StageReplay Replay => inner.Replay;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public StageStatus Sense(in SensingRequest request, ref TSample sample, ref SensorReport report, in CycleContext context) =>
        plan.Play(context) ?? inner.Sense(request, ref sample, ref report, context);

    /// <inheritdoc/>
    public void Stop() => inner.Stop();
}
