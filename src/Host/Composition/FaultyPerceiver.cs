using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A perceiver with injected faults.</summary>
internal sealed class FaultyPerceiver<TSample, TPercept>(IPerceiver<TSample, TPercept> inner, FaultPlan plan) : IPerceiver<TSample, TPercept>, IFreezable, IPayload
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public StageReplay Replay => inner.Replay;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public StageStatus Perceive(in TSample sample, ref TPercept percept, in CycleContext context) =>
        plan.Play(context) ?? inner.Perceive(sample, ref percept, context);

    /// <inheritdoc/>
    public void Stop() => inner.Stop();

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => (inner as IFreezable)?.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => (inner as IFreezable)?.Thaw(state);

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher) => (inner as IPayload)?.AddTo(ref hasher);
}
