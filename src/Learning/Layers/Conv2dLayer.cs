using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>A convolution over two axes: windows laid out as rows (im2col), then one matrix product.</summary>
/// <remarks>
/// Windows are laid out for a block of output lines at a time, so that they stay in the second-level cache; the sums run on over the blocks in one order.
/// Within a window the order is [ky, kx, input channel], which is ascending in the input's memory order, as in the engine.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class Conv2dLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockNumbers = 96 * 1024;
    private readonly WeightedProduct<T> _product = new();
    private readonly int _patch;
    private T[] _columns = [], _columnGradient = [];
    private bool _sparse;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="channels">Output channels, at least 1.</param>
    /// <param name="window">The windows.</param>
    /// <param name="bias">Whether it has a bias per output channel.</param>
    public Conv2dLayer(string name, MapSize input, int channels, Window2d window, bool bias = true)
        : base(name, input, window.Over(input, channels))
    {
        Window = window;
        _patch = window.Kernel * window.Kernel * input.Channels;
        Weights = new Parameter<T>(name + ".weight", _patch * channels);
        Bias = bias ? new Parameter<T>(name + ".bias", channels) { Decays = false } : null;
        Parameters = Bias is null ? [Weights] : [Weights, Bias];
    }

    /// <summary>Gets the windows.</summary>
    public Window2d Window { get; }

    /// <summary>Gets the weights, [ky, kx, input channel, output channel].</summary>
    public Parameter<T> Weights { get; }

    /// <summary>Gets the bias, [output channel]; null = none.</summary>
    public Parameter<T>? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    internal bool? Sparse
    {
        set => _product.Sparse = value;
    }

    private int LinesPerBlock => Math.Max(1, BlockNumbers / (Output.Width * _patch));

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        double bound = 1 / Math.Sqrt(_patch);
        Weights.Randomize(random, bound);
        Bias?.Randomize(random, bound);
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        _sparse = _product.IsSparse(input, Output.Channels);
        int lines = pass.Rows * Output.Height, line = Output.Width * Output.Channels;
        for (int from = 0; from < lines; from += LinesPerBlock)
        {
            int count = Math.Min(LinesPerBlock, lines - from), rows = count * Output.Width;
            var columns = Room(ref _columns, rows * _patch);
            for (int i = 0; i < count; i++) Unfold(input, from + i, columns.Slice(i * Output.Width * _patch, Output.Width * _patch));
            _product.Forward(_sparse, columns, rows, _patch, Weights.Value, Output.Channels, output.Slice(from * line, count * line));
        }
        if (Bias is not null) WeightedProduct<T>.AddBias(Bias.Value, output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        int lines = pass.Rows * Output.Height, line = Output.Width * Output.Channels;
        inputGradient.Clear();
        for (int from = 0; from < lines; from += LinesPerBlock)
        {
            int count = Math.Min(LinesPerBlock, lines - from), rows = count * Output.Width;
            var columns = Room(ref _columns, rows * _patch);
            for (int i = 0; i < count; i++) Unfold(input, from + i, columns.Slice(i * Output.Width * _patch, Output.Width * _patch));
            var delta = outputGradient.Slice(from * line, count * line);
            _product.WeightGradient(_sparse, columns, rows, _patch, delta, Output.Channels, Weights.Gradient);
            if (inputGradient.IsEmpty) continue;
            var gradient = Room(ref _columnGradient, rows * _patch);
            _product.InputGradient(delta, rows, Output.Channels, Weights.Value, _patch, gradient);
            for (int i = 0; i < count; i++) Fold(gradient.Slice(i * Output.Width * _patch, Output.Width * _patch), from + i, inputGradient);
        }
        if (Bias is not null) _product.BiasGradient(outputGradient, Bias.Gradient);
    }

    // One output line: for each of its windows the k·k·channels inputs. A window's row of inputs lies in one piece in memory.
    private void Unfold(ReadOnlySpan<T> input, int outputLine, Span<T> columns)
    {
        int c = Input.Channels, k = Window.Kernel, image = outputLine / Output.Height, oy = outputLine % Output.Height;
        var map = input.Slice(image * Input.Count, Input.Count);
        for (int ky = 0; ky < k; ky++)
        {
            int iy = oy * Window.Stride - Window.Padding + ky;
            bool inside = (uint)iy < (uint)Input.Height;
            for (int ox = 0; ox < Output.Width; ox++)
            {
                var target = columns.Slice(ox * _patch + ky * k * c, k * c);
                int left = ox * Window.Stride - Window.Padding, from = Math.Max(0, -left), to = Math.Min(k, Input.Width - left);
                if (!inside || to <= from)
                {
                    target.Clear();
                    continue;
                }
                target[..(from * c)].Clear();
                target[(to * c)..].Clear();
                map.Slice((iy * Input.Width + left + from) * c, (to - from) * c).CopyTo(target[(from * c)..]);
            }
        }
    }

    private void Fold(ReadOnlySpan<T> columns, int outputLine, Span<T> gradient)
    {
        int c = Input.Channels, k = Window.Kernel, image = outputLine / Output.Height, oy = outputLine % Output.Height;
        var map = gradient.Slice(image * Input.Count, Input.Count);
        for (int ky = 0; ky < k; ky++)
        {
            int iy = oy * Window.Stride - Window.Padding + ky;
            if ((uint)iy >= (uint)Input.Height) continue;
            for (int ox = 0; ox < Output.Width; ox++)
            {
                int left = ox * Window.Stride - Window.Padding, from = Math.Max(0, -left), to = Math.Min(k, Input.Width - left);
                if (to <= from) continue;
                int n = (to - from) * c;
                Lanes.Add(columns.Slice(ox * _patch + (ky * k + from) * c, n), map.Slice((iy * Input.Width + left + from) * c, n));
            }
        }
    }
}
