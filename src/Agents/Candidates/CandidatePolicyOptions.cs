namespace EdgeAutonomy.Agents;

/// <summary>How a candidate-scoring policy decides.</summary>
public sealed record CandidatePolicyOptions
{
    /// <summary>Gets whether the likeliest command is taken instead of a drawn one; default true.</summary>
    public bool Greedy { get; init; } = true;

    /// <summary>Gets the seed of the draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets how many other commands are named with a decision, in [0, 64]; default 3.</summary>
    public int Alternatives { get; init; } = 3;

    /// <summary>Gets what decisions are signed with, such as a bundle's id; null = the hash of card and numbers.</summary>
    public string? Version { get; init; }
}
