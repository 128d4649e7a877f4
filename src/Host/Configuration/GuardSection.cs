namespace EdgeAutonomy.Host;

/// <summary>Bounds that no command may leave, whoever made it.</summary>
public sealed class GuardSection
{
    /// <summary>Gets the highest speed.</summary>
    [Option("Highest speed, metres per second.", Min = 0, Max = 50)]
    public double MaxLinearMps { get; init; } = 1;

    /// <summary>Gets the highest turn rate.</summary>
    [Option("Highest turn rate, radians per second.", Min = 0, Max = 50)]
    public double MaxAngularRadps { get; init; } = 2.5;

    /// <summary>Gets the highest acceleration.</summary>
    [Option("Highest acceleration, metres per second squared.", Min = 0.01, Max = 1000)]
    public double MaxLinearMps2 { get; init; } = 2.5;

    /// <summary>Gets the highest angular acceleration.</summary>
    [Option("Highest angular acceleration, radians per second squared.", Min = 0.01, Max = 1000)]
    public double MaxAngularRadps2 { get; init; } = 20;

    /// <summary>Gets the share of the speed limits that holds from rung Degraded on.</summary>
    [Option("Share of the speed limits from rung Degraded on.", Min = 0, Max = 1)]
    public double DegradedShare { get; init; } = 0.4;
}
