using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>What a training run made.</summary>
/// <param name="Model">The network or policy.</param>
/// <param name="Data">What it was trained and tested on, one sentence.</param>
/// <param name="MetricName">What was measured on data that training did not see, such as "test accuracy".</param>
/// <param name="Metric">The measure with its interval over test samples.</param>
/// <param name="Curves">Metrics over epochs or steps.</param>
public sealed record TrainingOutcome(TrainedModel Model, string Data, string MetricName, Interval Metric, IReadOnlyList<ExperimentCurve> Curves)
{
    /// <summary>Makes the outcome of a training whose model is a NIR graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="data">What it was trained and tested on, one sentence.</param>
    /// <param name="metricName">What was measured.</param>
    /// <param name="metric">The measure.</param>
    /// <param name="curves">Metrics over epochs.</param>
    public TrainingOutcome(NirGraph graph, string data, string metricName, Interval metric, IReadOnlyList<ExperimentCurve> curves)
        : this(new NirModel(graph), data, metricName, metric, curves)
    {
    }

    /// <summary>Gets further files that belong to the model, by ending: a calibration of early exit, learning curves, say.</summary>
    public IReadOnlyDictionary<string, byte[]> Companions { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Gets what a reader of the result must know besides, such as the score of the last iterate where the best one was kept; sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
