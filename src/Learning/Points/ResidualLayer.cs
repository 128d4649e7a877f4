using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Neurons that get their layer's input beside what a body of layers makes of it: s = LIF(body(x) + x), SpikePoint's ResFB; optionally the maximum of these currents over runs of places.</summary>
/// <remarks>
/// The sum stands in front of the neurons, so that what comes out are spikes again. The maximum is taken of currents, not of spikes: "or" over dozens of places that
/// fire now and then is nearly always 1 and says nothing. Source of the block: Ren et al., "SpikePoint", ICLR 2024, section 3.2.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class ResidualLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private int _count;
    private T[] _sum = [], _sumGradient = [], _pooled = [], _pooledGradient = [];

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="body">The layers that the input runs through; they must give as much as they take.</param>
    /// <param name="neurons">The neurons behind the sum.</param>
    /// <param name="pool">The maximum between the sum and the neurons; null = none.</param>
    /// <exception cref="ArgumentException">The extents do not fit.</exception>
    public ResidualLayer(string name, Network<T> body, NeuronLayer<T> neurons, MaxOverLayer<T>? pool = null)
        : base(name, body.Input, neurons.Output)
    {
        if (body.Input.Count != body.Output.Count || (pool?.Input ?? neurons.Input).Count != body.Output.Count || (pool?.Output ?? neurons.Input).Count != neurons.Input.Count)
        {
            throw new ArgumentException($"Layer '{name}': the body makes {body.Output} of {body.Input}, {(pool is null ? "" : $"the maximum {pool.Output} of {pool.Input}, ")}the neurons take {neurons.Input}; the sizes must fit.", nameof(body));
        }
        (Body, Neurons, Pool) = (body, neurons, pool);
        Parameters = [.. body.Parameters, .. neurons.Parameters];
        Statistics = [.. body.Layers.SelectMany(l => l.Statistics), .. neurons.Statistics];
    }

    /// <summary>Gets the layers that the input runs through.</summary>
    public Network<T> Body { get; }

    /// <summary>Gets the neurons behind the sum.</summary>
    public NeuronLayer<T> Neurons { get; }

    /// <summary>Gets the maximum between the sum and the neurons; null = none.</summary>
    public MaxOverLayer<T>? Pool { get; }

    /// <summary>Gets the currents that the neurons got in the last pass.</summary>
    internal ReadOnlySpan<T> Currents => (Pool is null ? _sum : _pooled).AsSpan(0, _count);

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, T[] Values)> Statistics { get; }

    /// <inheritdoc/>
    public override bool Spikes => true;

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        foreach (var layer in Body.Layers) layer.Initialize(random.For(RandomStream.Fnv1a(layer.Name)));
        Neurons.Initialize(random.For(RandomStream.Fnv1a(Neurons.Name)));
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        _count = output.Length;
        var sum = Room(ref _sum, input.Length);
        Body.Forward(pass, input).CopyTo(sum);
        Lanes.Add(input, sum);
        if (Pool is null)
        {
            Neurons.Forward(pass, sum, output);
            return;
        }
        var pooled = Room(ref _pooled, output.Length);
        Pool.Forward(pass, sum, pooled);
        Neurons.Forward(pass, pooled, output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        var gradient = Room(ref _sumGradient, input.Length);
        if (Pool is null)
        {
            Neurons.Backward(pass, _sum.AsSpan(0, input.Length), output, outputGradient, gradient);
        }
        else
        {
            ReadOnlySpan<T> pooled = _pooled.AsSpan(0, output.Length);
            var pooledGradient = Room(ref _pooledGradient, output.Length);
            Neurons.Backward(pass, pooled, output, outputGradient, pooledGradient);
            Pool.Backward(pass, _sum.AsSpan(0, input.Length), pooled, pooledGradient, gradient);
        }
        Body.Backward(gradient, inputGradient);
        if (!inputGradient.IsEmpty) Lanes.Add<T>(gradient, inputGradient);
    }
}
