using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>y = x·W + b, one matrix product over all steps and samples. Inputs that are mostly zeros go row by row.</summary>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class LinearLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly WeightedProduct<T> _product = new();
    private bool _sparse;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="input">What it takes; a map is read in memory order [y, x, channel].</param>
    /// <param name="outputs">Units, at least 1.</param>
    /// <param name="bias">Whether it has a bias.</param>
    public LinearLayer(string name, MapSize input, int outputs, bool bias = true)
        : base(name, input, new MapSize(outputs))
    {
        Weights = new Parameter<T>(name + ".weight", input.Count * outputs);
        Bias = bias ? new Parameter<T>(name + ".bias", outputs) { Decays = false } : null;
        Parameters = Bias is null ? [Weights] : [Weights, Bias];
    }

    /// <summary>Gets the weights, [input, output].</summary>
    public Parameter<T> Weights { get; }

    /// <summary>Gets the bias, [output]; null = none.</summary>
    public Parameter<T>? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    internal bool? Sparse
    {
        set => _product.Sparse = value;
    }

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        double bound = 1 / Math.Sqrt(Input.Count);
        Weights.Randomize(random, bound);
        Bias?.Randomize(random, bound);
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        _sparse = _product.IsSparse(input, Output.Count);
        _product.Forward(_sparse, input, pass.Rows, Input.Count, Weights.Value, Output.Count, output);
        if (Bias is not null) WeightedProduct<T>.AddBias(Bias.Value, output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        if (!pass.InputGradientOnly) _product.WeightGradient(_sparse, input, pass.Rows, Input.Count, outputGradient, Output.Count, Weights.Gradient);
        if (Bias is not null && !pass.InputGradientOnly) _product.BiasGradient(outputGradient, Bias.Gradient);
        if (!inputGradient.IsEmpty) _product.InputGradient(outputGradient, pass.Rows, Output.Count, Weights.Value, Input.Count, inputGradient);
    }
}
