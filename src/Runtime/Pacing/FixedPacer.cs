using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>Always the same period.</summary>
public sealed class FixedPacer : IPacer
{
    private readonly byte _index;

    /// <summary>Makes a pacer.</summary>
    /// <param name="index">Grid index of the period.</param>
    public FixedPacer(int index) => _index = checked((byte)index);

    /// <inheritdoc/>
    public PeriodChoice Next(in CycleSummary last, Span<float> values) => new(_index, PeriodReason.Fixed);

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) { }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state) => new StateReader(state, "Fixed pacer").End();
}
