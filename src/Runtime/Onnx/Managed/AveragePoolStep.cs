namespace EdgeAutonomy.Runtime;

/// <summary>Takes the mean of each window, summed row by row.</summary>
internal sealed class AveragePoolStep(WindowPlan plan, bool countPads, Slot from, Slot to) : ManagedStep
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
                int top = row * plan.StrideRows - plan.PadTop, bottom = top + plan.KernelRows;
                // Behind the padding at the end (a last window that ceil_mode adds) nothing counts, whatever the setting says.
                int height = Math.Min(bottom, plan.Rows + plan.PadBottom) - top;
                int firstRow = Math.Max(top, 0), endRow = Math.Min(bottom, plan.Rows);
                for (int column = 0; column < plan.OutColumns; column++)
                {
                    int left = column * plan.StrideColumns - plan.PadLeft, right = left + plan.KernelColumns;
                    int width = Math.Min(right, plan.Columns + plan.PadRight) - left;
                    int first = Math.Max(left, 0), end = Math.Min(right, plan.Columns);
                    float sum = 0;
                    for (int r = firstRow; r < endRow; r++)
                    {
                        for (int k = first; k < end; k++) sum += x[r * plan.Columns + k];
                    }
                    int count = countPads ? height * width : Math.Max(endRow - firstRow, 0) * Math.Max(end - first, 0);
                    y[at++] = count > 0 ? sum / count : 0;
                }
            }
        }
    }
}
