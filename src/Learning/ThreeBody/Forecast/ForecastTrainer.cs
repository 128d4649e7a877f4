using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>Trains an <see cref="ErrorForecast"/> by regression: a contextual bandit with full information, since the trials of a retry label every rung they touch.</summary>
/// <remarks>
/// The loss is that of a quantile, rounded at the bottom (0.3 decades) so that its gradient is continuous. The weights that are kept are those with the least loss on validation seeds, looked at after every epoch. Frozen
/// and thawed between epochs it goes on bit for bit. Everything follows from options and seed.
/// </remarks>
public sealed class ForecastTrainer : IFreezable
{
    private const int ValidationEpisodes = 20;
    private const double Rounding = 0.3;
    private readonly ForecastOptions _options;
    private readonly Network<float> _network;
    private readonly Adam<float> _optimiser;
    private readonly RandomStream _random;
    private readonly ForecastData _data, _validation;
    private readonly float[][] _best;
    private readonly float[] _features, _gradient;
    private readonly int[] _drawn;

    /// <summary>Plays the episodes to learn from, and makes a network with fresh weights.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="seed">The seed of episodes, weights and batches.</param>
    /// <param name="progress">Is told how far the playing is, 0 … 1.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public ForecastTrainer(ForecastOptions options, ulong seed, Action<double>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_options, Seed) = (options, seed);
        _random = RandomStream.For(seed, "forecast");
        (uint first, uint last) = SeedSet.Training.Bounds();
        TrainingSeeds = [.. Enumerable.Range(0, options.Episodes).Select(_ => first + (uint)_random.NextInt32((int)(last - first + 1)))];
        _data = new ForecastData(options with { Environment = options.Environment with { Seeds = SeedSet.Training } }, TrainingSeeds, _random, progress, stop);
        (uint validation, _) = SeedSet.Validation.Bounds();
        uint[] held = [.. Enumerable.Range(0, Math.Min(ValidationEpisodes, options.Episodes)).Select(i => validation + (uint)i)];
        _validation = new ForecastData(options with { Environment = options.Environment with { Seeds = SeedSet.Validation } }, held, RandomStream.For(0, "forecast-validation"), null, stop);
        _network = Build(options.Hidden, _data.Rungs);
        _network.Initialize(seed);
        _optimiser = new Adam<float>(_network.Parameters);
        _best = [.. _network.Parameters.Select(p => (float[])p.Value.Clone())];
        (_features, _gradient, _drawn) = (new float[options.BatchSize * OrbitFeatures.Count], new float[options.BatchSize * _data.Rungs], new int[options.BatchSize]);
    }

    /// <summary>Gets the seed.</summary>
    public ulong Seed { get; }

    /// <summary>Gets the seeds of the episodes it learns from; all in <see cref="SeedSet.Training"/>.</summary>
    public IReadOnlyList<uint> TrainingSeeds { get; }

    /// <summary>Gets how many epochs are done.</summary>
    public int Epoch { get; private set; }

    /// <summary>Gets whether all are.</summary>
    public bool IsDone => Epoch >= _options.Epochs;

    /// <summary>Gets the states it learns from.</summary>
    public int States => _data.Count;

    /// <summary>Gets the mean quantile loss of the last epoch, in decades; NaN before the first.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>Gets the least loss on validation seeds so far, in decades; infinite before the first epoch.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>Gets the loss of the last epoch on validation seeds.</summary>
    public double ValidationLoss { get; private set; } = double.NaN;

    /// <summary>Gets the hash of what must be the same to resume.</summary>
    public ulong Configuration => RandomStream.Fnv1a(FormattableString.Invariant($"forecast {_options.Description} {Seed}"));

    /// <summary>Sees every state once.</summary>
    /// <param name="stop">Ends it between two updates; the epoch must be done again then, from the last frozen state.</param>
    /// <exception cref="TrainingDivergedException">The loss is not finite.</exception>
    public void RunEpoch(CancellationToken stop = default)
    {
        int updates = Math.Max(1, _data.Count / _options.BatchSize);
        double loss = 0;
        for (int i = 0; i < updates; i++)
        {
            stop.ThrowIfCancellationRequested();
            loss += Update((Epoch + ((double)i / updates)) / _options.Epochs) / updates;
        }
        if (!double.IsFinite(loss)) throw new TrainingDivergedException(FormattableString.Invariant($"Error forecast, epoch {Epoch + 1}: the loss is {loss}. Lower the learning rate."));
        (Loss, ValidationLoss) = (loss, Validate());
        Epoch++;
        if (ValidationLoss >= BestLoss) return;
        BestLoss = ValidationLoss;
        for (int i = 0; i < _best.Length; i++) _network.Parameters[i].Value.CopyTo(_best[i], 0);
    }

    /// <summary>Returns the forecast with the best weights so far.</summary>
    public ErrorForecast Best()
    {
        var forecast = new ErrorForecast(_options.Environment.Ladder, _options.Hidden);
        var network = Build(_options.Hidden, _data.Rungs);
        for (int i = 0; i < _best.Length; i++) _best[i].CopyTo(network.Parameters[i].Value, 0);
        forecast.Take(network);
        return forecast;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(Epoch);
        w.Write(Loss);
        w.Write(ValidationLoss);
        w.Write(BestLoss);
        w.Write(_optimiser.Steps);
        w.Write(_random);
        foreach (float[] array in Arrays()) w.WriteSpan<float>(array);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "training of an error forecast");
        Epoch = r.ReadInt32(0, int.MaxValue);
        Loss = r.Read<double>();
        ValidationLoss = r.Read<double>();
        BestLoss = r.Read<double>();
        _optimiser.Steps = r.Read<long>();
        r.Require(_optimiser.Steps >= 0, "a count");
        r.Read(_random);
        foreach (float[] array in Arrays()) r.ReadFinite(array, "weights");
        r.End();
    }

    private static Network<float> Build(int hidden, int rungs)
    {
        if (hidden == 0) return new Network<float>([new LinearLayer<float>("out", new MapSize(OrbitFeatures.Count), rungs)]);
        return new Network<float>(
        [
            new LinearLayer<float>("fc1", new MapSize(OrbitFeatures.Count), hidden), new ReluLayer<float>("relu1", new MapSize(hidden)),
            new LinearLayer<float>("fc2", new MapSize(hidden), hidden), new ReluLayer<float>("relu2", new MapSize(hidden)),
            new LinearLayer<float>("out", new MapSize(hidden), rungs),
        ]);
    }

    private double Update(double share)
    {
        int n = _options.BatchSize;
        for (int i = 0; i < n; i++)
        {
            _drawn[i] = _random.NextInt32(_data.Count);
            Row(_data.Features, _drawn[i], OrbitFeatures.Count).CopyTo(Row(_features, i, OrbitFeatures.Count));
        }
        ReadOnlySpan<float> made = _network.Forward(new LayerPass(1, n) { Training = true }, _features);
        double loss = 0;
        int labels = 0;
        for (int i = 0; i < n; i++) loss += Compare(Row(made, i, _data.Rungs), Row(_data.Labels, _drawn[i], _data.Rungs), Row(_gradient, i, _data.Rungs), ref labels);
        _network.ClearGradients();
        _network.Backward(_gradient);
        Optimiser<float>.ClipByNorm(_network.Parameters, 10);
        _optimiser.Step(_options.LearningRate * 0.5 * (1 + DeterministicMath.Cos(Math.PI * share)));
        return loss / Math.Max(1, labels);
    }

    private double Validate()
    {
        double loss = 0;
        int labels = 0, n = _options.BatchSize;
        for (int from = 0; from < _validation.Count; from += n)
        {
            int some = Math.Min(n, _validation.Count - from);
            ReadOnlySpan<float> made = _network.Forward(new LayerPass(1, some), _validation.Features.AsSpan(from * OrbitFeatures.Count, some * OrbitFeatures.Count));
            for (int i = 0; i < some; i++) loss += Compare(Row(made, i, _data.Rungs), Row(_validation.Labels, from + i, _data.Rungs), Row(_gradient, 0, _data.Rungs), ref labels);
        }
        return loss / Math.Max(1, labels);
    }

    // The loss of a quantile q: an overestimate d costs (1 − q)·d, an underestimate q·d. Rungs without label have no gradient.
    private double Compare(ReadOnlySpan<float> made, ReadOnlySpan<float> labels, Span<float> gradient, ref int count)
    {
        double loss = 0;
        for (int k = 0; k < labels.Length; k++)
        {
            gradient[k] = 0;
            if (float.IsNaN(labels[k])) continue;
            double over = made[k] - labels[k], weight = 2 * (over > 0 ? 1 - _options.Quantile : _options.Quantile);
            loss += 0.5 * weight * Math.Abs(over);
            gradient[k] = (float)(weight * Math.Clamp(over / Rounding, -1, 1) / _options.BatchSize);
            count++;
        }
        return loss;
    }

    private IEnumerable<float[]> Arrays() => _network.Parameters.Select(p => p.Value).Concat(_optimiser.State.Select(s => s.Values)).Concat(_best);

    private static Span<float> Row(float[] all, int row, int width) => all.AsSpan(row * width, width);

    private static ReadOnlySpan<float> Row(ReadOnlySpan<float> all, int row, int width) => all.Slice(row * width, width);
}
