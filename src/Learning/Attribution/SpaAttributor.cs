using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Stepwise progress attribution: contributions c_t that add up to the return, learned from returns alone (SPA, arXiv 2505.20732).</summary>
/// <remarks>
/// Loss (Σ c_t − R)²; reward α·c_t + β·g_t, and with <see cref="SpaOptions.Residual"/> the rest of the return in equal parts. The same as randomised return decomposition with all steps drawn, but for a factor 1/T². No bound
/// on a single c_t; without the residual Σ r_t = R does not hold, and the best policy may change. The paper's published code differs from the paper in several places (notes B.2); this is the paper.
/// </remarks>
public sealed class SpaAttributor : StepEstimator
{
    private readonly SpaOptions _options;

    /// <summary>Makes an attributor that says 0 for every step.</summary>
    /// <param name="shape">The missions' shape.</param>
    /// <param name="options">How it estimates and pays.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="encoding">Width of the policy's encoding, where that is the input.</param>
    /// <exception cref="ArgumentException">An option breaks its rule.</exception>
    public SpaAttributor(MissionShape shape, SpaOptions options, ulong seed, int encoding = 0)
        : base(Build(shape, options, seed, encoding)) => _options = options;

    /// <inheritdoc/>
    public override string Id => FormattableString.Invariant($"spa{(_options.Residual ? "+residual" : "")} alpha={_options.Alpha} beta={_options.Beta} {string.Join('-', _options.Hidden)} {_options.Input}");

    /// <summary>Gets how it estimates and pays.</summary>
    public SpaOptions Options => _options;

    /// <inheritdoc/>
    public override bool IsCausal => !_options.Residual;

    /// <inheritdoc/>
    public override void Attribute(Trajectory trajectory, Span<float> stepReward)
    {
        Estimate(trajectory, stepReward);
        double rest = 0;
        if (_options.Residual)
        {
            rest = trajectory.Return;
            foreach (float c in stepReward) rest -= _options.Alpha * c;
            rest /= trajectory.Length;
        }
        for (int t = 0; t < stepReward.Length; t++) stepReward[t] = (float)(_options.Alpha * stepReward[t] + rest + (trajectory.Grounded[t] ? _options.Beta : 0));
    }

    private protected override void Fit(StepNetwork network, IReadOnlyList<Trajectory> data, in FitOptions options)
    {
        if (_options.LeastSquares) Solve(network, data);
        else Descend(network, data, options);
    }

    private static StepNetwork Build(MissionShape shape, SpaOptions options, ulong seed, int encoding)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new StepNetwork("SPA attributor", new StepFeatures("SPA attributor", shape, encoding, options.Input, difference: false), options.Hidden, Activation.Tanh, options.WeightDecay, seed);
    }

    private void Descend(StepNetwork network, IReadOnlyList<Trajectory> data, in FitOptions options)
    {
        var random = RandomStream.For(options.Seed, "attributor");
        var batch = new Trajectory[options.Batch];
        for (int u = 0; u < options.Updates; u++)
        {
            int rows = 0;
            for (int i = 0; i < batch.Length; i++) rows += (batch[i] = data[random.NextInt32(data.Count)]).Length;
            network.Begin(rows);
            int row = 0;
            foreach (var t in batch)
            {
                for (int i = 0; i < t.Length; i++) network.Write(row++, t, i);
            }
            var c = network.Forward(training: true);
            row = 0;
            foreach (var t in batch)
            {
                ReturnLoss.OfSum(c.Slice(row, t.Length), t.Return, 1.0 / batch.Length, network.Gradient.Slice(row, t.Length));
                row += t.Length;
            }
            network.Step(_options.LearningRate, _options.ClipNorm);
        }
    }

    // Σ_t w·x_t = w·Σ_t x_t: one row per episode. Normal equations with a ridge, by Cholesky's decomposition in float64.
    private void Solve(StepNetwork network, IReadOnlyList<Trajectory> data)
    {
        int n = network.Inputs;
        var a = new double[n * n];
        var b = new double[n];
        var sum = new double[n];
        var row = new float[n];
        foreach (var t in data)
        {
            Array.Clear(sum);
            for (int i = 0; i < t.Length; i++)
            {
                network.Write(t, i, row);
                for (int k = 0; k < n; k++) sum[k] += row[k];
            }
            for (int i = 0; i < n; i++)
            {
                if (sum[i] == 0) continue;
                b[i] += sum[i] * t.Return;
                for (int k = 0; k <= i; k++) a[i * n + k] += sum[i] * sum[k];
            }
        }
        for (int i = 0; i < n; i++) a[i * n + i] += _options.Ridge * data.Count;
        Cholesky.Solve(a, b);
        var weights = network.Network.Parameters[0].Value;
        for (int i = 0; i < n; i++) weights[i] = (float)b[i];
    }
}
