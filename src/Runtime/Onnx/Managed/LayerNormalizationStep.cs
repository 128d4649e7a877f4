namespace EdgeAutonomy.Runtime;

/// <summary>Brings each row to mean 0 and deviation 1, then scales and shifts it (Ba et al. 2016, arXiv 1607.06450).</summary>
internal sealed class LayerNormalizationStep(float[] scale, float[] shift, float epsilon, Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        Span<float> all = from.In(memory), result = to.In(memory);
        int n = scale.Length;
        for (int at = 0; at < all.Length; at += n)
        {
            Span<float> x = all.Slice(at, n), y = result.Slice(at, n);
            float mean = DeterministicMath.Sum(x) / n;
            // Two passes: the difference of squares would cancel for rows far from zero.
            for (int i = 0; i < n; i++) y[i] = x[i] - mean;
            float factor = 1 / MathF.Sqrt(DeterministicMath.SumOfSquares(y) / n + epsilon);
            for (int i = 0; i < n; i++) y[i] = y[i] * factor * scale[i] + shift[i];
        }
    }
}
