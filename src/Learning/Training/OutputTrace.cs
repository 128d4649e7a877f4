namespace EdgeAutonomy.Learning;

/// <summary>What a network said about one sample at every step: what early exit is calibrated with.</summary>
/// <param name="Class">The right answer.</param>
/// <param name="Outputs">[step, output] as the last layer gave them.</param>
public sealed record OutputTrace(int Class, float[,] Outputs)
{
    internal static OutputTrace Of(ReadOnlySpan<float> output, LayerPass pass, int sample, int n, int label)
    {
        var trace = new float[pass.Steps, n];
        for (int t = 0; t < pass.Steps; t++)
        {
            for (int k = 0; k < n; k++) trace[t, k] = output[(t * pass.Samples + sample) * n + k];
        }
        return new OutputTrace(label, trace);
    }
}
