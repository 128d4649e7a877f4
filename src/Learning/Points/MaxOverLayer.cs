using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>The maximum over runs of neighbouring places, channel by channel: over the points of a group, or over all groups.</summary>
/// <remarks>Equals share the gradient evenly: of spikes the maximum is "or", most of its inputs are equal, and none of them alone can change it.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class MaxOverLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="input">What it takes: groups of places as rows, the places of a group as columns.</param>
    public MaxOverLayer(string name, MapSize input)
        : base(name, input, new MapSize(input.Channels, input.Height))
    {
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int c = Input.Channels;
        for (int group = 0; group < pass.Rows * Input.Height; group++)
        {
            var target = output.Slice(group * c, c);
            input.Slice(group * Input.Width * c, c).CopyTo(target);
            for (int k = 1; k < Input.Width; k++)
            {
                var source = input.Slice((group * Input.Width + k) * c, c);
                for (int i = 0; i < c; i += Vector<T>.Count) Lanes.Store(Vector.Max(Lanes.Load<T>(target, i), Lanes.Load(source, i)), target, i);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        if (inputGradient.IsEmpty) return;
        int c = Input.Channels, run = Input.Width * c;
        for (int group = 0; group < pass.Rows * Input.Height; group++)
        {
            var best = output.Slice(group * c, c);
            var delta = outputGradient.Slice(group * c, c);
            var source = input.Slice(group * run, run);
            var target = inputGradient.Slice(group * run, run);
            for (int i = 0; i < c; i += Vector<T>.Count)
            {
                var top = Lanes.Load(best, i);
                var equals = Vector<T>.Zero;
                for (int k = 0; k < run; k += c) equals += Lanes.OneWhere(Vector.Equals(Lanes.Load(source.Slice(k, c), i), top));
                // Lanes past the end count equals as well, so nothing is divided by zero.
                var share = Lanes.Load<T>(delta, i) / Vector.Max(equals, Vector<T>.One);
                for (int k = 0; k < run; k += c)
                {
                    Lanes.Store(Vector.ConditionalSelect(Vector.Equals(Lanes.Load(source.Slice(k, c), i), top), share, Vector<T>.Zero), target.Slice(k, c), i);
                }
            }
        }
    }
}
