using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Leaky integrate-and-fire neurons: u = a·v + g·x + (1 − a)·v_reset; s = [u &gt; θ]; then the reset, in the same step.</summary>
/// <remarks>
/// a = 1 − 1/τ; g = 1, or 1/τ with <see cref="LifOptions.DecayInput"/>. The membrane starts at 0, as in the engine. Update order and gradients as in
/// SpikingJelly's multi-step LIF and PLIF (Fang et al. 2021), except for the strict comparison. Trained scalars are summed in float64.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class LifLayer<T> : NeuronLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly LifOptions _options;
    private readonly bool _hard;
    private T[] _v = [], _u = [], _deltaV = [];
    private double _thresholdGradient;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="size">The neurons.</param>
    /// <param name="options">What they are.</param>
    /// <exception cref="ArgumentException">τ is below 1, or 1/τ cannot be trained from it.</exception>
    public LifLayer(string name, MapSize size, LifOptions options)
        : base(name, size, options.Recurrent)
    {
        if (!(options.Tau >= 1)) throw new ArgumentException($"Layer '{name}': tau is {options.Tau} steps; must be 1 or more.", nameof(options));
        if (options.LearnTau && !(options.Tau > 1 && double.IsFinite(options.Tau))) throw new ArgumentException($"Layer '{name}': tau is {options.Tau} steps; a trained tau must start above 1 and finite.", nameof(options));
        _options = options;
        _hard = options.Reset == MembraneReset.Hard;
        var parameters = new List<Parameter<T>>(base.Parameters);
        if (options.LearnTau) parameters.Add(TauLogit = new Parameter<T>(name + ".tau", 1) { Decays = false });
        if (options.LearnThreshold) parameters.Add(LearnedThreshold = new Parameter<T>(name + ".threshold", 1) { Decays = false });
        Parameters = parameters;
        SetScalars();
    }

    /// <summary>Gets what the neurons are; trained values start from it.</summary>
    public LifOptions Options => _options;

    /// <summary>Gets w of 1/τ = σ(w); null where τ is fixed.</summary>
    public Parameter<T>? TauLogit { get; }

    /// <summary>Gets the trained threshold; null where it is fixed.</summary>
    public Parameter<T>? LearnedThreshold { get; }

    /// <summary>Gets τ in steps as it is now.</summary>
    public double Tau => TauLogit is null ? _options.Tau : 1 + DeterministicMath.Exp(-Double(TauLogit.Value[0]));

    /// <summary>Gets θ as it is now.</summary>
    public double Threshold => LearnedThreshold is null ? _options.Threshold : Double(LearnedThreshold.Value[0]);

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override bool Spikes => true;

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        base.Initialize(random);
        SetScalars();
    }

    private void SetScalars()
    {
        if (TauLogit is not null) TauLogit.Value[0] = Number(-DeterministicMath.Log(_options.Tau - 1));
        if (LearnedThreshold is not null) LearnedThreshold.Value[0] = Number(_options.Threshold);
    }

    private protected override void Begin(in LayerPass pass)
    {
        int n = pass.Samples * Input.Count;
        Rest(ref _v, n, pass.Continues);
        if (pass.Training) Room(ref _u, n * pass.Steps);
    }

    private protected override void Step(int step, bool keep, ReadOnlySpan<T> input, Span<T> output)
    {
        double k = 1 / Tau;
        var a = Lanes.Of<T>(1 - k);
        var g = Lanes.Of<T>(_options.DecayInput ? k : 1);
        var rest = Lanes.Of<T>(k * _options.ResetValue);
        var threshold = Lanes.Of<T>(Threshold);
        var reset = Lanes.Of<T>(_options.ResetValue);
        var v = _v.AsSpan();
        var u = keep ? _u.AsSpan(step * input.Length, input.Length) : default;
        for (int i = 0; i < input.Length; i += Vector<T>.Count)
        {
            var x = a * Lanes.Load<T>(v, i) + rest + g * Lanes.Load(input, i);
            if (keep) Lanes.Store(x, u, i);
            if (Smooth)
            {
                var p = Primitive(x - threshold);
                Lanes.Store(p, output, i);
                Lanes.Store(_hard ? x + p * (reset - x) : x - threshold * p, v, i);
                continue;
            }
            var fires = Vector.GreaterThan(x, threshold);
            Lanes.Store(Lanes.OneWhere(fires), output, i);
            Lanes.Store(Vector.ConditionalSelect(fires, _hard ? reset : x - threshold, x), v, i);
        }
    }

    private protected override void BeginBack(in LayerPass pass)
    {
        Room(ref _deltaV, pass.Samples * Input.Count);
        _deltaV.AsSpan().Clear();
        _thresholdGradient = 0;
    }

    private protected override void StepBack(int step, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        double k = 1 / Tau;
        int n = input.Length;
        var a = Lanes.Of<T>(1 - k);
        var g = Lanes.Of<T>(_options.DecayInput ? k : 1);
        var threshold = Lanes.Of<T>(Threshold);
        var reset = Lanes.Of<T>(_options.ResetValue);
        var deltaV = _deltaV.AsSpan(0, n);
        var u = _u.AsSpan(step * n, n);
        for (int i = 0; i < n; i += Vector<T>.Count)
        {
            Vector<T> x = Lanes.Load<T>(u, i), s = Lanes.Load(output, i), dv = Lanes.Load<T>(deltaV, i), ds = Lanes.Load(outputGradient, i);
            if (!_options.Detach) ds += dv * (_hard ? reset - x : -threshold);
            var fire = ds * _options.Surrogate.Derivative(x - threshold);
            var du = fire + (_hard ? dv * (Vector<T>.One - s) : dv);
            if (LearnedThreshold is not null) AddThreshold(fire + (_hard || _options.Detach ? Vector<T>.Zero : dv * s), Math.Min(Vector<T>.Count, n - i));
            Lanes.Store(g * du, inputGradient, i);
            Lanes.Store(a * du, deltaV, i);
        }
    }

    private protected override void EndBack(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> inputGradient)
    {
        if (LearnedThreshold is not null) LearnedThreshold.Gradient[0] += Number(_thresholdGradient);
        if (TauLogit is null) return;
        // u = v + k·(v_reset − v) + g·x: dk sums δu·(v_reset − v + [decay] x); δu = δx/g.
        double k = 1 / Tau, g = _options.DecayInput ? k : 1, sum = 0, rest = _options.ResetValue;
        int n = pass.Samples * Input.Count;
        for (int i = 0; i < pass.Rows * Input.Count; i++)
        {
            double v = i < n ? 0 : AfterReset(i - n, output), du = Double(inputGradient[i]) / g;
            // A recurrent edge has added to the input what is not in it here: u itself tells the input's share.
            double x = _options.DecayInput ? (Double(_u[i]) - (1 - k) * v - k * rest) / k : 0;
            sum += du * (rest - v + x);
        }
        TauLogit.Gradient[0] += Number(sum * k * (1 - k));
    }

    private double AfterReset(int i, ReadOnlySpan<T> output)
    {
        double u = Double(_u[i]), s = Double(output[i]);
        return _hard ? u + s * (_options.ResetValue - u) : u - Threshold * s;
    }

    private void AddThreshold(Vector<T> values, int count)
    {
        for (int i = 0; i < count; i++) _thresholdGradient -= Double(values[i]);
    }

    private Vector<T> Primitive(Vector<T> x)
    {
        Span<T> s = stackalloc T[Vector<T>.Count];
        for (int i = 0; i < s.Length; i++) s[i] = Number(_options.Surrogate.Primitive(Double(x[i])));
        return new Vector<T>(s);
    }
}
