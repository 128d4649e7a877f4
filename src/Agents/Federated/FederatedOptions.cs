namespace EdgeAutonomy.Agents;

/// <summary>How updates become one.</summary>
public enum FederatedRule : byte
{
    /// <summary>Mean weighted by the number of samples (FedAvg, McMahan et al. 2017).</summary>
    Mean,

    /// <summary>Median of every coordinate; robots count alike.</summary>
    Median,

    /// <summary>Mean of every coordinate without a share of the least and of the greatest; robots count alike.</summary>
    TrimmedMean,
}

/// <summary>How models are averaged over robots.</summary>
public sealed record FederatedOptions
{
    /// <summary>Gets the rule; default <see cref="FederatedRule.Mean"/>.</summary>
    public FederatedRule Rule { get; init; } = FederatedRule.Mean;

    /// <summary>Gets the share cut off at each end by <see cref="FederatedRule.TrimmedMean"/>; default 0.1.</summary>
    public double Trim { get; init; } = 0.1;

    /// <summary>Gets the greatest norm of an update; longer ones are scaled down to it. Default 10; infinite = no limit.</summary>
    public double MaxNorm { get; init; } = 10;

    /// <summary>Gets how many updates a round needs; default 2.</summary>
    public int MinParticipants { get; init; } = 2;

    /// <summary>Gets the most robots of a round; default 256.</summary>
    public int MaxParticipants { get; init; } = 256;

    /// <summary>Gets the most samples that one robot may count for in the mean; default 1,000,000.</summary>
    public int MaxSamples { get; init; } = 1_000_000;

    /// <summary>Gets the weight of an update that comes a round late is α·(1 + lag)^−½; this is α, default 0.6 (FedAsync, Xie et al. 2019).</summary>
    public double AsyncWeight { get; init; } = 0.6;

    internal string? Fault() =>
        !(Trim is >= 0 and < 0.5) ? $"Federated: Trim is {Trim}; must be in [0, 0.5)."
        : !(MaxNorm > 0) ? $"Federated: MaxNorm is {MaxNorm}; must be positive."
        : MinParticipants < 1 || MaxParticipants < MinParticipants || MaxSamples < 1 ? $"Federated: MinParticipants {MinParticipants}, MaxParticipants {MaxParticipants}, MaxSamples {MaxSamples}; must be at least 1, not below it, at least 1."
        : !(AsyncWeight is > 0 and <= 1) ? $"Federated: AsyncWeight is {AsyncWeight}; must be in (0, 1]."
        : null;
}
