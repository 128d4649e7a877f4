using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>What a training run made.</summary>
/// <param name="Model">The network.</param>
/// <param name="Data">What it was trained and tested on, one sentence.</param>
/// <param name="MetricName">What was measured on data that training did not see, such as "test accuracy".</param>
/// <param name="Metric">The measure with its interval over test samples.</param>
/// <param name="Curves">Metrics over epochs.</param>
public sealed record TrainingOutcome(NirGraph Model, string Data, string MetricName, Interval Metric, IReadOnlyList<ExperimentCurve> Curves)
{
    /// <summary>Gets further files that belong to the model, by ending: a calibration of early exit, say.</summary>
    public IReadOnlyDictionary<string, byte[]> Companions { get; init; } = new Dictionary<string, byte[]>();
}
