using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>How long a cycle took from waking to the command, in microseconds.</summary>
/// <param name="P50">Half of the cycles were not slower.</param>
/// <param name="P99">99 % of the cycles were not slower.</param>
/// <param name="Max">The slowest cycle; nothing is left out as an outlier.</param>
public sealed record LatencyUs(double P50, double P99, double Max)
{
    /// <summary>Reads the figures of a histogram.</summary>
    public static LatencyUs Of(LatencyHistogram histogram)
    {
        var s = histogram.Summarize();
        return new LatencyUs(s.P50Ns * 1e-3, s.P99Ns * 1e-3, s.MaxNs * 1e-3);
    }
}
