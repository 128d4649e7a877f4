namespace EdgeAutonomy.Runtime;

/// <summary>Copies a value.</summary>
internal sealed class CopyStep(Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory) => from.In(memory).CopyTo(to.In(memory));
}
