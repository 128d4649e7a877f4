using System.Buffers;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A policy with injected faults.</summary>
internal sealed class FaultyPolicy<TPercept, TAction>(IPolicy<TPercept, TAction> inner, FaultPlan plan) : IPolicy<TPercept, TAction>, IFreezable, IPayload
    where TAction : unmanaged
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public StageReplay Replay => inner.Replay;

    /// <inheritdoc/>
    public void Start() => inner.Start();

    /// <inheritdoc/>
    public StageStatus Decide(in TPercept percept, ref Decision<TAction> decision, in CycleContext context)
    {
        if (plan.Play(context) is { } faulty) return faulty;
        var status = inner.Decide(percept, ref decision, context);
        // The lowest bits of the action's first number: far too little to see, enough to differ.
        MemoryMarshal.AsBytes(new Span<TAction>(ref decision.Action))[0] ^= plan.Chance(context);
        return status;
    }

    /// <inheritdoc/>
    public void Stop() => inner.Stop();

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => (inner as IFreezable)?.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => (inner as IFreezable)?.Thaw(state);

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher) => (inner as IPayload)?.AddTo(ref hasher);
}
