using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>The latency of one stage, or of the whole cycle under the name "end to end".</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Latency">Count, mean, percentiles and maximum, in nanoseconds.</param>
public sealed record StageLatency(string Stage, LatencySummary Latency);
