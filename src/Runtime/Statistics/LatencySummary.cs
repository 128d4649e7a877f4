using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>The figures of one row of the metric table: the same columns in the terminal, in JSON, in metrics and in benchmarks.</summary>
/// <param name="Count">How many durations were recorded.</param>
/// <param name="MinNs">The shortest, in nanoseconds; 0 when nothing was recorded, like every other figure.</param>
/// <param name="MeanNs">The arithmetic mean, in nanoseconds.</param>
/// <param name="StddevNs">The sample standard deviation, in nanoseconds; 0 below two samples.</param>
/// <param name="P50Ns">The median, in nanoseconds; like all percentiles at most 1/64 above the true one and never below it.</param>
/// <param name="P99Ns">The 99th percentile, in nanoseconds.</param>
/// <param name="P999Ns">The 99.9th percentile, in nanoseconds.</param>
/// <param name="MaxNs">The longest, in nanoseconds, exact: outliers are never removed.</param>
/// <param name="JitterMeanNs">The mean of |difference of consecutive durations|, in nanoseconds.</param>
/// <param name="JitterMaxNs">The largest |difference of consecutive durations|, in nanoseconds.</param>
/// <param name="WorstId">The cycle id given with the longest duration (its first occurrence).</param>
public sealed record LatencySummary(
    long Count, long MinNs, double MeanNs, double StddevNs, long P50Ns, long P99Ns, long P999Ns, long MaxNs,
    double JitterMeanNs, long JitterMaxNs, ulong WorstId)
{
    /// <summary>A summary of nothing.</summary>
    public static readonly LatencySummary Empty = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Returns the figures in one line, in microseconds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"n {Count}, min {MinNs * 1e-3:0.##} us, mean {MeanNs * 1e-3:0.##} us, p50 {P50Ns * 1e-3:0.##} us, p99 {P99Ns * 1e-3:0.##} us, "
        + $"p99.9 {P999Ns * 1e-3:0.##} us, max {MaxNs * 1e-3:0.##} us (cycle {WorstId})");
}
