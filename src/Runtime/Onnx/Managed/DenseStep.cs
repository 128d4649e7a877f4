namespace EdgeAutonomy.Runtime;

/// <summary>Multiplies rows with a constant matrix and adds its bias.</summary>
internal sealed class DenseStep(PackedMatrix matrix, int rows, Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        Span<float> x = from.In(memory), y = to.In(memory);
        for (int i = 0; i < rows; i++) matrix.Multiply(x.Slice(i * matrix.Rows, matrix.Rows), y.Slice(i * matrix.Columns, matrix.Columns));
    }
}
