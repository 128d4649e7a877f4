namespace EdgeAutonomy.Learning;

/// <summary>Trains one network of the temporal-motif task.</summary>
public sealed class DelayRun
{
    private readonly DelayRecipe _recipe;
    private readonly Loss<float> _loss = new CrossEntropyLoss<float>(Decision.SumOfSoftmax);
    private readonly ulong _seed;

    /// <summary>Makes a run; nothing is trained yet.</summary>
    /// <param name="recipe">The network and its training.</param>
    /// <param name="seed">The seed of motifs, samples and initial values.</param>
    public DelayRun(DelayRecipe recipe, ulong seed)
    {
        (_recipe, _seed) = (recipe, seed);
        Network = Build(recipe);
        Network.Initialize(seed);
        foreach (var p in Network.Parameters.Where(p => p.Decays))
        {
            for (int i = 0; i < p.Value.Length; i++) p.Value[i] *= (float)recipe.Gain;
        }
        if (recipe.Kind == DelayKind.Random) Round();
        Test = new MotifData(recipe.Task, seed, 1, recipe.TestSamples);
    }

    /// <summary>Gets the network.</summary>
    public Network<float> Network { get; }

    /// <summary>Gets the test samples.</summary>
    public MotifData Test { get; }

    /// <summary>Gets how many weights the network has.</summary>
    public int Weights => Network.Parameters.Where(p => p.Decays).Sum(p => p.Value.Length);

    /// <summary>Gets how many delays the training changes.</summary>
    public int TrainedDelays => _recipe.Kind == DelayKind.Learned ? Network.Layers.OfType<DelayLinearLayer<float>>().Sum(l => l.Positions.Value.Length) : 0;

    /// <summary>Trains to the end.</summary>
    /// <param name="validation">What is tried after epochs; null = nothing.</param>
    /// <param name="validateEvery">After how many.</param>
    /// <param name="checkpoint">Where the state is kept; null = nowhere.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<EpochMetrics> Train(ITrainingData? validation, int validateEvery, string? checkpoint, Action<double, string> progress, CancellationToken stop)
    {
        // Delays that are left as they are must not come before the optimiser at all: their gradient is not zero.
        var trained = Network.Parameters.Where(p => p.Decays || _recipe.Kind == DelayKind.Learned).ToArray();
        var optimiser = new DelayAdam(trained, _recipe.LearningRate, _recipe.DelayRate, _recipe.WeightDecay);
        var trainer = new Trainer(Network, _loss, optimiser, new TrainerOptions
        {
            Epochs = _recipe.Epochs, BatchSize = _recipe.BatchSize, LearningRate = new OneCycleRate(_recipe.LearningRate), Seed = _seed, ValidateEvery = validateEvery,
            CheckpointPath = checkpoint, CheckpointEvery = 5, Progress = progress,
        });
        return trainer.Run(new MotifData(_recipe.Task, _seed, 0, _recipe.Samples), validation, stop);
    }

    /// <summary>Trains the weights on with the delays rounded, at a rate that falls from a fifth of the largest to zero.</summary>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyList<EpochMetrics> TrainRounded(Action<double, string> progress, CancellationToken stop)
    {
        Round();
        var optimiser = new Adam<float>(Network.Parameters.Where(p => p.Decays).ToArray(), weightDecay: _recipe.WeightDecay);
        var trainer = new Trainer(Network, _loss, optimiser, new TrainerOptions
        {
            Epochs = _recipe.RoundedEpochs, BatchSize = _recipe.BatchSize, LearningRate = new CosineRate(_recipe.LearningRate / 5), Seed = new CounterRandom(_seed).For(0x524F554E44).Key, Progress = progress,
        });
        return trainer.Run(new MotifData(_recipe.Task, _seed, 0, _recipe.Samples), null, stop);
    }

    /// <summary>Rounds all delays to whole steps.</summary>
    public void Round()
    {
        foreach (var layer in Network.Layers.OfType<DelayLinearLayer<float>>()) layer.Round();
    }

    /// <summary>Tries the network on samples.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="stop">Ends it.</param>
    public Evaluation Evaluate(ITrainingData data, CancellationToken stop = default) => Evaluation.Of(Network, _loss, data, stop: stop);

    private static Network<float> Build(DelayRecipe r)
    {
        var neurons = new LifOptions { Tau = r.Tau, Surrogate = new Surrogate(SurrogateKind.ATan, 2) };
        var input = new MapSize(r.Task.Channels);
        Layer<float> first = Synapses("in", input, r.Hidden), second = Synapses("out", first.Output, r.Task.Classes);
        return new Network<float>([first, new LifLayer<float>("lif", first.Output, neurons), second, new ReadoutLayer<float>("readout", second.Output, r.ReadoutTau)]);

        Layer<float> Synapses(string name, MapSize from, int outputs) => r.Kind == DelayKind.None
            ? new LinearLayer<float>(name, from, outputs, bias: false)
            : new DelayLinearLayer<float>(name, from, outputs, r.Taps);
    }
}
