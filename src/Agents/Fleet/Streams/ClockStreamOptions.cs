namespace EdgeAutonomy.Agents;

/// <summary>Whose clocks a robot follows, and how often it asks.</summary>
public sealed record ClockStreamOptions
{
    /// <summary>Gets the distance within which others count as neighbours, metres; default 20.</summary>
    public double Radius { get; init; } = 20;

    /// <summary>Gets the most neighbours followed, in the order of their names; default 16.</summary>
    public int MaxNeighbours { get; init; } = 16;

    /// <summary>Gets the period of exchanges with neighbours; default 10 s, spread by ±20 %.</summary>
    public Duration NeighbourPeriod { get; init; } = ExchangeTimer.Neighbour;

    /// <summary>Gets the period of exchanges with the coordinator; default 60 s, spread by ±20 %.</summary>
    public Duration CoordinatorPeriod { get; init; } = ExchangeTimer.Coordinator;

    /// <summary>Gets after how long without an answer it asks again; default 2 s.</summary>
    public Duration Retry { get; init; } = Duration.FromSeconds(2);

    /// <summary>Gets the greatest difference of rates between two clocks; default 0.002.</summary>
    public double RateError { get; init; } = 2e-3;
}
