using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Randomised return decomposition: step rewards whose mean over a random part of an episode is the return's (RRD, arXiv 2111.13485).</summary>
/// <remarks>Σ r_t = R does not hold exactly, and the best policy may change. The state after the step is part of the input, so a reward is causal: it looks one step ahead of the choice and at no outcome.</remarks>
public sealed class RrdAttributor : StepEstimator
{
    private readonly RrdOptions _options;
    private int[] _order = [];

    /// <summary>Makes an attributor that says 0 for every step.</summary>
    /// <param name="shape">The missions' shape.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="encoding">Width of the policy's encoding, where that is the input.</param>
    /// <exception cref="ArgumentException">An option breaks its rule.</exception>
    public RrdAttributor(MissionShape shape, RrdOptions options, ulong seed, int encoding = 0)
        : base(Build(shape, options, seed, encoding)) => _options = options;

    /// <inheritdoc/>
    public override string Id => FormattableString.Invariant($"rrd k={_options.Draws}{(_options.Unbiased ? " unbiased" : "")} {string.Join('-', _options.Hidden)} {_options.Input}");

    /// <inheritdoc/>
    public override bool IsCausal => true;

    /// <inheritdoc/>
    public override void Attribute(Trajectory trajectory, Span<float> stepReward) => Estimate(trajectory, stepReward);

    private protected override void Fit(StepNetwork network, IReadOnlyList<Trajectory> data, in FitOptions options)
    {
        var random = RandomStream.For(options.Seed, "attributor");
        int k = _options.Draws;
        var batch = new Trajectory[options.Batch];
        for (int u = 0; u < options.Updates; u++)
        {
            network.Begin(batch.Length * k);
            for (int i = 0; i < batch.Length; i++)
            {
                var t = batch[i] = data[random.NextInt32(data.Count)];
                Draw(random, t.Length, k);
                for (int j = 0; j < k; j++) network.Write(i * k + j, t, _order[j]);
            }
            var c = network.Forward(training: true);
            for (int i = 0; i < batch.Length; i++)
            {
                ReturnLoss.OfDraw(c.Slice(i * k, k), batch[i].Return, batch[i].Length, _options.Unbiased, 1.0 / batch.Length, network.Gradient.Slice(i * k, k));
            }
            network.Step(_options.LearningRate, _options.ClipNorm);
        }
    }

    private static StepNetwork Build(MissionShape shape, RrdOptions options, ulong seed, int encoding)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new StepNetwork("RRD attributor", new StepFeatures("RRD attributor", shape, encoding, options.Input, options.SeesChange), options.Hidden, Activation.Relu, 0, seed);
    }

    // Without replacement as long as there are enough steps: the first K of a random order.
    private void Draw(RandomStream random, int length, int k)
    {
        if (_order.Length < Math.Max(length, k)) _order = new int[Math.Max(length, k)];
        if (k > length)
        {
            for (int i = 0; i < k; i++) _order[i] = random.NextInt32(length);
            return;
        }
        for (int i = 0; i < length; i++) _order[i] = i;
        for (int i = 0; i < k; i++)
        {
            int j = i + random.NextInt32(length - i);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }
}
