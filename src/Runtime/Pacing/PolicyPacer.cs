using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Takes the period that the policy itself chose, and asks another pacer when it chose none.</summary>
/// <remarks>The place where a joint policy, which picks the action and its own next time step, meets the loop.</remarks>
public sealed class PolicyPacer : IPacer
{
    private readonly IPacer _fallback;

    /// <summary>Makes a pacer.</summary>
    /// <param name="fallback">Asked when the policy proposes no index, and in every cycle so that its state stays current.</param>
    public PolicyPacer(IPacer fallback) => _fallback = fallback;

    /// <inheritdoc/>
    public PeriodChoice Next(in CycleSummary last, Span<float> values)
    {
        var choice = _fallback.Next(last, values);
        return last.ProposedIndex >= 0 ? new PeriodChoice((byte)last.ProposedIndex, PeriodReason.Learned) : choice;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => _fallback.Freeze(writer);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => _fallback.Thaw(state);
}
