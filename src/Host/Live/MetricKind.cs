namespace EdgeAutonomy.Host;

/// <summary>How a metric behaves.</summary>
internal enum MetricKind
{
    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Only goes up.</summary>
    Counter,

    /// <summary>Percentiles, sum and count of durations.</summary>
    Summary,
}
