namespace EdgeAutonomy.Learning;

/// <summary>Trains one network on pictures and recordings mixed by a curriculum.</summary>
/// <remarks>
/// Classes are drawn evenly; for each sample either a recording of the class or a fresh drawing of it, its brightness on both channels in every step. In the end the
/// statistics of normalisation are taken anew from recordings, in every arm: otherwise a mixture of both kinds would be judged with statistics of the mixture.
/// </remarks>
internal sealed class TransferRun
{
    private const int StatisticsBatches = 30;
    private readonly TransferRecipe _recipe;
    private readonly TransferCurriculum _curriculum;
    private readonly ITrainingData _recordings;
    private readonly CounterRandom _random;
    private readonly int[][] _byClass;
    private readonly Loss<float> _loss;
    private readonly float[] _picture = new float[DrawnDigit.Side * DrawnDigit.Side], _batch;
    private readonly int[] _classes;

    public TransferRun(TransferRecipe recipe, TransferCurriculum curriculum, ITrainingData recordings, ulong seed)
    {
        (_recipe, _curriculum, _recordings) = (recipe, curriculum, recordings);
        _random = new CounterRandom(seed).For(0x5452414E53);
        Network = DigitsNetwork.Build(recipe.Network);
        Network.Initialize(seed);
        _loss = new CrossEntropyLoss<float>(Decision.Mean, recipe.Network.Smoothing);
        _byClass = Enumerable.Range(0, 10).Select(c => Enumerable.Range(0, recordings.Count).Where(i => recordings.ClassOf(i) == c).ToArray()).ToArray();
        _batch = new float[recordings.Steps * recipe.BatchSize * recordings.Size.Count];
        _classes = new int[recipe.BatchSize];
    }

    public Network<float> Network { get; }

    /// <summary>Trains; tells the accuracy on the training batches of each epoch.</summary>
    public IReadOnlyList<double> Train(Action<double, string> progress, CancellationToken stop)
    {
        var optimiser = new Adam<float>(Network.Parameters, weightDecay: _recipe.Network.WeightDecay, decoupled: true);
        var trainer = new Trainer(Network, _loss, optimiser, new TrainerOptions { ClipNorm = 5 });
        var rate = new OneCycleRate(_recipe.LearningRate);
        long steps = (long)_recipe.Epochs * _recipe.Batches;
        var accuracy = new double[_recipe.Epochs];
        for (int epoch = 0; epoch < _recipe.Epochs; epoch++)
        {
            for (int batch = 0; batch < _recipe.Batches; batch++)
            {
                stop.ThrowIfCancellationRequested();
                long step = (long)epoch * _recipe.Batches + batch;
                var own = _random.For((ulong)step);
                FillBatch(_recipe.EventShare(_curriculum, epoch, batch), own);
                var (_, hits, _) = trainer.Step(Pass(own), _batch, _classes, rate.At(step, steps));
                accuracy[epoch] += (double)hits / (_recipe.BatchSize * _recipe.Batches);
            }
            progress((epoch + 1.0) / _recipe.Epochs, FormattableString.Invariant($"epoch {epoch + 1} of {_recipe.Epochs}, accuracy {accuracy[epoch]:P0}"));
        }
        for (int i = 0; i < StatisticsBatches; i++)
        {
            stop.ThrowIfCancellationRequested();
            var own = _random.For((ulong)(steps + i));
            FillBatch(1, own);
            Network.Forward(Pass(own), _batch);
        }
        return accuracy;
    }

    public Evaluation Evaluate(ITrainingData test, CancellationToken stop) => Evaluation.Of(Network, _loss, test, stop: stop);

    /// <summary>Compares what the last spiking layer says (spikes per step) of recordings and of pictures of the same digits.</summary>
    /// <returns>Linear CKA of the pairs, and of the same with the pictures moved on by one.</returns>
    public (double Pairs, double Moved) Alignment(ITrainingData test, CounterRandom pictures, CancellationToken stop)
    {
        int layer = Enumerable.Range(0, Network.Layers.Count).Last(i => Network.Layers[i].Spikes), n = Network.Layers[layer].Output.Count, count = test.Count;
        float[] events = new float[count * n], drawn = new float[count * n], moved = new float[count * n], input = new float[test.Steps * test.Size.Count];
        for (int i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            test.Fill(i, null, 0, 1, input);
            Features(input, test.Steps, layer, events.AsSpan(i * n, n));
            FillPicture(new DrawnDigit(test.ClassOf(i), pictures.For((ulong)i)), test.Steps, 0, 1, input);
            Features(input, test.Steps, layer, drawn.AsSpan(i * n, n));
        }
        drawn.AsSpan(n).CopyTo(moved);
        drawn.AsSpan(0, n).CopyTo(moved.AsSpan((count - 1) * n));
        return (LinearCka.Of(events, drawn, count), LinearCka.Of(events, moved, count));
    }

    private LayerPass Pass(CounterRandom own) => new(_recordings.Steps, _recipe.BatchSize) { Training = true, Random = own.For(ulong.MaxValue) };

    private void FillBatch(double eventShare, CounterRandom own)
    {
        for (int i = 0; i < _recipe.BatchSize; i++)
        {
            var random = own.For((ulong)i);
            int label = (int)random.Uniform(0, 0, 10);
            if (random.Uniform(1) < eventShare)
            {
                var candidates = _byClass[label];
                // A class without recordings lends its place to any other.
                int sample = candidates.Length > 0 ? candidates[(int)random.Uniform(2, 0, candidates.Length)] : (int)random.Uniform(2, 0, _recordings.Count);
                _recordings.Fill(sample, random.For(0), i, _recipe.BatchSize, _batch);
                label = _recordings.ClassOf(sample);
            }
            else
            {
                FillPicture(new DrawnDigit(label, random.For(1)), _recordings.Steps, i, _recipe.BatchSize, _batch);
            }
            _classes[i] = label;
        }
    }

    private void FillPicture(DrawnDigit digit, int steps, int slot, int slots, Span<float> batch)
    {
        digit.Render(0, 0, _picture);
        int n = 2 * _picture.Length;
        for (int t = 0; t < steps; t++)
        {
            var map = batch.Slice((t * slots + slot) * n, n);
            for (int p = 0; p < _picture.Length; p++) map[2 * p] = map[2 * p + 1] = _picture[p];
        }
    }

    private void Features(ReadOnlySpan<float> input, int steps, int layer, Span<float> features)
    {
        Network.Forward(new LayerPass(steps, 1), input);
        var spikes = Network.OutputOf(layer);
        features.Clear();
        for (int i = 0; i < spikes.Length; i++) features[i % features.Length] += spikes[i] / steps;
    }
}
