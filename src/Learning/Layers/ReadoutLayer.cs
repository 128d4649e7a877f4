using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Leaky integrators without spike: v ← a·v + g·x, given out as it is. The decision is made over the steps by the loss.</summary>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class ReadoutLayer<T> : NeuronLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _v = [], _deltaV = [];

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">The units.</param>
    /// <param name="tau">The time constant in steps, at least 1; infinite = a plain sum.</param>
    /// <param name="decayInput">Whether the input is divided by τ too.</param>
    public ReadoutLayer(string name, MapSize size, double tau = 2, bool decayInput = false)
        : base(name, size, recurrent: false)
    {
        if (!(tau >= 1) || (decayInput && !double.IsFinite(tau))) throw new ArgumentOutOfRangeException(nameof(tau), $"Layer '{name}': tau is {tau} steps; must be 1 or more, and finite where the input is divided by it.");
        Tau = tau;
        DecayInput = decayInput;
    }

    /// <summary>Gets the time constant in steps.</summary>
    public double Tau { get; }

    /// <summary>Gets whether the input is divided by τ too.</summary>
    public bool DecayInput { get; }

    private double Gain => DecayInput ? 1 / Tau : 1;

    private protected override void Begin(in LayerPass pass) => Rest(ref _v, pass.Samples * Input.Count, pass.Continues);

    private protected override void Step(int step, bool keep, ReadOnlySpan<T> input, Span<T> output)
    {
        Vector<T> a = Lanes.Of<T>(1 - 1 / Tau), g = Lanes.Of<T>(Gain);
        for (int i = 0; i < input.Length; i += Vector<T>.Count)
        {
            var v = a * Lanes.Load<T>(_v, i) + g * Lanes.Load(input, i);
            Lanes.Store(v, _v, i);
            Lanes.Store(v, output, i);
        }
    }

    private protected override void BeginBack(in LayerPass pass)
    {
        Room(ref _deltaV, pass.Samples * Input.Count);
        _deltaV.AsSpan().Clear();
    }

    private protected override void StepBack(int step, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Vector<T> a = Lanes.Of<T>(1 - 1 / Tau), g = Lanes.Of<T>(Gain);
        var deltaV = _deltaV.AsSpan(0, input.Length);
        for (int i = 0; i < input.Length; i += Vector<T>.Count)
        {
            var dv = Lanes.Load(outputGradient, i) + Lanes.Load<T>(deltaV, i);
            Lanes.Store(g * dv, inputGradient, i);
            Lanes.Store(a * dv, deltaV, i);
        }
    }
}
