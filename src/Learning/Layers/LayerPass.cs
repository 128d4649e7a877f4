namespace EdgeAutonomy.Learning;

/// <summary>How a batch goes through the layers: all steps of all samples at once, [step, sample, …].</summary>
/// <param name="Steps">Time steps, at least 1.</param>
/// <param name="Samples">Samples side by side, at least 1.</param>
public readonly record struct LayerPass(int Steps, int Samples)
{
    /// <summary>Gets whether gradients will be asked for, statistics are those of the batch and dropout drops.</summary>
    public bool Training { get; init; }

    /// <summary>Gets whether neurons and delays go on from where the last pass left them, instead of from rest: step-by-step running.</summary>
    public bool Continues { get; init; }

    /// <summary>Gets the generator of this batch; each layer draws from a generator of its own beneath it.</summary>
    public CounterRandom Random { get; init; }

    /// <summary>Gets whether only the gradient of the input is asked for: those of weights are left as they are (linear layers save the work, others ignore it).</summary>
    public bool InputGradientOnly { get; init; }

    /// <summary>Gets steps × samples.</summary>
    public int Rows => Steps * Samples;
}
