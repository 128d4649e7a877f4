using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>y = tanh x, element by element; no parameters. ∂y/∂x = 1 − y².</summary>
/// <remarks>The tangent is the project's own: the same bits at every width of register.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
/// <param name="name">The name.</param>
/// <param name="size">What it takes and gives.</param>
public sealed class TanhLayer<T>(string name, MapSize size) : Layer<T>(name, size, size) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        if (typeof(T) == typeof(float))
        {
            DeterministicMathF.Tanh(System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(input), System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(output));
            return;
        }
        for (int i = 0; i < input.Length; i++) output[i] = Number(DeterministicMath.Tanh(Double(input[i])));
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        Lanes.Zip(new Slope(), output, outputGradient, inputGradient);
    }

    private readonly struct Slope : ILaneOperation<T>
    {
        public Vector<T> Run(Vector<T> a, Vector<T> b) => b * (Vector<T>.One - a * a);
    }
}
