namespace EdgeAutonomy.Learning;

/// <summary>Settings of the published learner, its defects included where they change what is learned; the defaults are those of its Hermite settings file.</summary>
public sealed record PublishedDqnOptions
{
    /// <summary>Gets how often the tied layer is applied. Published: 9.</summary>
    public int HiddenPasses { get; init; } = 9;

    /// <summary>Gets the transitions per update. Published: 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Gets the transitions kept. Published: 10 000.</summary>
    public int Replay { get; init; } = 10_000;

    /// <summary>Gets the steps over which exploration decays, ε = 0.05 + 0.85·exp(−n/decay). Published: 1000.</summary>
    public double ExplorationDecay { get; init; } = 1000;

    /// <summary>Gets whether n starts over with every episode, as published (a defect: ε never falls below 0.82 in episodes of 100 checks).</summary>
    public bool RestartsExploration { get; init; } = true;

    /// <summary>Gets whether the first stored transition of an episode starts from the reset state although a step was made since, as published (a defect).</summary>
    public bool FirstStateIsStale { get; init; } = true;

    /// <summary>Gets the rate of AdamW with AMSGrad. Published: 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets the discount. Published: 0.99.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Gets the episodes of training. Published: 2000.</summary>
    public int Episodes { get; init; } = 2000;
}
