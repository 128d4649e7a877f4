namespace EdgeAutonomy.Learning;

/// <summary>What a <see cref="ReplayBuffer"/> keeps and how it draws.</summary>
public sealed record ReplayOptions
{
    /// <summary>Gets how many transitions are kept, the newest ones; at least 1. Default 100 000.</summary>
    public int Capacity { get; init; } = 100_000;

    /// <summary>Gets over how many decisions rewards are added up before the value of a state takes over, 1 … 64; default 1.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Gets the discount per tick, in [0, 1]; default 0.99.</summary>
    public double Discount { get; init; } = 0.99;

    /// <summary>Gets how many actions the masks of next states have, kept as a bit each; 0 = nothing is masked, and masks cost nothing.</summary>
    public int MaskedChoices { get; init; }

    /// <summary>Gets whether the masks of the states that were acted on are kept as well: policies need them, values do not.</summary>
    public bool KeepsPresentMasks { get; init; }

    /// <summary>Gets whether transitions are drawn in proportion to a power of their last error (Schaul et al. 2016) instead of uniformly.</summary>
    public bool Prioritised { get; init; }

    /// <summary>Gets that power, in [0, 1]; 0 = uniform. Default 0.6, of the paper's proportional variant.</summary>
    public double PriorityPower { get; init; } = 0.6;

    /// <summary>Gets what is added to every error, so that none is never drawn again; above 0. Default 1e-6.</summary>
    public double PriorityFloor { get; init; } = 1e-6;
}
