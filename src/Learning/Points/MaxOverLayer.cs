using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>The maximum over runs of neighbouring places, channel by channel: over the points of a group, or over all groups.</summary>
/// <remarks>Of equals the first place gets the gradient. Of spikes the maximum is "or".</remarks>
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
        int c = Input.Channels;
        for (int group = 0; group < pass.Rows * Input.Height; group++)
        {
            var best = output.Slice(group * c, c);
            var delta = outputGradient.Slice(group * c, c);
            for (int k = 0; k < Input.Width; k++)
            {
                int at = (group * Input.Width + k) * c;
                var source = input.Slice(at, c);
                var target = inputGradient.Slice(at, c);
                for (int i = 0; i < c; i += Vector<T>.Count)
                {
                    var d = Lanes.Load<T>(delta, i);
                    var mine = Vector.Equals(Lanes.Load(source, i), Lanes.Load(best, i));
                    Lanes.Store(Vector.ConditionalSelect(mine, d, Vector<T>.Zero), target, i);
                    Lanes.Store(Vector.ConditionalSelect(mine, Vector<T>.Zero, d), delta, i); // taken: equals that follow get nothing
                }
            }
        }
    }
}
