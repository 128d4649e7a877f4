namespace EdgeAutonomy.Host;

/// <summary>Limits of the health ladder.</summary>
public sealed class MonitorSection
{
    /// <summary>Gets the trust below which the loop is strained, degraded, stopped.</summary>
    [Option("Trust below which the loop is strained, degraded, stopped; falling.", Min = 0, Max = 1, Count = 3)]
    public double[] Thresholds { get; init; } = [0.8, 0.5, 0.2];

    /// <summary>Gets how long all must be well before the loop climbs one rung.</summary>
    [Option("How long all must be well before the loop climbs one rung.", Min = 0, Max = 600_000)]
    public double DwellMs { get; init; } = 500;

    /// <summary>Gets how many of the last ten cycles may miss before the loop degrades.</summary>
    [Option("Misses among the last 10 cycles at which the loop degrades.", Min = 1, Max = 10)]
    public int MissesDegraded { get; init; } = 3;

    /// <summary>Gets how many of the last ten cycles may have a failed stage before the loop holds.</summary>
    [Option("Cycles with a failed stage among the last 10 at which the loop holds.", Min = 1, Max = 10)]
    public int FailuresHold { get; init; } = 3;

    /// <summary>Gets how long perception may bring nothing before the loop holds.</summary>
    [Option("How long perception may bring nothing before the loop holds.", Min = 1, Max = 60_000)]
    public double MaxPerceptAgeMs { get; init; } = 100;
}
