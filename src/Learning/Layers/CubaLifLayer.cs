using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Current-based neurons: I ← aI·I + gI·x; u = a·v + g·I with the new I; s = [u &gt; θ]; then the reset.</summary>
/// <remarks>aI = 1 − 1/τ_syn, a = 1 − 1/τ_mem. The order is that of snnTorch's Synaptic with reset in the same step.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class CubaLifLayer<T> : NeuronLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool _hard;
    private T[] _v = [], _current = [], _u = [], _deltaV = [], _deltaCurrent = [];

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">The neurons.</param>
    /// <param name="options">What they are.</param>
    /// <exception cref="ArgumentException">A time constant is below 1.</exception>
    public CubaLifLayer(string name, MapSize size, CubaLifOptions options)
        : base(name, size, options.Recurrent)
    {
        if (!(options.TauSyn >= 1) || !(options.TauMem >= 1)) throw new ArgumentException($"Layer '{name}': tau is {options.TauSyn} and {options.TauMem} steps; both must be 1 or more.", nameof(options));
        Options = options;
        _hard = options.Reset == MembraneReset.Hard;
    }

    /// <summary>Gets what the neurons are.</summary>
    public CubaLifOptions Options { get; }

    /// <inheritdoc/>
    public override bool Spikes => true;

    private double CurrentGain => Options.DecayInput ? 1 / Options.TauSyn : 1;

    private double Gain => Options.DecayInput ? 1 / Options.TauMem : 1;

    private protected override void Begin(in LayerPass pass)
    {
        int n = pass.Samples * Input.Count;
        Rest(ref _v, n, pass.Continues);
        Rest(ref _current, n, pass.Continues);
        if (pass.Training) Room(ref _u, n * pass.Steps);
    }

    private protected override void Step(int step, bool keep, ReadOnlySpan<T> input, Span<T> output)
    {
        Vector<T> aI = Lanes.Of<T>(1 - 1 / Options.TauSyn), gI = Lanes.Of<T>(CurrentGain), a = Lanes.Of<T>(1 - 1 / Options.TauMem), g = Lanes.Of<T>(Gain);
        var threshold = Lanes.Of<T>(Options.Threshold);
        var u = keep ? _u.AsSpan(step * input.Length, input.Length) : default;
        for (int i = 0; i < input.Length; i += Vector<T>.Count)
        {
            var current = aI * Lanes.Load<T>(_current, i) + gI * Lanes.Load(input, i);
            Lanes.Store(current, _current, i);
            var x = a * Lanes.Load<T>(_v, i) + g * current;
            if (keep) Lanes.Store(x, u, i);
            if (Smooth)
            {
                var p = Primitive(x - threshold);
                Lanes.Store(p, output, i);
                Lanes.Store(_hard ? x - p * x : x - threshold * p, _v, i);
                continue;
            }
            var fires = Vector.GreaterThan(x, threshold);
            Lanes.Store(Lanes.OneWhere(fires), output, i);
            Lanes.Store(Vector.ConditionalSelect(fires, _hard ? Vector<T>.Zero : x - threshold, x), _v, i);
        }
    }

    private protected override void BeginBack(in LayerPass pass)
    {
        Room(ref _deltaV, pass.Samples * Input.Count);
        Room(ref _deltaCurrent, pass.Samples * Input.Count);
        _deltaV.AsSpan().Clear();
        _deltaCurrent.AsSpan().Clear();
    }

    private protected override void StepBack(int step, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int n = input.Length;
        Vector<T> aI = Lanes.Of<T>(1 - 1 / Options.TauSyn), gI = Lanes.Of<T>(CurrentGain), a = Lanes.Of<T>(1 - 1 / Options.TauMem), g = Lanes.Of<T>(Gain);
        var threshold = Lanes.Of<T>(Options.Threshold);
        Span<T> deltaV = _deltaV.AsSpan(0, n), deltaCurrent = _deltaCurrent.AsSpan(0, n), u = _u.AsSpan(step * n, n);
        for (int i = 0; i < n; i += Vector<T>.Count)
        {
            Vector<T> x = Lanes.Load<T>(u, i), dv = Lanes.Load<T>(deltaV, i), ds = Lanes.Load(outputGradient, i);
            if (!Options.Detach) ds += dv * (_hard ? -x : -threshold);
            var du = ds * Options.Surrogate.Derivative(x - threshold) + (_hard ? dv * (Vector<T>.One - Lanes.Load(output, i)) : dv);
            // What the current of this step has done: to this membrane, and through the current of the next step.
            var dI = g * du + aI * Lanes.Load<T>(deltaCurrent, i);
            Lanes.Store(dI, deltaCurrent, i);
            Lanes.Store(gI * dI, inputGradient, i);
            Lanes.Store(a * du, deltaV, i);
        }
    }

    private Vector<T> Primitive(Vector<T> x)
    {
        Span<T> s = stackalloc T[Vector<T>.Count];
        for (int i = 0; i < s.Length; i++) s[i] = Number(Options.Surrogate.Primitive(Double(x[i])));
        return new Vector<T>(s);
    }
}
