using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>The updates of one iteration: values and advantages once, then epochs of minibatches of whole episodes.</summary>
internal sealed class MissionUpdate : IFreezable
{
    // Episodes per pass where nothing is learned; bounds the memory, not the result.
    private const int Chunk = 16;
    private const double AdamEpsilon = 1e-5;
    private readonly CandidateNetwork<float> _network, _anchor;
    private readonly MissionPpoOptions _options;
    private readonly CandidateBatch<float> _batch;
    private readonly Adam<float> _optimiser;
    private readonly List<int> _minibatch = [];
    private double[] _values = [], _advantages = [], _targets = [], _logs = [];
    private float[] _potentials = [], _rewards = [], _byScore = [], _byValue = [], _anchorLogs = [];
    private int[] _first = [], _anchorFirst = [], _order = [];
    private double _sumPolicy, _sumValue, _sumEntropy, _sumDivergence, _sumAnchor, _sumClipped, _sumSteps;

    public MissionUpdate(CandidateNetwork<float> network, CandidateNetwork<float> anchor, MissionPpoOptions options)
    {
        (_network, _anchor, _options) = (network, anchor, options);
        _batch = new CandidateBatch<float>(network.Shape);
        _optimiser = new Adam<float>(network.Parameters, epsilon: AdamEpsilon);
    }

    public double PolicyLoss => _sumPolicy / _sumSteps;

    public double ValueLoss => _sumValue / _sumSteps;

    /// <summary>Gets the mean entropy divided by ln of the number of candidates.</summary>
    public double Entropy => _sumEntropy / _sumSteps;

    /// <summary>Gets the estimate (ρ − 1) − ln ρ of the divergence between the new policy and the one that acted.</summary>
    public double Divergence => _sumDivergence / _sumSteps;

    public double AnchorDivergence => _sumAnchor / _sumSteps;

    public double ClippedShare => _sumClipped / _sumSteps;

    /// <summary>Gets the steps learned from, all epochs counted.</summary>
    public long StepsLearned { get; private set; }

    /// <summary>Learns from episodes.</summary>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    public void Run(IReadOnlyList<Trajectory> rollouts, IReturnAttributor attributor, CounterRandom random, double rate)
    {
        Attribute(rollouts, attributor);
        Judge(rollouts);
        Advantages(rollouts);
        if (_options.AnchorWeight > 0) Anchor(rollouts);
        (_sumPolicy, _sumValue, _sumEntropy, _sumDivergence, _sumAnchor, _sumClipped, _sumSteps) = (0, 0, 0, 0, 0, 0, 0);
        if (_order.Length != rollouts.Count) _order = new int[rollouts.Count];
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            random.For((ulong)epoch).Shuffle(_order);
            for (int at = 0; at < _order.Length;)
            {
                int steps = 0;
                _minibatch.Clear();
                while (at < _order.Length && steps < _options.MinibatchSteps)
                {
                    steps += rollouts[_order[at]].Length;
                    _minibatch.Add(_order[at++]);
                }
                Step(rollouts, rate);
            }
        }
    }

    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_optimiser.Steps);
        w.Write(StepsLearned);
        foreach (var (_, values) in _optimiser.State) w.WriteSpan<float>(values);
        w.WriteSpan<double>([_sumPolicy, _sumValue, _sumEntropy, _sumDivergence, _sumAnchor, _sumClipped, _sumSteps]);
    }

    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "mission update");
        _optimiser.Steps = r.Read<long>();
        StepsLearned = r.Read<long>();
        r.Require(_optimiser.Steps >= 0 && StepsLearned >= 0, "a count");
        foreach (var (_, values) in _optimiser.State) r.ReadFinite(values, "moments");
        Span<double> sums = stackalloc double[7];
        r.ReadSpan(sums);
        (_sumPolicy, _sumValue, _sumEntropy, _sumDivergence, _sumAnchor, _sumClipped, _sumSteps) = (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
        r.End();
    }

    // Flat over all steps; each episode has one place more than steps, for what it bootstraps from.
    private void Attribute(IReadOnlyList<Trajectory> rollouts, IReturnAttributor attributor)
    {
        if (_first.Length < rollouts.Count + 1) _first = new int[rollouts.Count + 1];
        for (int e = 0; e < rollouts.Count; e++) _first[e + 1] = _first[e] + rollouts[e].Length + 1;
        int all = _first[rollouts.Count];
        if (_rewards.Length < all) (_rewards, _potentials, _values, _advantages, _targets, _anchorFirst) = (new float[all], new float[all], new double[all], new double[all], new double[all], new int[all]);
        Array.Clear(_potentials);
        for (int e = 0; e < rollouts.Count; e++)
        {
            attributor.Attribute(rollouts[e], _rewards.AsSpan(_first[e], rollouts[e].Length));
            if (attributor is IHistoryPotential p) p.Potentials(rollouts[e], _potentials.AsSpan(_first[e], rollouts[e].Length + 1));
        }
    }

    private void Judge(IReadOnlyList<Trajectory> rollouts)
    {
        Array.Clear(_values);
        if (!_options.HasCritic) return;
        for (int from = 0; from < rollouts.Count; from += Chunk)
        {
            _batch.Load(rollouts, Range(from, rollouts.Count), _options.Set, final: true, items: false);
            Potentials();
            _network.Forward(_batch);
            for (int r = 0; r < _batch.Rows; r++) _values[_first[_batch.Episode[r]] + _batch.Step[r]] = _network.Values[r];
        }
    }

    private void Advantages(IReadOnlyList<Trajectory> rollouts)
    {
        double mean = 0, squares = 0;
        int n = 0;
        for (int e = 0; e < rollouts.Count; e++)
        {
            int from = _first[e], length = rollouts[e].Length;
            MissionAdvantages.Compute(_rewards.AsSpan(from, length), _values.AsSpan(from, length + 1), _options.Discount, _options.HasCritic ? _options.Lambda : 1, _advantages.AsSpan(from, length));
            for (int t = from; t < from + length; t++)
            {
                _targets[t] = _advantages[t] + _values[t];
                mean += _advantages[t];
                n++;
            }
        }
        mean /= n;
        for (int e = 0; e < rollouts.Count; e++)
        {
            for (int t = _first[e]; t < _first[e + 1] - 1; t++) squares += (_advantages[t] - mean) * (_advantages[t] - mean);
        }
        double scale = 1 / (Math.Sqrt(squares / Math.Max(1, n - 1)) + 1e-8);
        for (int e = 0; e < rollouts.Count; e++)
        {
            for (int t = _first[e]; t < _first[e + 1] - 1; t++) _advantages[t] = (_advantages[t] - mean) * scale;
        }
    }

    private void Anchor(IReadOnlyList<Trajectory> rollouts)
    {
        int used = 0;
        for (int from = 0; from < rollouts.Count; from += Chunk)
        {
            _batch.Load(rollouts, Range(from, rollouts.Count), _options.Set, final: false);
            _anchor.Forward(_batch, values: false);
            if (_anchorLogs.Length < used + _batch.Items) Array.Resize(ref _anchorLogs, 2 * (used + _batch.Items));
            for (int r = 0; r < _batch.Rows; r++)
            {
                int at = _batch.Starts[r], count = _batch.Starts[r + 1] - at;
                var logs = Logs(count);
                CandidateChoice.Spread(_anchor.Scores.Slice(at, count), logs);
                _anchorFirst[_first[_batch.Episode[r]] + _batch.Step[r]] = used;
                for (int i = 0; i < count; i++) _anchorLogs[used++] = (float)logs[i];
            }
        }
    }

    private void Step(IReadOnlyList<Trajectory> rollouts, double rate)
    {
        _batch.Load(rollouts, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_minibatch), _options.Set, final: false);
        Potentials();
        _network.Forward(_batch, values: _options.HasCritic);
        if (_byScore.Length < _batch.Items) _byScore = new float[_batch.Items];
        if (_byValue.Length < _batch.Rows) _byValue = new float[_batch.Rows];
        Array.Clear(_byScore);
        double loss = 0;
        for (int r = 0; r < _batch.Rows; r++) loss += Row(rollouts, r);
        _network.ClearGradients();
        _network.Backward(_batch, _byScore.AsSpan(0, _batch.Items), _options.HasCritic ? _byValue.AsSpan(0, _batch.Rows) : default);
        double norm = GradientNorm.Clip(_network.Parameters, _options.ClipNorm);
        if (!double.IsFinite(loss) || !double.IsFinite(norm)) throw new TrainingDivergedException(FormattableString.Invariant($"Mission PPO, update {_optimiser.Steps + 1}: the loss is {loss}, the norm of the gradient {norm}. Lower the learning rate, or scale rewards."));
        _optimiser.Step(rate);
        StepsLearned += _batch.Rows;
    }

    private double Row(IReadOnlyList<Trajectory> rollouts, int r)
    {
        int e = _batch.Episode[r], t = _batch.Step[r], s = _first[e] + t, n = _batch.Rows, at = _batch.Starts[r], count = _batch.Starts[r + 1] - at;
        var logs = Logs(count);
        double entropy = CandidateChoice.Spread(_network.Scores.Slice(at, count), logs);
        int chosen = _batch.Chosen[r];
        double difference = logs[chosen] - rollouts[e].LogProbabilities[t], ratio = DeterministicMath.Exp(difference), advantage = _advantages[s];
        double bounded = Math.Clamp(ratio, 1 - _options.ClipRange, 1 + _options.ClipRange);
        // Where the bounded product is the smaller one, the loss does not depend on the policy.
        bool free = ratio * advantage <= bounded * advantage;
        double scale = count > 1 ? 1 / DeterministicMath.Log(count) : 0;
        var gradient = _byScore.AsSpan(at, count);
        CandidateChoice.AddGradient(logs, entropy, chosen, free ? -advantage * ratio / n : 0, -_options.EntropyWeight * scale / n, gradient);
        double anchor = _options.AnchorWeight == 0 ? 0 : CandidateChoice.AddDivergence(logs, _anchorLogs.AsSpan(_anchorFirst[s], count), _options.AnchorWeight / n, gradient);
        double error = _options.HasCritic ? _network.Values[r] - _targets[s] : 0, policy = -Math.Min(ratio * advantage, bounded * advantage);
        _byValue[r] = (float)(2 * _options.ValueWeight * error / n);
        _sumPolicy += policy;
        _sumValue += error * error;
        _sumEntropy += entropy * scale;
        _sumDivergence += ratio - 1 - difference;
        _sumAnchor += anchor;
        _sumClipped += Math.Abs(ratio - 1) > _options.ClipRange ? 1 : 0;
        _sumSteps++;
        return policy + error * error;
    }

    private void Potentials()
    {
        for (int r = 0; r < _batch.Rows; r++) _batch.Potentials[r] = _potentials[_first[_batch.Episode[r]] + _batch.Step[r]];
    }

    private Span<double> Logs(int count)
    {
        if (_logs.Length < count) _logs = new double[2 * count];
        return _logs.AsSpan(0, count);
    }

    private static int[] Range(int from, int count) => [.. Enumerable.Range(from, Math.Min(Chunk, count - from))];
}
