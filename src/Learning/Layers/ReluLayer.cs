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
        for (int i = 0; i < input.Length; i += Vector<T>.Count)
        {
            var x = Lanes.Load(input, i);
            // Selected and not Max: a value that is not a number must show up in the loss, and Max may swallow it.
            Lanes.Store(Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x), output, i);
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        for (int i = 0; i < inputGradient.Length; i += Vector<T>.Count)
        {
            var open = Vector.GreaterThan(Lanes.Load(input, i), Vector<T>.Zero);
            Lanes.Store(Vector.ConditionalSelect(open, Lanes.Load<T>(outputGradient, i), Vector<T>.Zero), inputGradient, i);
        }
    }
}
