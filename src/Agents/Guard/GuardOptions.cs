namespace EdgeAutonomy.Agents;

/// <summary>Bounds of the guard.</summary>
public sealed class GuardOptions
{
    /// <summary>Gets the longest text reply in bytes; default 4096, in [16, 65536].</summary>
    public int MaxReplyBytes { get; init; } = 4096;

    /// <summary>Gets how often the same command may be refused in one state of the world before it is not discussed any more; default 2, at least 1.</summary>
    public int MaxRefusals { get; init; } = 2;

    /// <summary>Gets how often the same command may be carried out from the same state in one mission; default 3, at least 1.</summary>
    public int MaxRepeats { get; init; } = 3;

    /// <summary>Gets the shortest time between two approvals; default 0 (no bound), at most one minute.</summary>
    public TimeSpan MinSpacing { get; init; }

    /// <summary>Gets whether a decision made for an earlier version of the world model is checked against the present one instead of refused; default false.</summary>
    /// <remarks>For worlds that change faster than the slowest policy thinks. All other checks run on the present world in any case.</remarks>
    public bool RecheckStale { get; init; }

    internal void Validate()
    {
        if (MaxReplyBytes is < 16 or > 65536) throw new ArgumentException($"Guard: MaxReplyBytes is {MaxReplyBytes}; must be in [16, 65536].");
        if (MaxRefusals < 1) throw new ArgumentException($"Guard: MaxRefusals is {MaxRefusals}; must be at least 1.");
        if (MaxRepeats < 1) throw new ArgumentException($"Guard: MaxRepeats is {MaxRepeats}; must be at least 1.");
        if (MinSpacing < TimeSpan.Zero || MinSpacing > TimeSpan.FromMinutes(1)) throw new ArgumentException($"Guard: MinSpacing is {MinSpacing}; must be in [0, 1 min].");
    }
}
