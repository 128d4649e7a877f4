namespace EdgeAutonomy.Runtime;

/// <summary>Limits that hold for every pacer.</summary>
public sealed record GovernorOptions
{
    /// <summary>Gets how many cycles in a row must ask for a longer period before it grows by one grid step; 0 = it grows at once, as far as was asked for. Default 8.</summary>
    public int GrowDwellCycles { get; init; } = 8;

    /// <summary>Gets the largest grid index from <see cref="Rung.Degraded"/> on; default 2 (4 ms on the default grid).</summary>
    public int DegradedIndex { get; init; } = 2;

    /// <summary>Gets the trust below which the period must not grow; default 0.8.</summary>
    public float GrowTrust { get; init; } = 0.8f;

    /// <summary>Gets the share of the time to contact that one period may take; default 0.1.</summary>
    public float ContactShare { get; init; } = 0.1f;
}
