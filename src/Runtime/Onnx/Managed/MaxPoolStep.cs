namespace EdgeAutonomy.Runtime;

/// <summary>Takes the greatest number of each window; NaN wins, and padding never counts.</summary>
internal sealed class MaxPoolStep(WindowPlan plan, Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        Span<float> all = from.In(memory), y = to.In(memory);
        int at = 0;
        for (int image = 0; image < all.Length; image += plan.Pixels)
        {
            var x = all.Slice(image, plan.Pixels);
            for (int row = 0; row < plan.OutRows; row++)
            {
                int top = row * plan.StrideRows - plan.PadTop;
                for (int column = 0; column < plan.OutColumns; column++) y[at++] = Greatest(x, top, column * plan.StrideColumns - plan.PadLeft);
            }
        }
    }

    private float Greatest(ReadOnlySpan<float> x, int top, int left)
    {
        float max = float.NegativeInfinity;
        for (int i = 0, r = top; i < plan.KernelRows && r < plan.Rows; i++, r += plan.DilationRows)
        {
            if (r < 0) continue;
            for (int j = 0, k = left; j < plan.KernelColumns && k < plan.Columns; j++, k += plan.DilationColumns)
            {
                if (k >= 0) max = MathF.Max(max, x[r * plan.Columns + k]);
            }
        }
        return max;
    }
}
