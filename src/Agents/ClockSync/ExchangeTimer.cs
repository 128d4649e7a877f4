namespace EdgeAutonomy.Agents;

/// <summary>Says when the next exchange with a peer is due: every 10 s with neighbours in use, every 60 s with the coordinator, spread by ±20 % so that a fleet does not ask in chorus.</summary>
/// <param name="period">The mean period.</param>
/// <param name="random">The robot's stream.</param>
public sealed class ExchangeTimer(Duration period, RandomStream random)
{
    /// <summary>Period with neighbours.</summary>
    public static readonly Duration Neighbour = Duration.FromSeconds(10);

    /// <summary>Period with the coordinator.</summary>
    public static readonly Duration Coordinator = Duration.FromSeconds(60);

    private Stamp _next = Stamp.Never;

    /// <summary>Returns whether an exchange is due, and counts it as begun then.</summary>
    public bool TakeDue(Stamp now)
    {
        if (now < _next) return false;
        _next = now + new Duration((long)(period.Nanoseconds * random.NextDouble(0.8, 1.2)));
        return true;
    }
}
