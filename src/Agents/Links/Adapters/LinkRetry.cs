namespace EdgeAutonomy.Agents;

/// <summary>How long a link waits between two attempts to connect. For adapters.</summary>
/// <remarks>
/// Exponential with full jitter: uniform in [0, min(longest, 0.5 s · 2ⁿ)), so that a fleet that lost its broker does not come back in one moment;
/// n starts over after 30 s of being up. Three connections in a row that each last less than 2 s look like two clients of one name that throw each
/// other out: then it waits as long as it may, and says so. One thread at a time.
/// </remarks>
/// <param name="longestSeconds">The longest wait, in seconds.</param>
/// <param name="seed">The seed of the jitter.</param>
public sealed class LinkRetry(double longestSeconds, ulong seed)
{
    private const double FirstSeconds = 0.5, SettledSeconds = 30, BriefSeconds = 2;
    private const int BriefConnections = 3;

    private readonly RandomStream _random = RandomStream.For(seed, "link-retry");
    private int _failures, _brief;

    /// <summary>Gets whether this looks like two clients of one name.</summary>
    public bool IsFight => _brief >= BriefConnections;

    /// <summary>Notes that a connection came up and ended.</summary>
    /// <param name="upSeconds">How long it lasted.</param>
    public void Lost(double upSeconds)
    {
        if (upSeconds >= SettledSeconds) _failures = 0;
        _brief = upSeconds < BriefSeconds ? _brief + 1 : 0;
    }

    /// <summary>Returns how long to wait before the next attempt.</summary>
    /// <param name="needsPerson">Whether trying again soon mends nothing.</param>
    public TimeSpan Next(bool needsPerson)
    {
        double most = needsPerson || IsFight ? longestSeconds : Math.Min(longestSeconds, FirstSeconds * (1L << Math.Min(_failures++, 30)));
        // Not earlier than half of the longest when a person is needed: a fleet of refused robots must not keep a broker busy.
        double least = needsPerson || IsFight ? most / 2 : 0;
        return TimeSpan.FromSeconds(_random.NextDouble(least, Math.Max(most, least + 1e-3)));
    }
}
