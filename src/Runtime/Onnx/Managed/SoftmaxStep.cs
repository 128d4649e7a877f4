namespace EdgeAutonomy.Runtime;

/// <summary>Turns each row into probabilities, e^(x − max)/Σ: the greatest exponent is 0, so nothing overflows.</summary>
/// <param name="n">The length of a row.</param>
/// <param name="stride">The distance of the numbers of a row.</param>
/// <param name="scratch">Room for one row.</param>
/// <param name="from">The numbers.</param>
/// <param name="to">The probabilities; may be the same place.</param>
internal sealed class SoftmaxStep(int n, int stride, Slot scratch, Slot from, Slot to) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        Span<float> x = from.In(memory), y = to.In(memory), row = scratch.In(memory);
        for (int first = 0; first < x.Length; first += n * stride)
        {
            for (int at = first; at < first + stride; at++)
            {
                float max = float.NegativeInfinity;
                for (int i = 0; i < n; i++) max = MathF.Max(max, row[i] = x[at + i * stride]); // NaN passes on
                for (int i = 0; i < n; i++) row[i] -= max;
                DeterministicMathF.Exp(row, row);
                float sum = DeterministicMath.Sum(row);
                for (int i = 0; i < n; i++) y[at + i * stride] = row[i] / sum;
            }
        }
    }
}
