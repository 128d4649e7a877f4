namespace EdgeAutonomy.Learning;

/// <summary>The published network: a linear layer in, one and the same linear layer of 200 units applied several times, a linear layer out, ReLUs between them.</summary>
/// <remarks>Source: the code of arXiv 2502.12809, <c>TrainRL.py</c>: its hidden layers are one module, so their weights are tied. Not thread-safe.</remarks>
internal sealed class TiedNetwork
{
    private const int Units = 200;
    private readonly LinearLayer<float> _in, _tied, _out;
    private readonly float[][] _activations;
    private readonly int _passes;
    private float[] _input = [], _above = [], _below = [];
    private float[] _values = [];
    private LayerPass _pass;

    /// <summary>Makes a network with PyTorch's initial weights: uniform in ± 1/√inputs.</summary>
    public TiedNetwork(int inputs, int outputs, int passes, ulong seed)
    {
        _passes = passes;
        _in = new LinearLayer<float>("in", new MapSize(inputs), Units) { Sparse = false };
        _tied = new LinearLayer<float>("tied", new MapSize(Units), Units) { Sparse = false };
        _out = new LinearLayer<float>("out", new MapSize(Units), outputs) { Sparse = false };
        _activations = [.. Enumerable.Range(0, passes + 1).Select(_ => Array.Empty<float>())];
        LinearLayer<float>[] layers = [_in, _tied, _out];
        for (int i = 0; i < layers.Length; i++) layers[i].Initialize(new CounterRandom(seed).For((ulong)i));
        Parameters = [.. layers.SelectMany(l => l.Parameters)];
    }

    /// <summary>Gets weights and biases.</summary>
    public IReadOnlyList<Parameter<float>> Parameters { get; }

    /// <summary>Gets the outputs per sample.</summary>
    public int Outputs => _out.Output.Count;

    /// <summary>Computes [sample, output]; valid until the next call.</summary>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> input, int samples, bool training = false)
    {
        _pass = new LayerPass(1, samples) { Training = training };
        Fit(ref _input, input.Length);
        input.CopyTo(_input);
        ReadOnlySpan<float> x = input;
        for (int i = 0; i <= _passes; i++)
        {
            Fit(ref _activations[i], samples * Units);
            Span<float> to = _activations[i].AsSpan(0, samples * Units);
            (i == 0 ? _in : _tied).Forward(_pass, x, to);
            for (int k = 0; k < to.Length; k++) to[k] = Math.Max(to[k], 0);
            x = to;
        }
        Fit(ref _values, samples * Outputs);
        _out.Forward(_pass, x, _values.AsSpan(0, samples * Outputs));
        return _values.AsSpan(0, samples * Outputs);
    }

    /// <summary>Fills the gradients for the last training pass.</summary>
    public void Backward(Span<float> outputGradient)
    {
        foreach (Parameter<float> p in Parameters) Array.Clear(p.Gradient);
        int n = _pass.Samples * Units;
        Fit(ref _above, n);
        Fit(ref _below, n);
        _out.Backward(_pass, _activations[_passes].AsSpan(0, n), _values, outputGradient, _above.AsSpan(0, n));
        for (int i = _passes; i >= 0; i--)
        {
            Span<float> delta = _above.AsSpan(0, n), own = _activations[i].AsSpan(0, n);
            for (int k = 0; k < n; k++) delta[k] = own[k] > 0 ? delta[k] : 0;
            if (i == 0) _in.Backward(_pass, _input.AsSpan(0, _pass.Samples * _in.Input.Count), own, delta, []);
            else _tied.Backward(_pass, _activations[i - 1].AsSpan(0, n), own, delta, _below.AsSpan(0, n));
            (_above, _below) = (_below, _above);
        }
    }

    /// <summary>Moves the weights towards another network's by a share.</summary>
    public void MoveTowards(TiedNetwork other, float share)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            float[] to = Parameters[i].Value, from = other.Parameters[i].Value;
            for (int k = 0; k < to.Length; k++) to[k] = share == 1 ? from[k] : to[k] + (share * (from[k] - to[k]));
        }
    }

    private static void Fit(ref float[] buffer, int count)
    {
        if (buffer.Length < count) buffer = new float[count];
    }
}
