using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>Teaches a network to choose as an expert does: cross-entropy over the candidates, one round of correction on the learner's own states (notes G.4).</summary>
/// <remarks>The probabilities run over all candidates, those that cannot be carried out included, so that the same start serves masked and unmasked learning. Deterministic; not thread-safe.</remarks>
public sealed class BehaviourCloning
{
    private readonly CandidateNetwork<float> _network;
    private readonly CloningOptions _options;
    private readonly CandidateBatch<float> _batch;
    private readonly ulong _seed;
    private float[] _gradient = [];
    private double[] _logs = [];

    /// <summary>Makes a teacher.</summary>
    /// <param name="network">Who learns.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">The seed of missions, noise and order.</param>
    /// <exception cref="ArgumentException">An option breaks its rule.</exception>
    public BehaviourCloning(CandidateNetwork<float> network, CloningOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_network, _options, _seed, _batch) = (network, options, seed, new CandidateBatch<float>(network.Shape));
    }

    /// <summary>Gets the losses per epoch: that of training and that of the episodes kept for early stopping, in nat per step.</summary>
    public LearningLog Log { get; } = new();

    /// <summary>Gets how many environment steps were played.</summary>
    public long Steps { get; private set; }

    /// <summary>Records the expert, learns, lets the learner act under the expert's eyes, and learns from all of it.</summary>
    /// <param name="missions">Where; none that is held out is started.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public void Run(IMissionSet missions, CancellationToken stop = default)
    {
        var numbers = new MissionNumbers(missions);
        var random = RandomStream.For(_seed, "cloning");
        var data = Demonstrations.Record(missions, numbers.Draw(random, _options.Episodes), _seed, _options.Noise, stop).ToList();
        Steps += data.Sum(t => (long)t.Length);
        Learn(data, _seed, stop);
        if (_options.CorrectedEpisodes == 0) return;
        // Executable commands only: corrections are for states that the robot can come to.
        var own = new MissionPlayer(_network).Play(missions, numbers.Draw(random, _options.CorrectedEpisodes), _seed + 1, new PlayOptions { Labels = true, PolicyVersion = "cloning" }, stop);
        Steps += own.Sum(t => (long)t.Length);
        data.AddRange(own);
        Learn(data, _seed + 1, stop);
    }

    /// <summary>Learns from labelled episodes and keeps the weights that were best on those kept aside.</summary>
    /// <param name="data">The episodes, with labels and candidates; at least 2.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="stop">Ends it early.</param>
    public void Learn(IReadOnlyList<Trajectory> data, ulong seed, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count < 2) throw new ArgumentException($"Behaviour cloning from {data.Count} episodes; must be 2 or more, one of them kept aside.", nameof(data));
        var random = new CounterRandom(seed).For(0x434C4F4E);
        var order = new int[data.Count];
        random.For(0).Shuffle(order);
        int aside = Math.Max(1, (int)(data.Count * _options.Validation));
        int[] kept = order[..aside], taught = order[aside..];
        var optimiser = new Adam<float>(_network.Parameters);
        var best = new CandidateNetwork<float>(_network.Shape, _network.Options);
        double least = double.PositiveInfinity;
        int since = 0;
        var places = new int[taught.Length];
        for (int epoch = 0; epoch < _options.Epochs && since < _options.Patience; epoch++)
        {
            random.For((ulong)(epoch + 1)).Shuffle(places);
            double loss = 0;
            int steps = 0;
            for (int from = 0; from < taught.Length; from += _options.Batch)
            {
                stop.ThrowIfCancellationRequested();
                int[] which = [.. places.Skip(from).Take(_options.Batch).Select(p => taught[p])];
                var (part, rows) = Pass(data, which, random.For((ulong)(epoch + 1)), learns: true);
                if (rows == 0) continue;
                double norm = GradientNorm.Clip(_network.Parameters, _options.ClipNorm);
                if (!double.IsFinite(part) || !double.IsFinite(norm)) throw new TrainingDivergedException(FormattableString.Invariant($"Behaviour cloning, epoch {epoch + 1}: the loss is {part}, the norm of the gradient {norm}; lower the learning rate."));
                optimiser.Step(_options.LearningRate);
                (loss, steps) = (loss + part, steps + rows);
            }
            var (validation, seen) = Pass(data, kept, random, learns: false);
            validation /= Math.Max(1, seen);
            Log.Add(Log.Steps.Count, [("cloning/loss", loss / Math.Max(1, steps)), ("cloning/validation", validation)]);
            if (validation < least)
            {
                (least, since) = (validation, 0);
                best.CopyFrom(_network);
            }
            else
            {
                since++;
            }
        }
        if (!double.IsPositiveInfinity(least)) _network.CopyFrom(best);
    }

    // Returns the sum of the losses and how many steps have a label.
    private (double Loss, int Steps) Pass(IReadOnlyList<Trajectory> data, int[] which, CounterRandom random, bool learns)
    {
        Func<Trajectory, int, int, bool>? keep = _options.Negatives >= 1 ? null : (t, step, i) => random.For((ulong)t.Number).Uniform(((ulong)step << 20) + (ulong)i) < _options.Negatives;
        _batch.Load(data, which, CandidateSet.Plausible, final: false, labels: true, keep);
        _network.Forward(_batch, values: false);
        if (_gradient.Length < _batch.Items) _gradient = new float[_batch.Items];
        var gradient = _gradient.AsSpan(0, _batch.Items);
        gradient.Clear();
        int labelled = _batch.Rows - _batch.Chosen.Count(-1);
        double loss = 0;
        for (int r = 0; r < _batch.Rows; r++)
        {
            if (_batch.Chosen[r] < 0) continue;
            int from = _batch.Starts[r], count = _batch.Starts[r + 1] - from;
            if (_logs.Length < count) _logs = new double[count];
            var logs = _logs.AsSpan(0, count);
            double entropy = CandidateChoice.Spread(_network.Scores.Slice(from, count), logs);
            loss -= logs[_batch.Chosen[r]];
            if (learns) CandidateChoice.AddGradient(logs, entropy, _batch.Chosen[r], -1.0 / labelled, 0, gradient.Slice(from, count));
        }
        if (!learns || labelled == 0) return (loss, labelled);
        _network.ClearGradients();
        _network.Backward(_batch, gradient, default);
        return (loss, labelled);
    }
}
