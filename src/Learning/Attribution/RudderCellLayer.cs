using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>The reduced LSTM of RUDDER: h_t = h_{t−1} + σ(h_{t−1}·U + b_i) ⊙ tanh(x_t·W + b_z), from h = 0.</summary>
/// <remarks>
/// The cell input sees the present only and the gate the past only; there is no forget gate and no output gate, and the output is the cell itself (arXiv 1806.07857 and widmi/rudder-a-practical-tutorial). Since nothing is
/// forgotten, what one step wrote stays visible at the end, and differences of the head's output belong to steps.
/// </remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class RudderCellLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double FirstGate = -2; // σ(−2) = 0.12: a long episode does not fill the cells before anything is learned
    private readonly WeightedProduct<T> _inward = new(), _across = new();
    private readonly Parameter<T> _weights, _bias, _gateWeights, _gateBias;
    private T[] _fresh = [], _gates = [], _freshGradient = [], _gateGradient = [], _carry = [], _back = [];
    private bool _sparse;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="inputs">Numbers per step, at least 1.</param>
    /// <param name="cells">Cells, at least 1.</param>
    public RudderCellLayer(string name, int inputs, int cells)
        : base(name, new MapSize(inputs), new MapSize(cells))
    {
        _weights = new Parameter<T>(name + ".weight", inputs * cells);
        _bias = new Parameter<T>(name + ".bias", cells) { Decays = false };
        _gateWeights = new Parameter<T>(name + ".gate.weight", cells * cells);
        _gateBias = new Parameter<T>(name + ".gate.bias", cells) { Decays = false };
        Parameters = [_weights, _bias, _gateWeights, _gateBias];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override void Initialize(CounterRandom random)
    {
        _weights.Randomize(random, 1 / Math.Sqrt(Input.Count));
        _gateWeights.Randomize(random, 1 / Math.Sqrt(Output.Count));
        Array.Clear(_bias.Value);
        Array.Fill(_gateBias.Value, Number(FirstGate));
    }

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        int n = Output.Count, wide = pass.Samples * n;
        var fresh = Room(ref _fresh, pass.Rows * n);
        var gates = Room(ref _gates, pass.Rows * n);
        _sparse = _inward.IsSparse(input, n);
        _inward.Forward(_sparse, input, pass.Rows, Input.Count, _weights.Value, n, fresh);
        WeightedProduct<T>.AddBias(_bias.Value, fresh);
        Smooth.Tanh(fresh);
        for (int t = 0; t < pass.Steps; t++)
        {
            var gate = gates.Slice(t * wide, wide);
            gate.Clear();
            if (t > 0) _across.Forward(false, output.Slice((t - 1) * wide, wide), pass.Samples, n, _gateWeights.Value, n, gate);
            WeightedProduct<T>.AddBias(_gateBias.Value, gate);
            Smooth.Sigmoid(gate);
            var now = output.Slice(t * wide, wide);
            for (int i = 0; i < wide; i++) now[i] = (t == 0 ? T.Zero : output[(t - 1) * wide + i]) + gate[i] * fresh[t * wide + i];
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        int n = Output.Count, wide = pass.Samples * n;
        var freshGradient = Room(ref _freshGradient, pass.Rows * n);
        var gateGradient = Room(ref _gateGradient, wide);
        var carry = Room(ref _carry, wide);
        var back = Room(ref _back, wide);
        carry.Clear();
        for (int t = pass.Steps - 1; t >= 0; t--)
        {
            for (int i = 0; i < wide; i++)
            {
                int at = t * wide + i;
                T total = outputGradient[at] + carry[i], gate = _gates[at], fresh = _fresh[at];
                freshGradient[at] = total * gate * (T.One - fresh * fresh);
                gateGradient[i] = total * fresh * gate * (T.One - gate);
                carry[i] = total;
            }
            _across.BiasGradient(gateGradient, _gateBias.Gradient);
            if (t == 0) continue;
            _across.WeightGradient(false, output.Slice((t - 1) * wide, wide), pass.Samples, n, gateGradient, n, _gateWeights.Gradient);
            _across.InputGradient(gateGradient, pass.Samples, n, _gateWeights.Value, n, back);
            Lanes.Add<T>(back, carry);
        }
        _inward.WeightGradient(_sparse, input, pass.Rows, Input.Count, freshGradient, n, _weights.Gradient);
        _inward.BiasGradient(freshGradient, _bias.Gradient);
        if (!inputGradient.IsEmpty) _inward.InputGradient(freshGradient, pass.Rows, n, _weights.Value, Input.Count, inputGradient);
    }
}
