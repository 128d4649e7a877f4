namespace EdgeAutonomy.Runtime;

/// <summary>Multiplies two computed matrices; the right one is packed anew in every run.</summary>
internal sealed class ProductStep(int inner, int columns, int rowStride, int columnStride, float[] bias, Slot panels, int rows, Slot a, Slot b, Slot to) : ManagedStep
{
    private readonly AlignedBuffer _bias = Padded(bias, columns);

    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        Span<float> x = a.In(memory), y = to.In(memory), packed = panels.In(memory);
        PackedMatrix.Pack(b.In(memory), inner, columns, rowStride, columnStride, packed);
        for (int i = 0; i < rows; i++) PackedMatrix.Multiply(x.Slice(i * inner, inner), ref packed[0], inner, columns, ref _bias.First, y.Slice(i * columns, columns));
    }

    private static AlignedBuffer Padded(ReadOnlySpan<float> bias, int columns)
    {
        var padded = new AlignedBuffer(PanelKernel.Padded(columns));
        bias.CopyTo(padded.Span);
        return padded;
    }
}
