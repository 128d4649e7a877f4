using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Drops units of each sample while training, the same ones at all of its steps, and scales the others up.</summary>
/// <remarks>Which ones is a function of (batch's generator, layer's name, sample, unit): a resumed training drops the same.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class DropoutLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _mask = [];

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">The units.</param>
    /// <param name="rate">The share that is dropped, 0 … below 1.</param>
    public DropoutLayer(string name, MapSize size, double rate)
        : base(name, size, size)
    {
        if (!(rate is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(rate), $"Layer '{name}': the rate is {rate}; must be in [0, 1).");
        Rate = rate;
    }

    /// <summary>Gets the share that is dropped.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        if (!pass.Training)
        {
            input.CopyTo(output);
            return;
        }
        int n = pass.Samples * Input.Count;
        var mask = Room(ref _mask, n);
        var random = pass.Random.For(RandomStream.Fnv1a(Name));
        T kept = Number(1 / (1 - Rate));
        for (int i = 0; i < n; i++) mask[i] = random.Uniform((ulong)i) < Rate ? T.Zero : kept;
        Apply(pass, input, output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        if (!inputGradient.IsEmpty) Apply(pass, outputGradient, inputGradient);
    }

    private void Apply(in LayerPass pass, ReadOnlySpan<T> source, Span<T> target)
    {
        int n = pass.Samples * Input.Count;
        for (int t = 0; t < pass.Steps; t++)
        {
            var from = source.Slice(t * n, n);
            var to = target.Slice(t * n, n);
            for (int i = 0; i < n; i += Vector<T>.Count) Lanes.Store(Lanes.Load(from, i) * Lanes.Load<T>(_mask.AsSpan(0, n), i), to, i);
        }
    }
}
