namespace EdgeAutonomy.Learning;

/// <summary>Trains a network on classes, epoch by epoch, on one thread.</summary>
/// <remarks>
/// Given seed, data and configuration the trained numbers are the same bits, also when the run was interrupted and resumed from a checkpoint. Delays narrow with
/// their schedule (<see cref="DelayLinearLayer{T}.SigmaAt"/>). Not thread-safe.
/// </remarks>
public sealed class Trainer
{
    private readonly Network<float> _network;
    private readonly Loss<float> _loss;
    private readonly Optimiser<float> _optimiser;
    private readonly TrainerOptions _options;
    private readonly List<EpochMetrics> _epochs = [];
    private float[] _batch = [], _gradient = [];
    private int[] _classes = [];
    private double[] _scores = [];
    private long _lastReport, _started;

    /// <summary>Makes a trainer.</summary>
    /// <param name="network">The network, with its initial values.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="optimiser">What changes the network's parameters.</param>
    /// <param name="options">How the training runs.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Trainer(Network<float> network, Loss<float> loss, Optimiser<float> optimiser, TrainerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CheckpointEvery, 1);
        (_network, _loss, _optimiser, _options) = (network, loss, optimiser, options);
    }

    /// <summary>Gets the epochs done.</summary>
    public IReadOnlyList<EpochMetrics> Epochs => _epochs;

    /// <summary>Runs all epochs, or the rest of them where a checkpoint is there.</summary>
    /// <param name="train">The samples.</param>
    /// <param name="validation">Other samples, which are only looked at; null = none.</param>
    /// <param name="stop">Ends the training at the next batch; the last checkpoint stays.</param>
    /// <returns>All epochs, those before a resume included.</returns>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another configuration.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<EpochMetrics> Run(ITrainingData train, ITrainingData? validation = null, CancellationToken stop = default)
    {
        CheckFits(train);
        ulong configuration = Configuration(train);
        _epochs.Clear();
        if (_options.CheckpointPath is { } path && File.Exists(path)) _epochs.AddRange(Checkpoint.Load(path, configuration, _options.Seed, _network, _optimiser));
        _started = _options.Clock.GetTimestamp();
        int first = _epochs.Count;
        for (int epoch = first; epoch < _options.Epochs; epoch++)
        {
            var metrics = RunEpoch(train, epoch, first, stop);
            bool last = epoch == _options.Epochs - 1;
            if (validation is not null && (last || (_options.ValidateEvery > 0 && (epoch + 1) % _options.ValidateEvery == 0)))
            {
                var e = Evaluation.Of(_network, _loss, validation, stop: stop);
                metrics = metrics with { ValidationLoss = e.Loss, ValidationAccuracy = e.Accuracy };
            }
            _epochs.Add(metrics);
            if (_options.CheckpointPath is not null && (last || (epoch + 1) % _options.CheckpointEvery == 0))
            {
                Checkpoint.Save(_options.CheckpointPath, configuration, _options.Seed, _epochs, _network, _optimiser);
            }
        }
        return _epochs;
    }

    /// <summary>Makes one step on a batch.</summary>
    /// <param name="pass">The batch; must be one of training.</param>
    /// <param name="input">[step, sample, input].</param>
    /// <param name="classes">One per sample.</param>
    /// <param name="rate">The learning rate.</param>
    /// <returns>Loss with penalties, right answers, and the norm of the gradient before clipping.</returns>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not finite; nothing was changed.</exception>
    public (double Loss, int Hits, double Norm) Step(in LayerPass pass, ReadOnlySpan<float> input, ReadOnlySpan<int> classes, double rate)
    {
        int n = _network.Output.Count;
        var output = _network.Forward(pass, input);
        if (_gradient.Length < output.Length) _gradient = new float[output.Length];
        if (_scores.Length < pass.Samples * n) _scores = new double[pass.Samples * n];
        double loss = _loss.Evaluate(pass, output, new Targets<float>(classes), _gradient.AsSpan(0, output.Length), _scores);
        _network.ClearGradients();
        loss += _network.Backward(_gradient.AsSpan(0, output.Length));
        double norm = Optimiser<float>.ClipByNorm(_network.Parameters, _options.ClipNorm);
        if (!double.IsFinite(loss) || !double.IsFinite(norm)) throw Diverged(loss, norm);
        _optimiser.Step(rate);
        int hits = 0;
        for (int i = 0; i < pass.Samples; i++) hits += Evaluation.Largest(_scores.AsSpan(i * n, n)) == classes[i] ? 1 : 0;
        return (loss, hits, norm);
    }

    private EpochMetrics RunEpoch(ITrainingData data, int epoch, int first, CancellationToken stop)
    {
        int size = Math.Min(_options.BatchSize, data.Count), batches = data.Count / size, hits = 0;
        var random = new CounterRandom(_options.Seed).For((ulong)epoch);
        var order = new int[data.Count];
        random.Shuffle(order);
        if (_batch.Length < data.Steps * size * data.Size.Count) _batch = new float[data.Steps * size * data.Size.Count];
        if (_classes.Length != size) _classes = new int[size];
        var input = _batch.AsSpan(0, data.Steps * size * data.Size.Count);
        foreach (var layer in _network.Layers.OfType<DelayLinearLayer<float>>()) layer.Sigma = layer.SigmaAt(epoch, _options.Epochs);
        double loss = 0, norm = 0, rate = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            stop.ThrowIfCancellationRequested();
            var own = random.For((ulong)batch);
            for (int i = 0; i < size; i++)
            {
                int sample = order[batch * size + i];
                data.Fill(sample, _options.Augment ? own.For((ulong)sample) : null, i, size, input);
                _classes[i] = data.ClassOf(sample);
            }
            rate = _options.LearningRate.At((long)epoch * batches + batch, (long)_options.Epochs * batches);
            var step = Step(new LayerPass(data.Steps, size) { Training = true, Random = own.For(ulong.MaxValue) }, input, _classes, rate);
            loss += step.Loss / batches;
            norm += step.Norm / batches;
            hits += step.Hits;
            Report(epoch, batch + 1, batches, first, step.Loss);
        }
        return new EpochMetrics(epoch, rate, loss, hits / (double)(batches * size), norm, double.NaN, double.NaN);
    }

    private void Report(int epoch, int batch, int batches, int first, double loss)
    {
        long now = _options.Clock.GetTimestamp();
        bool end = batch == batches && epoch == _options.Epochs - 1;
        if (!end && _lastReport != 0 && _options.Clock.GetElapsedTime(_lastReport, now) < TimeSpan.FromSeconds(0.25)) return;
        _lastReport = now;
        double all = (double)_options.Epochs * batches, done = (double)epoch * batches + batch, here = done - (double)first * batches;
        var left = _options.Clock.GetElapsedTime(_started, now) * ((all - done) / here);
        string before = _epochs.Count == 0 ? "" : FormattableString.Invariant($", accuracy {_epochs[^1].Accuracy:P1}") + (double.IsNaN(_epochs[^1].ValidationAccuracy) ? "" : FormattableString.Invariant($", validation {_epochs[^1].ValidationAccuracy:P1}"));
        _options.Progress(done / all, FormattableString.Invariant($"epoch {epoch + 1} of {_options.Epochs}, batch {batch} of {batches}, loss {loss:0.000}{before}, {(int)left.TotalMinutes}:{left.Seconds:00} left"));
    }

    private void CheckFits(ITrainingData data)
    {
        if (data.Count == 0) throw new ArgumentException("The training set is empty.", nameof(data));
        if (data.Size.Count != _network.Input.Count || data.Classes > _network.Output.Count)
        {
            throw new ArgumentException($"The samples are {data.Size} with {data.Classes} classes, the network takes {_network.Input} and has {_network.Output.Count} outputs.", nameof(data));
        }
    }

    private ulong Configuration(ITrainingData data)
    {
        var text = FormattableString.Invariant($"{_options.Epochs} {_options.BatchSize} {_options.LearningRate} {_options.ClipNorm} {_options.Augment} {data.Count} {data.Size} {data.Steps} {_optimiser.Description} {_loss.Description} {_options.Configuration}");
        foreach (var p in _network.Parameters) text += $" {p.Name}:{p.Value.Length}";
        return RandomStream.Fnv1a(text);
    }

    private TrainingDivergedException Diverged(double loss, double norm)
    {
        int layer = 0;
        while (layer < _network.Layers.Count && !HasOutlier(_network.OutputOf(layer))) layer++;
        string where = layer < _network.Layers.Count ? $"the outputs of layer '{_network.Layers[layer].Name}' are the first that are not finite" : "all outputs are finite, the gradients are not";
        return new TrainingDivergedException(FormattableString.Invariant($"Epoch {_epochs.Count + 1}, step {_optimiser.Steps + 1}: the loss is {loss}, the norm of the gradient {norm}; {where}. Lower the learning rate or set a bound on the norm."));
    }

    private static bool HasOutlier(ReadOnlySpan<float> values)
    {
        foreach (float v in values)
        {
            if (!float.IsFinite(v)) return true;
        }
        return false;
    }
}
