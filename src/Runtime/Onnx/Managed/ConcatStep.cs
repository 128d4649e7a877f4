namespace EdgeAutonomy.Runtime;

/// <summary>Joins values along a dimension: their rows in turn.</summary>
/// <param name="parts">The values.</param>
/// <param name="rows">How many numbers of each follow one another in the result.</param>
/// <param name="to">The result.</param>
internal sealed class ConcatStep(Slot[] parts, int[] rows, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        var target = to.In(memory);
        for (int round = 0; target.Length > 0; round++)
        {
            for (int p = 0; p < parts.Length; p++)
            {
                parts[p].In(memory).Slice(round * rows[p], rows[p]).CopyTo(target);
                target = target[rows[p]..];
            }
        }
    }
}
