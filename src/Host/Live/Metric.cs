namespace EdgeAutonomy.Host;

/// <summary>One metric: the same definition serves /metrics, System.Diagnostics.Metrics and OTLP.</summary>
/// <param name="Name">Its Prometheus name, with the unit, without the suffix _total.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Kind">How it behaves. Of a summary the samples carry the label "quantile", or the label "part" with the value sum or count.</param>
/// <param name="Unit">Its unit in UCUM; empty = none.</param>
/// <param name="Read">Reads all its values now. Any thread.</param>
internal sealed record Metric(string Name, string Help, MetricKind Kind, string Unit, Func<IEnumerable<MetricSample>> Read);
