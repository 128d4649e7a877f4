namespace EdgeAutonomy.Host;

/// <summary>Limits of the health ladder.</summary>
public sealed class MonitorOptions
{
    /// <summary>Gets the trust below which the loop is strained, degraded, stopped.</summary>
    [Option("Trust below which the loop is strained, degraded, stopped; falling.", Min = 0, Max = 1, Count = 3)]
    public double[] Thresholds { get; init; } = [0.8, 0.5, 0.2];

    /// <summary>Gets how long all must be well before the loop climbs one rung.</summary>
    [Option("How long all must be well before the loop climbs one rung.", Min = 0, Max = 600_000)]
    public double DwellMs { get; init; } = 500;
}
