using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Neurons, one per input: a loop over time, and optionally weights from the spikes of the step before (a recurrent edge).</summary>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public abstract class NeuronLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly WeightedProduct<T>? _product;
    private T[] _currents = [], _lastSpikes = [];

    private protected NeuronLayer(string name, MapSize size, bool recurrent)
        : base(name, size, size)
    {
        if (!recurrent) return;
        if (size.IsMap) throw new ArgumentException($"Layer '{name}' is recurrent over a map of {size}; recurrent weights join plain units.", nameof(recurrent));
        _product = new WeightedProduct<T>();
        Recurrent = new Parameter<T>(name + ".recurrent", size.Count * size.Count);
    }

    /// <summary>Gets the recurrent weights, [from, to]: s(t − 1)·W is added to the input of step t; null = none.</summary>
    public Parameter<T>? Recurrent { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => Recurrent is null ? [] : [Recurrent];

    /// <summary>Gets or sets whether the primitive of the surrogate stands for the step: only then do differences of the output give the gradient.</summary>
    internal bool Smooth { get; set; }

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random) => Recurrent?.Randomize(random, 1 / Math.Sqrt(Input.Count));

    /// <inheritdoc/>
    public sealed override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int n = pass.Samples * Input.Count;
        Begin(pass);
        var currents = _product is null ? default : Room(ref _currents, n);
        if (_product is not null && (!pass.Continues || _lastSpikes.Length != n)) _lastSpikes = new T[n];
        for (int t = 0; t < pass.Steps; t++)
        {
            var x = input.Slice(t * n, n);
            if (_product is not null)
            {
                x.CopyTo(currents);
                var last = t == 0 ? _lastSpikes : output.Slice((t - 1) * n, n);
                _product.Forward(_product.IsSparse(last, Input.Count), last, pass.Samples, Input.Count, Recurrent!.Value, Input.Count, currents, accumulate: true);
                x = currents;
            }
            Step(t, pass.Training, x, output.Slice(t * n, n));
        }
        if (_product is not null) output.Slice((pass.Steps - 1) * n, n).CopyTo(_lastSpikes);
    }

    /// <inheritdoc/>
    public sealed override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        int n = pass.Samples * Input.Count;
        // A recurrent edge needs the input's gradient itself, also where nobody below does.
        var gradient = inputGradient.IsEmpty ? Room(ref _currents, pass.Steps * n) : inputGradient;
        BeginBack(pass);
        for (int t = pass.Steps - 1; t >= 0; t--)
        {
            var delta = outputGradient.Slice(t * n, n);
            if (_product is not null && t + 1 < pass.Steps)
            {
                _product.InputGradient(gradient.Slice((t + 1) * n, n), pass.Samples, Input.Count, Recurrent!.Value, Input.Count, delta, accumulate: true);
            }
            StepBack(t, input.Slice(t * n, n), output.Slice(t * n, n), delta, gradient.Slice(t * n, n));
        }
        if (_product is not null && pass.Steps > 1)
        {
            var before = output[..((pass.Steps - 1) * n)];
            _product.WeightGradient(_product.IsSparse(before, Input.Count), before, (pass.Steps - 1) * pass.Samples, Input.Count, gradient[n..], Input.Count, Recurrent!.Gradient);
        }
        EndBack(pass, input, output, gradient);
    }

    /// <summary>Makes room and, unless the pass continues, rests the neurons.</summary>
    private protected abstract void Begin(in LayerPass pass);

    /// <summary>Computes one step.</summary>
    private protected abstract void Step(int step, bool keep, ReadOnlySpan<T> input, Span<T> output);

    /// <summary>Clears what the backward pass carries from step to step.</summary>
    private protected abstract void BeginBack(in LayerPass pass);

    /// <summary>Computes the gradient of one step's input.</summary>
    private protected abstract void StepBack(int step, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient);

    /// <summary>Adds the gradients of the neurons' own parameters.</summary>
    private protected virtual void EndBack(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> inputGradient)
    {
    }

    private protected static void Rest(ref T[] state, int count, bool keep)
    {
        if (state.Length == count && keep) return;
        if (state.Length != count) state = new T[count];
        else Array.Clear(state);
    }
}
