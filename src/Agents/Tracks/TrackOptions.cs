namespace EdgeAutonomy.Agents;

/// <summary>How tracks of several robots become one picture.</summary>
public sealed record TrackOptions
{
    /// <summary>Gets the standard deviation of objects' acceleration, m/s²; default 1.</summary>
    public double Acceleration { get; init; } = 1;

    /// <summary>Gets the age beyond which a track is dropped; default 1 s.</summary>
    public Duration MaxAge { get; init; } = Duration.FromSeconds(1);

    /// <summary>Gets the square of the Mahalanobis distance within which two tracks may be one object; default 9.21 (χ², two degrees of freedom, 99 %).</summary>
    public double Gate { get; init; } = 9.21;

    /// <summary>Gets the most tracks kept; the default is 256. More are dropped and counted.</summary>
    public int Capacity { get; init; } = 256;
}
