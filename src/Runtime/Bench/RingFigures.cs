namespace EdgeAutonomy.Runtime;

/// <summary>What handing items between two threads costs.</summary>
/// <param name="RoundTrip">Time there and back through two rings, with two reads of the clock; outliers are never removed.</param>
/// <param name="ItemsPerSecond">Items moved per second when the writer never waits for an answer.</param>
/// <param name="Capacity">The capacity of the rings.</param>
public sealed record RingFigures(LatencySummary RoundTrip, double ItemsPerSecond, int Capacity)
{
    /// <summary>Gets the median time from one thread to the other, half a round trip, in nanoseconds.</summary>
    public double OneWayP50Ns => RoundTrip.P50Ns / 2.0;

    /// <summary>Gets the 99th percentile of half a round trip, in nanoseconds.</summary>
    public double OneWayP99Ns => RoundTrip.P99Ns / 2.0;
}
