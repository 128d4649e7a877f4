using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>How a network does on labelled recordings, step by step.</summary>
public sealed class RecordingEvaluation
{
    private RecordingEvaluation(ExitTraces traces, int[] predicted, LayerCounters[] layers, EnergyEstimate energy, long events)
    {
        (Traces, Predicted, Layers, Energy, Events) = (traces, predicted, layers, energy, events);
        for (int i = 0; i < predicted.Length; i++) Right += predicted[i] == traces.Labels[i] ? 1 : 0;
    }

    /// <summary>Gets the readouts after every step, summed, with the labels.</summary>
    public ExitTraces Traces { get; }

    /// <summary>Gets the class given to each recording after its last step.</summary>
    public IReadOnlyList<int> Predicted { get; }

    /// <summary>Gets how many were right.</summary>
    public int Right { get; }

    /// <summary>Gets the share that was right, with its interval.</summary>
    public Interval Accuracy => Interval.OfShare(Right, Predicted.Count);

    /// <summary>Gets what each layer did, over all recordings.</summary>
    public IReadOnlyList<LayerCounters> Layers { get; }

    /// <summary>Gets the spikes of all neurons per recording.</summary>
    public double SpikesPerRecording => Layers.Where(l => l.Type is not (NirNodeType.LI or NirNodeType.I or NirNodeType.CubaLI)).Sum(l => (double)l.Spikes) / Predicted.Count;

    /// <summary>Gets the weights added for spikes per recording.</summary>
    public double OperationsPerRecording => Layers.Sum(l => (double)l.SynapticOperations) / Predicted.Count;

    /// <summary>Gets the estimate of energy for all recordings; an estimate for dedicated hardware, no measurement.</summary>
    public EnergyEstimate Energy { get; }

    /// <summary>Gets the events of all recordings.</summary>
    public long Events { get; }

    /// <summary>Gets the share that is right when every recording is cut after so many steps.</summary>
    /// <param name="steps">From 1.</param>
    public Interval AccuracyAfter(int steps) => Interval.OfShare((long)Math.Round(ExitReport.Of(new FixedExit(steps), Traces).Accuracy * Traces.Samples), Traces.Samples);

    /// <summary>Runs a network over recordings.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The recordings.</param>
    /// <param name="stepUs">The length of a step in microseconds.</param>
    /// <param name="steps">The steps of a recording.</param>
    /// <param name="binary">Whether several events of one step on one pixel count once.</param>
    /// <param name="progress">Told the share that is done; null = nobody.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="InvalidDataException">The network is for other recordings.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static RecordingEvaluation Run(SpikingNetwork network, NmnistData data, long stepUs, int steps, bool binary, Action<double>? progress = null, CancellationToken stop = default)
    {
        var classifier = new RecordingClassifier(network, stepUs, steps, binary);
        var shape = network.InputShape;
        if (shape[1] != NmnistData.Side || shape[2] != NmnistData.Side)
            throw new InvalidDataException($"The network's input is [{string.Join(", ", shape.ToArray())}], the recordings are {NmnistData.Side} x {NmnistData.Side}; it was made for another sensor.");
        if (classifier.Classes < data.Classes) throw new InvalidDataException($"The network has {classifier.Classes} outputs, the recordings have {data.Classes} classes; it was made for another task.");
        int n = data.Count, classes = classifier.Classes;
        var readouts = new float[(long)n * steps * classes];
        int[] labels = new int[n], predicted = new int[n];
        var layers = new LayerCounters[network.LayerCount];
        EnergyEstimate? energy = null;
        for (int i = 0; i < n; i++)
        {
            stop.ThrowIfCancellationRequested();
            ReadOnlySpan<Event> events = data.EventsOf(i);
            classifier.Begin();
            for (int t = 0; t < steps; t++)
            {
                events = events[classifier.Step(events, t)..];
                classifier.Readout.CopyTo(readouts.AsSpan((i * steps + t) * classes));
            }
            (labels[i], predicted[i]) = (data.ClassOf(i), classifier.Leader);
            // A recording begins with a reset, which clears the counters.
            for (int l = 0; l < layers.Length; l++) layers[l] = Sum(layers[l], network.Counters(l));
            energy = Sum(energy, network.EstimateEnergy());
            progress?.Invoke((i + 1.0) / n);
        }
        return new RecordingEvaluation(new ExitTraces(readouts, steps, classes, labels), predicted, layers, energy!, data.EventCount);
    }

    private static LayerCounters Sum(in LayerCounters a, in LayerCounters b) => b with
    {
        Spikes = a.Spikes + b.Spikes,
        SynapticOperations = a.SynapticOperations + b.SynapticOperations,
        DenseSteps = a.DenseSteps + b.DenseSteps,
        SparseSteps = a.SparseSteps + b.SparseSteps,
    };

    private static EnergyEstimate Sum(EnergyEstimate? a, EnergyEstimate b) => a is null ? b : new EnergyEstimate(
        a.Steps + b.Steps, a.Operations + b.Operations, a.Addressing + b.Addressing, a.InOut + b.InOut, a.Parameters + b.Parameters, a.Potentials + b.Potentials,
        a.ArithmeticOnly + b.ArithmeticOnly, a.SynapticOperations + b.SynapticOperations, a.Products + b.Products);
}
