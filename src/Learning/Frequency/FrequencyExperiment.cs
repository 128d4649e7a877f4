namespace EdgeAutonomy.Learning;

/// <summary>Spiking neurons as low-pass filters, and what max pools do for what is left of high frequencies.</summary>
public sealed class FrequencyExperiment : IExperiment
{
    private const double LittleNoise = 0.02, MuchNoise = 0.12;
    private const string Accuracy = "test accuracy, %", Deviation = "largest deviation of the measured from the analytic gain, %";
    private readonly PoolingRecipe _recipe;
    private readonly TextureOptions _textures;

    /// <summary>Makes the experiment.</summary>
    public FrequencyExperiment()
        : this(new PoolingRecipe(), new TextureOptions())
    {
    }

    internal FrequencyExperiment(PoolingRecipe recipe, TextureOptions textures) => (_recipe, _textures) = (recipe, textures);

    /// <inheritdoc/>
    public string Name => "frequency";

    /// <inheritdoc/>
    public string Summary => "Frequency response of spiking neurons, and max against average pools on fine and coarse event textures.";

    /// <inheritdoc/>
    public string Source => "Fang et al. 2025, Spiking Transformers Need High-Frequency Information (Max-Former), arXiv 2505.18608";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        int seeds = Math.Max(1, context.Seeds);
        var recipe = context.Quick ? _recipe with { Epochs = Math.Max(1, _recipe.Epochs / 3), Samples = Math.Max(_recipe.BatchSize, _recipe.Samples / 2), TestSamples = Math.Max(1, _recipe.TestSamples / 2) } : _recipe;
        var table = new SeedTable();
        var curves = Responses(table, context);
        string? place = context.DataFolder is { } folder && Directory.Exists(Path.Combine(folder, "events", "nmnist-small")) ? folder : null;
        List<(string Name, Func<ulong, (ITrainingData Train, ITrainingData Test)> Load)> tasks = [];
        foreach (bool fine in (bool[])[true, false])
        {
            foreach (double noise in (double[])[LittleNoise, MuchNoise])
            {
                var textures = _textures with { Fine = fine, Noise = noise };
                tasks.Add(($"{(fine ? "fine" : "coarse")} textures, {100 * noise:0} % noise", seed => (new TextureData(textures, seed, 0, recipe.Samples), new TextureData(textures, seed, 1, recipe.TestSamples))));
            }
        }
        if (place is not null && recipe == _recipe) // quick runs leave the recordings out
        {
            var options = new NmnistOptions { Steps = 8, StepUs = 39_000 };
            NmnistData train = NmnistData.Load(place, "train1K.txt", options), test = NmnistData.Load(place, "test100.txt", options);
            tasks.Add(("N-MNIST, 1,000 recordings", _ => (train, test)));
        }
        PoolKind[] pools = [PoolKind.Max, PoolKind.Average];
        int total = seeds * tasks.Count * pools.Length, done = 0;
        for (int s = 0; s < seeds; s++)
        {
            ulong seed = context.Seed + (ulong)s;
            foreach (var (name, load) in tasks)
            {
                var (train, test) = load(seed);
                foreach (var pool in pools)
                {
                    string arm = ArmOf(name, pool);
                    double before = 0.02 + 0.98 * done++ / total;
                    RunArm(recipe, arm, pool, seed, train, test, table, (share, what) => context.Progress(before + share * 0.98 / total, $"seed {s + 1} of {seeds}, {arm}: {what}"), context.Stop);
                }
            }
        }
        foreach (var (name, _) in tasks) table.AddDifference(ArmOf(name, PoolKind.Max), ArmOf(name, PoolKind.Average), Accuracy);
        return new ExperimentResult(table.Rows(), [.. curves, .. table.Curves()], Notes(recipe, place, tasks.Count > 4));
    }

    private static string ArmOf(string task, PoolKind pool) => $"{task}, {(pool == PoolKind.Max ? "max" : "average")} pools";

    private static List<ExperimentCurve> Responses(SeedTable table, ExperimentContext context)
    {
        (string Name, LifOptions Neurons)[] kinds =
        [
            ("LIF, tau 2, input divided by it", new LifOptions { Tau = 2, DecayInput = true }),
            ("LIF, tau 5", new LifOptions { Tau = 5 }),
            ("IF", new LifOptions { Tau = double.PositiveInfinity }),
        ];
        // From slow to nearly half a cycle per step; no simple fractions, so that the steps fall on ever new phases of the sine.
        double[] frequencies = context.Quick ? [0.0123, 0.0517, 0.1531, 0.2719, 0.4573] : [0.0057, 0.0123, 0.0237, 0.0517, 0.0911, 0.1531, 0.2093, 0.2719, 0.3433, 0.4019, 0.4573];
        var curves = new List<ExperimentCurve>();
        for (int i = 0; i < kinds.Length; i++)
        {
            var (name, neurons) = kinds[i];
            double decay = 1 - 1 / neurons.Tau, gain = neurons.DecayInput ? 1 / neurons.Tau : 1, worst = 0;
            List<(double, Interval)> measured = [], analytic = [];
            foreach (double f in frequencies)
            {
                context.Stop.ThrowIfCancellationRequested();
                double a = FrequencyResponse.Analytic(decay, gain, f), m = FrequencyResponse.Measure(neurons, f);
                worst = Math.Max(worst, Math.Abs(m / a - 1));
                measured.Add((f, new Interval(m, m, m, 1)));
                analytic.Add((f, new Interval(a, a, a, 1)));
            }
            table.Add(name, Deviation, 100 * worst, $"{frequencies.Length} frequencies; measured by spikes alone");
            table.Add(name, "gain at 0.0123 over gain at 0.4573 cycles per step", FrequencyResponse.Measure(neurons, 0.0123) / FrequencyResponse.Measure(neurons, 0.4573), "above 1: a low-pass filter");
            curves.Add(new ExperimentCurve($"{name}, measured", "cycles per step", "gain", measured));
            curves.Add(new ExperimentCurve($"{name}, analytic", "cycles per step", "gain", analytic));
            context.Progress(0.02 * (i + 1) / kinds.Length, "frequency response of " + name);
        }
        return curves;
    }

    private static void RunArm(PoolingRecipe recipe, string arm, PoolKind pool, ulong seed, ITrainingData train, ITrainingData test, SeedTable table, Action<double, string> progress, CancellationToken stop)
    {
        var network = recipe.Build(train.Size, train.Classes, pool);
        network.Initialize(seed);
        var loss = new CrossEntropyLoss<float>();
        var trainer = new Trainer(network, loss, new Adam<float>(network.Parameters, weightDecay: 1e-2, decoupled: true), new TrainerOptions
        {
            Epochs = recipe.Epochs, BatchSize = recipe.BatchSize, LearningRate = new OneCycleRate(recipe.LearningRate), ClipNorm = 5, Seed = seed, Progress = progress,
        });
        foreach (var e in trainer.Run(train, null, stop)) table.AddPoint(arm, "epoch", "training accuracy, %", e.Epoch + 1, 100 * e.Accuracy);
        var tested = Evaluation.Of(network, loss, test, stop: stop);
        table.Add(arm, Accuracy, 100 * tested.Accuracy, $"{network.Parameters.Sum(p => p.Value.Length)} parameters");
        table.Add(arm, "spikes per sample", tested.SpikesPerSample);
    }

    private List<string> Notes(PoolingRecipe recipe, string? place, bool real)
    {
        List<string> notes =
        [
            "Gain is |H(f)| of the membrane below threshold, analytic g/sqrt(1 + a^2 - 2a cos 2 pi f); it is measured on the spiking layer itself, as the lowest threshold at which a sine makes no spike.",
            FormattableString.Invariant($"Textures: {_textures.Classes} orientations, {_textures.Side} x {_textures.Side} pixels, {_textures.Steps} steps; fine = the class is in periods of 2.8 to 3.6 pixels under a coarse grating, coarse = the other way round. The disturbing grating is {_textures.Disturbance} times as strong, {100 * _textures.Lost:0} % of events are lost, noise is events per pixel, polarity and step."),
            $"Both pools are 3 x 3 with stride 2 in the same network and have no weights; {recipe.Epochs} epochs, one learning rate for both, chosen on seeds from 1000 on; the last epoch's network is tested.",
            "The paper's claim is about transformers on images; a network of two convolutions on small events is neither proof nor refutation of it.",
        ];
        if (real) notes.Add("N-MNIST has 100 test recordings: one of them is one point.");
        else notes.Add(place is null ? "N-MNIST was left out: the data folder has no events/nmnist-small." : "N-MNIST is left out of quick runs.");
        return notes;
    }
}
