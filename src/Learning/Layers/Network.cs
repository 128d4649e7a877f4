using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Layers one behind the other, with the buffers between them.</summary>
/// <remarks>Not thread-safe. Buffers grow to the largest batch and stay.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class Network<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[][] _outputs;
    private T[] _input = [], _above = [], _below = [];
    private readonly int _widest;
    private LayerPass _pass;

    /// <summary>Makes a network.</summary>
    /// <param name="layers">The layers from the input on; at least one.</param>
    /// <exception cref="ArgumentException">Two neighbours do not fit, or a name is there twice.</exception>
    public Network(IReadOnlyList<Layer<T>> layers)
    {
        if (layers.Count == 0) throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        for (int i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            if (i > 0 && layer.Input.Count != layers[i - 1].Output.Count)
            {
                throw new ArgumentException($"Layer '{layer.Name}' takes {layer.Input}, layer '{layers[i - 1].Name}' in front gives {layers[i - 1].Output}.", nameof(layers));
            }
            if (layers.Take(i).Any(l => l.Name == layer.Name)) throw new ArgumentException($"Two layers are named '{layer.Name}'; names must be unique.", nameof(layers));
        }
        Layers = layers;
        Parameters = layers.SelectMany(l => l.Parameters).ToArray();
        _widest = layers.Max(l => Math.Max(l.Input.Count, l.Output.Count));
        _outputs = new T[layers.Count][];
        Array.Fill(_outputs, []);
    }

    /// <summary>Gets the layers from the input on.</summary>
    public IReadOnlyList<Layer<T>> Layers { get; }

    /// <summary>Gets all parameters.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>Gets what one sample holds at one step.</summary>
    public MapSize Input => Layers[0].Input;

    /// <summary>Gets what comes out for one sample at one step.</summary>
    public MapSize Output => Layers[^1].Output;

    /// <summary>Gets or sets what is added to the loss for firing too much or too little; null = nothing.</summary>
    public RateRegulariser<T>? Rates { get; set; }

    /// <summary>Draws the initial values of all layers.</summary>
    /// <param name="seed">The seed.</param>
    public void Initialize(ulong seed)
    {
        var random = new CounterRandom(seed).For(0x494E4954);
        foreach (var layer in Layers) layer.Initialize(random.For(RandomStream.Fnv1a(layer.Name)));
    }

    /// <summary>Computes the outputs of a batch.</summary>
    /// <param name="pass">The batch.</param>
    /// <param name="input">[step, sample, input].</param>
    /// <returns>[step, sample, output]; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The input has another length.</exception>
    public ReadOnlySpan<T> Forward(scoped in LayerPass pass, scoped ReadOnlySpan<T> input)
    {
        if (pass.Steps < 1 || pass.Samples < 1 || input.Length != pass.Rows * Input.Count)
        {
            throw new ArgumentException($"{pass.Steps} steps of {pass.Samples} samples of {Input} are {(long)pass.Rows * Input.Count} numbers, {input.Length} are given.", nameof(input));
        }
        _pass = pass;
        if (pass.Training)
        {
            if (_input.Length < input.Length) _input = new T[input.Length];
            input.CopyTo(_input);
        }
        for (int i = 0; i < Layers.Count; i++)
        {
            int count = pass.Rows * Layers[i].Output.Count;
            if (_outputs[i].Length < count) _outputs[i] = GC.AllocateUninitializedArray<T>(count);
            Layers[i].Forward(pass, i == 0 ? input : OutputOf(i - 1), _outputs[i].AsSpan(0, count));
        }
        return OutputOf(Layers.Count - 1);
    }

    /// <summary>Adds the gradients of the last training pass to those of the parameters.</summary>
    /// <param name="outputGradient">∂loss/∂output.</param>
    /// <param name="inputGradient">Takes ∂loss/∂input; empty where nobody needs it.</param>
    /// <returns>What <see cref="Rates"/> adds to the loss.</returns>
    /// <exception cref="InvalidOperationException">The last pass was not one of training.</exception>
    public double Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient = default)
    {
        if (!_pass.Training) throw new InvalidOperationException("The backward pass needs a forward pass with Training set before it.");
        int widest = _pass.Rows * _widest;
        if (_above.Length < widest) (_above, _below) = (GC.AllocateUninitializedArray<T>(widest), GC.AllocateUninitializedArray<T>(widest));
        outputGradient.CopyTo(_above);
        double penalty = 0;
        for (int i = Layers.Count - 1; i >= 0; i--)
        {
            var layer = Layers[i];
            var delta = _above.AsSpan(0, _pass.Rows * layer.Output.Count);
            var output = OutputOf(i);
            if (layer.Spikes && Rates is not null) penalty += Rates.Add(_pass, output, delta);
            var below = i > 0 ? _below.AsSpan(0, _pass.Rows * layer.Input.Count) : inputGradient;
            layer.Backward(_pass, i > 0 ? OutputOf(i - 1) : _input.AsSpan(0, _pass.Rows * Input.Count), output, delta, below);
            (_above, _below) = (_below, _above);
        }
        return penalty;
    }

    /// <summary>Returns what a layer gave in the last pass, [step, sample, output]; valid until the next one.</summary>
    /// <param name="layer">Its index.</param>
    public ReadOnlySpan<T> OutputOf(int layer) => _outputs[layer].AsSpan(0, _pass.Rows * Layers[layer].Output.Count);

    /// <summary>Sets all gradients to zero.</summary>
    public void ClearGradients()
    {
        // By index: enumerating an interface allocates.
        for (int i = 0; i < Parameters.Count; i++) Array.Clear(Parameters[i].Gradient);
    }
}
