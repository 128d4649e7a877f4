namespace EdgeAutonomy.Agents;

/// <summary>From what a <see cref="FaultPlan"/> is drawn.</summary>
public sealed record FaultPlanOptions
{
    /// <summary>Gets the client ids that faults may name; at least one.</summary>
    public required IReadOnlyList<string> Clients { get; init; }

    /// <summary>Gets the filters that faults may be narrowed to, and whose kept messages may turn stale; may be empty.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Gets when the first fault may begin.</summary>
    public Stamp From { get; init; }

    /// <summary>Gets when all faults have ended.</summary>
    public required Stamp Until { get; init; }

    /// <summary>Gets how many faults there are at most; default 8. There may be none.</summary>
    public int MaxFaults { get; init; } = 8;

    /// <summary>Gets which kinds are drawn; default all.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>Gets the highest probability of a loss, a duplicate or damage; default 0.5.</summary>
    public double MaxProbability { get; init; } = 0.5;

    /// <summary>Gets the longest added delay; default 3 s.</summary>
    public Duration MaxDelay { get; init; } = Duration.FromSeconds(3);

    /// <summary>Gets the furthest jump of a clock, either way; default an hour.</summary>
    public Duration MaxJump { get; init; } = Duration.FromSeconds(3600);

    /// <summary>Gets whether only that may happen which the protocol allows on one healthy broker: losses and damage of quality 0 only, duplicates of quality 1 only,
    /// no broken order. Default false: clusters, crashes and full queues do worse.</summary>
    public bool LegalOnly { get; init; }
}
