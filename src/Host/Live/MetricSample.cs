namespace EdgeAutonomy.Host;

/// <summary>One value of a metric.</summary>
/// <param name="Value">The value, in the metric's unit.</param>
/// <param name="Labels">What it belongs to.</param>
internal readonly record struct MetricSample(double Value, params (string Name, string Value)[] Labels);
