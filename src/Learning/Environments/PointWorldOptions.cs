namespace EdgeAutonomy.Learning;

/// <summary>How a <see cref="PointWorld"/> is set up.</summary>
public sealed record PointWorldOptions
{
    /// <summary>Gets the weather; null = drawn for each episode. Default ice.</summary>
    public Weather? Weather { get; init; } = Learning.Weather.Ice;

    /// <summary>Gets whether the action is a force of ± 100 N per axis instead of one of 9 forces.</summary>
    public bool Continuous { get; init; }

    /// <summary>Gets the ticks of 10 ms after which an episode is truncated, at least 1; default 2000, that is 20 s.</summary>
    public int TickLimit { get; init; } = 2000;
}
