namespace EdgeAutonomy.Agents;

/// <summary>y = x·W + b, input by input; inputs that are zero cost nothing, and most are. W is [input, output]; no bias = none is added.</summary>
internal readonly struct DenseLayer(float[] weights, float[] bias)
{
    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        y.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] != 0) DeterministicMath.Axpy(x[i], weights.AsSpan(i * y.Length, y.Length), y);
        }
        if (bias.Length > 0) DeterministicMath.Axpy(1, bias, y);
    }
}
