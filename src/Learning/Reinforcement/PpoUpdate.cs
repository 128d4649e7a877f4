namespace EdgeAutonomy.Learning;

/// <summary>The updates of one rollout: epochs of shuffled minibatches, actor and critic in one step of the optimiser.</summary>
internal sealed class PpoUpdate
{
    private readonly PolicyActor _actor;
    private readonly Network<float> _critic;
    private readonly Adam<float> _optimiser;
    private readonly PpoOptions _options;
    private readonly int _width, _choices;
    private readonly int[] _order;
    private readonly float[] _seen, _outputGradient, _valueGradient;
    private readonly double[] _advantages;

    public PpoUpdate(PolicyActor actor, Network<float> critic, Adam<float> optimiser, PpoOptions options, int width, int samples, int choices)
    {
        (_actor, _critic, _optimiser, _options, _width, _choices) = (actor, critic, optimiser, options, width, choices);
        _order = new int[samples];
        _seen = new float[options.BatchSize * width];
        (_outputGradient, _valueGradient, _advantages) = (new float[options.BatchSize * actor.Head.Outputs], new float[options.BatchSize], new double[options.BatchSize]);
    }

    public double PolicyLoss { get; private set; } = double.NaN;

    public double ValueLoss { get; private set; } = double.NaN;

    public double Entropy { get; private set; } = double.NaN;

    /// <summary>Gets the estimate (ρ − 1) − ln ρ of the divergence between the new policy and the one that acted.</summary>
    public double Divergence { get; private set; } = double.NaN;

    public double ClippedShare { get; private set; } = double.NaN;

    /// <summary>Learns from a rollout.</summary>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    public void Run(RolloutBuffer rollout, RandomStream random, double rate, double clip, long steps)
    {
        int count = _order.Length;
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            Shuffle(_order, random);
            for (int from = 0; from < count; from += _options.BatchSize)
            {
                var samples = _order.AsSpan(from, Math.Min(_options.BatchSize, count - from));
                double norm = Gradients(rollout, samples, clip);
                if (!double.IsFinite(PolicyLoss + ValueLoss) || !double.IsFinite(norm))
                {
                    throw new TrainingDivergedException(FormattableString.Invariant($"PPO, step {steps}, update {_optimiser.Steps + 1}: the losses are {PolicyLoss} and {ValueLoss}, the norm of the gradient {norm}. ")
                        + "Lower the learning rate or the bound on the norm, or scale observations and rewards.");
                }
                if (Divergence > 1.5 * _options.TargetDivergence) return;
                _optimiser.Step(rate);
            }
        }
    }

    public void Freeze(in StateWriter w) => w.WriteSpan<double>([PolicyLoss, ValueLoss, Entropy, Divergence, ClippedShare]);

    public void Thaw(ref StateReader r)
    {
        Span<double> figures = stackalloc double[5];
        r.ReadSpan(figures);
        (PolicyLoss, ValueLoss, Entropy, Divergence, ClippedShare) = (figures[0], figures[1], figures[2], figures[3], figures[4]);
    }

    // Fills the clipped gradients of a minibatch and returns their norm before clipping.
    private double Gradients(RolloutBuffer rollout, ReadOnlySpan<int> samples, double clip)
    {
        int n = samples.Length;
        for (int i = 0; i < n; i++) rollout.Observations.Slice(samples[i] * _width, _width).CopyTo(_seen.AsSpan(i * _width));
        var pass = new LayerPass(1, n) { Training = true };
        var seen = _seen.AsSpan(0, n * _width);
        for (int i = 0; i < _optimiser.Parameters.Count; i++) Array.Clear(_optimiser.Parameters[i].Gradient);
        Policy(rollout, samples, _actor.Network.Forward(pass, seen), clip);
        _actor.Network.Backward(_outputGradient.AsSpan(0, n * _actor.Head.Outputs));
        var values = _critic.Forward(pass, seen);
        double loss = 0;
        for (int i = 0; i < n; i++)
        {
            double error = values[i] - (double)rollout.Returns[samples[i]];
            loss += error * error / n;
            _valueGradient[i] = (float)(2 * _options.ValueWeight * error / n);
        }
        ValueLoss = loss;
        _critic.Backward(_valueGradient.AsSpan(0, n));
        return GradientNorm.Clip(_optimiser.Parameters, _options.ClipNorm);
    }

    private void Policy(RolloutBuffer rollout, ReadOnlySpan<int> samples, ReadOnlySpan<float> outputs, double clip)
    {
        var head = _actor.Head;
        int n = samples.Length, clipped = 0;
        Advantages(rollout, samples);
        double loss = 0, entropies = 0, divergence = 0;
        for (int i = 0; i < n; i++)
        {
            int s = samples[i];
            var output = outputs.Slice(i * head.Outputs, head.Outputs);
            var action = rollout.Actions.Slice(s * head.ActionWidth, head.ActionWidth);
            var (log, entropy) = head.Measure(output, _choices == 0 ? default : rollout.Allowed.Slice(s * _choices, _choices), action);
            double difference = log - rollout.LogProbabilities[s], ratio = DeterministicMath.Exp(difference), advantage = _advantages[i];
            double bounded = Math.Clamp(ratio, 1 - clip, 1 + clip);
            // Where the bounded product is the smaller one, the loss does not depend on the policy.
            bool free = ratio * advantage <= bounded * advantage;
            loss -= Math.Min(ratio * advantage, bounded * advantage) / n;
            entropies += entropy / n;
            divergence += (ratio - 1 - difference) / n;
            clipped += Math.Abs(ratio - 1) > clip ? 1 : 0;
            head.Gradient(output, action, free ? -advantage * ratio / n : 0, -_options.EntropyWeight / n, _outputGradient.AsSpan(i * head.Outputs, head.Outputs));
        }
        (PolicyLoss, Entropy, Divergence, ClippedShare) = (loss, entropies, divergence, (double)clipped / n);
    }

    private void Advantages(RolloutBuffer rollout, ReadOnlySpan<int> samples)
    {
        int n = samples.Length;
        double mean = 0, squares = 0;
        for (int i = 0; i < n; i++) mean += (_advantages[i] = rollout.Advantages[samples[i]]) / n;
        if (!_options.ScaleAdvantages || n < 2) return;
        for (int i = 0; i < n; i++) squares += (_advantages[i] - mean) * (_advantages[i] - mean);
        double scale = 1 / (Math.Sqrt(squares / (n - 1)) + 1e-8);
        for (int i = 0; i < n; i++) _advantages[i] = (_advantages[i] - mean) * scale;
    }

    private static void Shuffle(Span<int> order, RandomStream random)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
