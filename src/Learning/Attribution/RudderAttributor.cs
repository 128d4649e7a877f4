using System.Buffers;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Pays for changes of the expected return: r_t = f_t − f_{t−1}, f a forecast by a small recurrent network (RUDDER, arXiv 1806.07857), and the rest of the return in equal parts.</summary>
/// <remarks>
/// The loss has the auxiliary task at every step, so f_t tends to E[R | h_t, a_t] and its differences to a martingale: they fall on the steps that change the expectation, not on those where reward is earned, and the first
/// one carries the base rate (notes C.3). Σ r_t = R.
/// </remarks>
public sealed class RudderAttributor : IReturnAttributor
{
    private readonly RudderOptions _options;
    private readonly StepFeatures _features;
    private readonly Network<float> _network;
    private readonly Adam<float> _optimiser;
    private readonly Lock _lock = new();
    private float[] _rows = [], _gradient = [], _line = [], _lineGradient = [];
    private long _fits;

    /// <summary>Makes an attributor whose forecast is 0 everywhere: as it is, it pays in equal parts.</summary>
    /// <param name="shape">The missions' shape.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="encoding">Width of the policy's encoding, where that is the input.</param>
    /// <exception cref="ArgumentException">An option breaks its rule.</exception>
    public RudderAttributor(MissionShape shape, RudderOptions options, ulong seed, int encoding = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _options = options;
        _features = new StepFeatures("RUDDER attributor", shape, encoding, options.Input, difference: false);
        var head = new LinearLayer<float>("forecast", new MapSize(options.Cells), 1);
        _network = new Network<float>([new RudderCellLayer<float>("cells", _features.Width, options.Cells), head]);
        _network.Initialize(seed);
        Array.Clear(head.Weights.Value);
        Array.Clear(head.Bias!.Value);
        _optimiser = new Adam<float>(_network.Parameters, weightDecay: options.WeightDecay);
    }

    /// <inheritdoc/>
    public string Id => FormattableString.Invariant($"rudder {_options.Cells} {_options.Input}");

    /// <inheritdoc/>
    public bool IsCausal => false;

    /// <inheritdoc/>
    public string Version => $"{Id} #{_fits}";

    /// <inheritdoc/>
    public void Fit(IReadOnlyList<Trajectory> data, in FitOptions options)
    {
        options.Check(data);
        foreach (var t in data) _features.Require(t);
        var random = RandomStream.For(options.Seed, "attributor");
        var batch = new Trajectory[options.Batch];
        for (int u = 0; u < options.Updates; u++)
        {
            for (int i = 0; i < batch.Length; i++) batch[i] = data[random.NextInt32(data.Count)];
            Learn(batch);
        }
        _fits++;
    }

    /// <summary>Writes f_t, the forecast of the return after each step.</summary>
    /// <param name="trajectory">The episode, of one step or more.</param>
    /// <param name="forecast">Takes T numbers.</param>
    /// <exception cref="ArgumentException">The episode has no steps, or the span another length.</exception>
    public void Forecast(Trajectory trajectory, Span<float> forecast)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        trajectory.Require(forecast.Length);
        _features.Require(trajectory);
        lock (_lock)
        {
            Load([trajectory], trajectory.Length);
            _network.Forward(new LayerPass(trajectory.Length, 1), _rows.AsSpan(0, trajectory.Length * _features.Width)).CopyTo(forecast);
        }
    }

    /// <inheritdoc/>
    public void Attribute(Trajectory trajectory, Span<float> stepReward)
    {
        Forecast(trajectory, stepReward);
        Redistribute(stepReward, trajectory.Return);
    }

    /// <summary>Turns forecasts into step rewards in place: differences, then the rest of the return in equal parts.</summary>
    /// <param name="forecast">f_t; takes r_t. At least one.</param>
    /// <param name="target">R.</param>
    public static void Redistribute(Span<float> forecast, double target)
    {
        if (forecast.IsEmpty) throw new ArgumentException("Redistribution of 0 steps; must have 1 or more.", nameof(forecast));
        double rest = (target - forecast[^1]) / forecast.Length, before = 0;
        for (int t = 0; t < forecast.Length; t++)
        {
            double now = forecast[t];
            forecast[t] = (float)(now - before + rest);
            before = now;
        }
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_fits);
        w.Write(_optimiser.Steps);
        Perceptron.Freeze(w, _network);
        foreach (var (_, values) in _optimiser.State) w.WriteSpan<float>(values);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "RUDDER attributor");
        _fits = r.Read<long>();
        _optimiser.Steps = r.Read<long>();
        r.Require(_fits >= 0 && _optimiser.Steps >= 0, "a count");
        Perceptron.Thaw(ref r, _network);
        foreach (var (_, values) in _optimiser.State) r.ReadFinite(values, "moments");
        r.End();
    }

    private void Learn(Trajectory[] batch)
    {
        int steps = 0, n = batch.Length;
        foreach (var t in batch) steps = Math.Max(steps, t.Length);
        Load(batch, steps);
        var forecast = _network.Forward(new LayerPass(steps, n) { Training = true }, _rows.AsSpan(0, steps * n * _features.Width));
        if (_gradient.Length < steps * n) _gradient = new float[steps * n];
        if (_line.Length < steps) (_line, _lineGradient) = (new float[steps], new float[steps]);
        Array.Clear(_gradient);
        for (int b = 0; b < n; b++)
        {
            int length = batch[b].Length;
            for (int t = 0; t < length; t++) _line[t] = forecast[t * n + b];
            ReturnLoss.OfForecast(_line.AsSpan(0, length), batch[b].Return, 1.0 / n, _lineGradient.AsSpan(0, length));
            for (int t = 0; t < length; t++) _gradient[t * n + b] = _lineGradient[t];
        }
        _network.ClearGradients();
        _network.Backward(_gradient.AsSpan(0, steps * n));
        double norm = GradientNorm.Clip(_network.Parameters, _options.ClipNorm);
        if (!double.IsFinite(norm)) throw new TrainingDivergedException(FormattableString.Invariant($"RUDDER attributor, update {_optimiser.Steps + 1}: the norm of the gradient is {norm}. Lower its learning rate, or scale returns and features."));
        _optimiser.Step(_options.LearningRate);
    }

    // [step, episode, feature]; past its end an episode is zeros, and no gradient comes from there.
    private void Load(ReadOnlySpan<Trajectory> batch, int steps)
    {
        int width = _features.Width, n = batch.Length, need = steps * n * width;
        if (_rows.Length < need) _rows = new float[need];
        for (int b = 0; b < n; b++)
        {
            for (int t = 0; t < steps; t++)
            {
                var row = _rows.AsSpan((t * n + b) * width, width);
                if (t < batch[b].Length) _features.Write(batch[b], t, row);
                else row.Clear();
            }
        }
    }
}
