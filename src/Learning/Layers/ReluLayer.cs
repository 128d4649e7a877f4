using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>y = max(0, x), element by element; no parameters.</summary>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
/// <param name="name">The name.</param>
/// <param name="size">What it takes and gives.</param>
public sealed class ReluLayer<T>(string name, MapSize size) : Layer<T>(name, size, size) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        Lanes.Zip(new Cut(), input, input, output[..input.Length]);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        Lanes.Zip(new Pass(), input, outputGradient, inputGradient);
    }

    private readonly struct Cut : ILaneOperation<T>
    {
        // Selected and not Max: a value that is not a number must show up in the loss, and Max may swallow it.
        public Vector<T> Run(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.LessThan(a, Vector<T>.Zero), Vector<T>.Zero, a);
    }

    private readonly struct Pass : ILaneOperation<T>
    {
        public Vector<T> Run(Vector<T> a, Vector<T> b) => Vector.ConditionalSelect(Vector.GreaterThan(a, Vector<T>.Zero), b, Vector<T>.Zero);
    }
}
