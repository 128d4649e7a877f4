using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>A linear layer whose synapses have a weight and a delay each, both trained: y(t) = Σ_i Σ_d k_d[i, o]·x_i(t − d), k_d = w·X_d.</summary>
/// <remarks>
/// X is a Gaussian around the delay with width σ_e = |σ| + 0.27 steps, normalised; σ starts wide and is narrowed by a schedule, so that the delay feels
/// a gradient from afar; in the end the delays are rounded to whole steps. Source: DCLS-delays (Hammouamri et al. 2023), kernel "gauss", with
/// delay = ⌊K/2⌋ − P of the paper (K odd). Taps further than 5 σ_e count as zero: beyond a quarter of the training about 5 of 25 remain. A tap's products are one matrix product
/// over all steps, or row by row where the spikes are few.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class DelayLinearLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double Floor = 0.27, Reach = 5, Normal = 1e-7;
    private readonly WeightedProduct<T> _product = new();
    private readonly T[] _kernel, _shape, _meanOffset, _tapGradient;
    private readonly bool[] _used;
    private T[] _history = [], _input = [];
    private bool _sparse;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="outputs">Units, at least 1.</param>
    /// <param name="taps">Delays 0 … taps − 1; 1 … 256.</param>
    public DelayLinearLayer(string name, MapSize input, int outputs, int taps)
        : base(name, input, new MapSize(outputs))
    {
        if (taps is < 1 or > 256) throw new ArgumentOutOfRangeException(nameof(taps), $"Layer '{name}': taps is {taps}; must be in [1, 256].");
        int synapses = input.Count * outputs;
        Taps = taps;
        Sigma = taps / 2;
        Weights = new Parameter<T>(name + ".weight", synapses);
        // The paper's rate for positions: 100 times that of the weights. Centred, so that one bound serves both ends.
        Positions = new Parameter<T>(name + ".delay", synapses) { Decays = false, RateScale = 100, Bound = (taps - 1) / 2.0 };
        Parameters = [Weights, Positions];
        _kernel = new T[taps * synapses];
        _shape = new T[taps * synapses];
        _meanOffset = new T[synapses];
        _tapGradient = new T[synapses];
        _used = new bool[taps];
    }

    /// <summary>Gets how many delays there are: 0 … taps − 1 steps.</summary>
    public int Taps { get; }

    /// <summary>Gets the weights, [input, output].</summary>
    public Parameter<T> Weights { get; }

    /// <summary>Gets the delays less (taps − 1)/2, in steps, [input, output].</summary>
    public Parameter<T> Positions { get; }

    /// <summary>Gets or sets σ in steps; see <see cref="SigmaAt"/>.</summary>
    public double Sigma { get; set; }

    /// <summary>Gets whether the delays were rounded: one tap per synapse.</summary>
    public bool Rounded { get; private set; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    internal bool? Sparse
    {
        set => _product.Sparse = value;
    }

    /// <summary>Returns σ for an epoch: it falls from ⌊taps/2⌋ to 0.23 over the first quarter, geometrically, and stays.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="epochs">How many there are.</param>
    public double SigmaAt(int epoch, int epochs)
    {
        double first = Math.Max(1, Taps / 2), quarter = Math.Max(1, epochs / 4.0);
        return Math.Max(0.23, first * DeterministicMath.Pow(0.23 / first, epoch / quarter));
    }

    /// <summary>Rounds the delays to whole steps; from now on each synapse has one tap.</summary>
    public void Round()
    {
        for (int i = 0; i < Positions.Value.Length; i++) Positions.Value[i] = Number(Delay(i) - (Taps - 1) / 2.0);
        Rounded = true;
    }

    /// <summary>Returns a synapse's delay, rounded to whole steps.</summary>
    /// <param name="synapse">input · outputs + output.</param>
    public int Delay(int synapse) => (int)Math.Clamp(Math.Floor(Double(Positions.Value[synapse]) + (Taps - 1) / 2.0 + 0.5), 0, Taps - 1);

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        Weights.Randomize(random, 1 / Math.Sqrt(Input.Count));
        Positions.Randomize(random, Positions.Bound);
        Rounded = false;
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        BuildKernel();
        int n = Input.Count, keep = (Taps - 1) * pass.Samples * n;
        // The steps before this pass stand in front; after rest they are zeros.
        if (_history.Length != keep) _history = new T[keep];
        else if (!pass.Continues) Array.Clear(_history);
        var all = Room(ref _input, keep + input.Length);
        _history.CopyTo(all);
        input.CopyTo(all[keep..]);
        _sparse = _product.IsSparse(input, Output.Count);
        output.Clear();
        for (int d = 0; d < Taps; d++)
        {
            if (_used[d]) _product.Forward(_sparse, Delayed(all, pass, d), pass.Rows, n, Tap(_kernel, d), Output.Count, output, accumulate: true);
        }
        all[input.Length..].CopyTo(_history);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        int n = Input.Count, keep = (Taps - 1) * pass.Samples * n, before = pass.Samples * Output.Count;
        Span<T> gradient = _tapGradient, all = _input.AsSpan(0, keep + input.Length);
        inputGradient.Clear();
        for (int d = 0; d < Taps; d++)
        {
            if (!_used[d]) continue;
            gradient.Clear();
            _product.WeightGradient(_sparse, Delayed(all, pass, d), pass.Rows, n, outputGradient, Output.Count, gradient);
            AddGradients(d, gradient);
            int steps = pass.Steps - d;
            if (inputGradient.IsEmpty || steps <= 0) continue;
            _product.InputGradient(outputGradient[(d * before)..], steps * pass.Samples, Output.Count, Tap(_kernel, d), n, inputGradient[..(steps * pass.Samples * n)], accumulate: true);
        }
    }

    private ReadOnlySpan<T> Delayed(ReadOnlySpan<T> all, in LayerPass pass, int delay) =>
        all.Slice((Taps - 1 - delay) * pass.Samples * Input.Count, pass.Rows * Input.Count);

    private Span<T> Tap(T[] taps, int d) => taps.AsSpan(d * Weights.Value.Length, Weights.Value.Length);

    // z = (delay − d)/σ_e is the paper's z of tap n = K − 1 − d, so its formulas hold with ∂delay = −∂P.
    private void BuildKernel()
    {
        Array.Clear(_kernel);
        Array.Clear(_shape);
        Array.Clear(_used);
        int synapses = Weights.Value.Length;
        double sigma = Math.Abs(Sigma) + Floor;
        for (int s = 0; s < synapses; s++)
        {
            double delay = Double(Positions.Value[s]) + (Taps - 1) / 2.0, sum = Normal, mean = 0;
            if (Rounded)
            {
                int only = Delay(s);
                _shape[only * synapses + s] = T.One;
                _kernel[only * synapses + s] = Weights.Value[s];
                _used[only] = true;
                continue;
            }
            int from = (int)Math.Max(0, Math.Ceiling(delay - Reach * sigma)), to = (int)Math.Min(Taps - 1, Math.Floor(delay + Reach * sigma));
            for (int d = from; d <= to; d++)
            {
                double z = (delay - d) / sigma, e = DeterministicMath.Exp(-z * z / 2);
                _shape[d * synapses + s] = Number(e);
                sum += e;
                mean += e * z;
            }
            for (int d = from; d <= to; d++)
            {
                double x = Double(_shape[d * synapses + s]) / sum;
                _shape[d * synapses + s] = Number(x);
                _kernel[d * synapses + s] = Number(x * Double(Weights.Value[s]));
                _used[d] = true;
            }
            _meanOffset[s] = Number(mean / sum);
        }
    }

    private void AddGradients(int d, ReadOnlySpan<T> gradient)
    {
        double sigma = Math.Abs(Sigma) + Floor;
        Vector<T> centre = Lanes.Of<T>((Taps - 1) / 2.0 - d), inverse = Lanes.Of<T>(1 / sigma);
        Span<T> shape = Tap(_shape, d), weights = Weights.Value, weightGradient = Weights.Gradient, positionGradient = Positions.Gradient;
        for (int i = 0; i < gradient.Length; i += Vector<T>.Count)
        {
            var gx = Lanes.Load(gradient, i) * Lanes.Load<T>(shape, i);
            Lanes.Store(Lanes.Load<T>(weightGradient, i) + gx, weightGradient, i);
            if (Rounded) continue;
            var z = (Lanes.Load<T>(Positions.Value, i) + centre) * inverse;
            Lanes.Store(Lanes.Load<T>(positionGradient, i) - gx * Lanes.Load<T>(weights, i) * inverse * (z - Lanes.Load<T>(_meanOffset, i)), positionGradient, i);
        }
    }
}
