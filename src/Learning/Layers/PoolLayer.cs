using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>A pool over windows of the map, channel by channel.</summary>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class PoolLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="kind">What a window becomes.</param>
    /// <param name="window">The windows.</param>
    public PoolLayer(string name, MapSize input, PoolKind kind, Window2d window)
        : base(name, input, window.Over(input, input.Channels))
    {
        Kind = kind;
        Window = window;
    }

    /// <summary>Gets what a window becomes.</summary>
    public PoolKind Kind { get; }

    /// <summary>Gets the windows.</summary>
    public Window2d Window { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int c = Input.Channels;
        var scale = Kind == PoolKind.Average ? T.One / Number(Window.Kernel * Window.Kernel) : T.One;
        for (int image = 0; image < pass.Rows; image++)
        {
            var map = input.Slice(image * Input.Count, Input.Count);
            for (int p = 0; p < Output.Height * Output.Width; p++)
            {
                var target = output.Slice(image * Output.Count + p * c, c);
                bool first = true;
                foreach (int at in new Places(this, p))
                {
                    var source = map.Slice(at, c);
                    if (first) source.CopyTo(target);
                    else if (Kind != PoolKind.Max) Lanes.Add(source, target);
                    else for (int i = 0; i < c; i += Vector<T>.Count) Lanes.Store(Vector.Max(Lanes.Load<T>(target, i), Lanes.Load(source, i)), target, i);
                    first = false;
                }
                if (first) target.Clear();
                if (Kind == PoolKind.Average) Scale(target, scale);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        if (inputGradient.IsEmpty) return;
        int c = Input.Channels;
        inputGradient.Clear();
        if (Kind == PoolKind.Average) Scale(outputGradient, T.One / Number(Window.Kernel * Window.Kernel));
        for (int image = 0; image < pass.Rows; image++)
        {
            ReadOnlySpan<T> map = input.Slice(image * Input.Count, Input.Count);
            var gradient = inputGradient.Slice(image * Input.Count, Input.Count);
            for (int p = 0; p < Output.Height * Output.Width; p++)
            {
                int o = image * Output.Count + p * c;
                var delta = outputGradient.Slice(o, c);
                var best = output.Slice(o, c);
                foreach (int at in new Places(this, p))
                {
                    var target = gradient.Slice(at, c);
                    if (Kind != PoolKind.Max)
                    {
                        Lanes.Add<T>(delta, target);
                        continue;
                    }
                    for (int i = 0; i < c; i++)
                    {
                        if (map[at + i] != best[i]) continue;
                        target[i] += delta[i];
                        delta[i] = T.Zero; // taken: equals that follow get nothing
                    }
                }
            }
        }
    }

    private static void Scale(Span<T> values, T scale)
    {
        var s = new Vector<T>(scale);
        for (int i = 0; i < values.Length; i += Vector<T>.Count) Lanes.Store(s * Lanes.Load<T>(values, i), values, i);
    }

    /// <summary>Where the places of one window begin in the map, those of the padding left out.</summary>
    private struct Places(PoolLayer<T> layer, int place)
    {
        private readonly int _top = place / layer.Output.Width * layer.Window.Stride - layer.Window.Padding;
        private readonly int _left = place % layer.Output.Width * layer.Window.Stride - layer.Window.Padding;
        private int _i = -1;

        public readonly int Current => ((_top + _i / layer.Window.Kernel) * layer.Input.Width + _left + _i % layer.Window.Kernel) * layer.Input.Channels;

        public readonly Places GetEnumerator() => this;

        public bool MoveNext()
        {
            int k = layer.Window.Kernel;
            while (++_i < k * k)
            {
                if ((uint)(_top + _i / k) < (uint)layer.Input.Height && (uint)(_left + _i % k) < (uint)layer.Input.Width) return true;
            }
            return false;
        }
    }
}
