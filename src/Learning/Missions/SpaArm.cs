namespace EdgeAutonomy.Learning;

/// <summary>One arm of the comparison of attributors: what spreads the return, over which candidates, in which regime.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Set">Over which candidates the policy's probabilities run, in training and in evaluation.</param>
/// <param name="Attributor">Makes the attributor; null = nothing is learned after cloning.</param>
public sealed record SpaArm(string Name, CandidateSet Set, Func<SpaArmStart, IReturnAttributor>? Attributor)
{
    /// <summary>Gets whether the attributor has parameters, so that its arm pays for pre-rollouts.</summary>
    public bool Fits { get; init; }

    /// <summary>Gets whether the pre-rollouts count against the arm's episodes; default true.</summary>
    public bool Charged { get; init; } = true;

    /// <summary>Gets whether there is a critic; without one γ = λ = 1. Default true.</summary>
    public bool HasCritic { get; init; } = true;

    /// <summary>Gets whether the critic sees the memory; default true.</summary>
    public bool CriticSeesMemory { get; init; } = true;

    /// <summary>Gets whether the attributor sees the policy's encoding of the history.</summary>
    public bool Encodings { get; init; }

    /// <summary>Gets whether it learns once from fixed episodes of the start policy instead of playing: the paper's regime.</summary>
    public bool Offline { get; init; }

    /// <summary>Gets whether it runs on the plan's long missions in which much is hidden.</summary>
    public bool OnHidden { get; init; }

    /// <summary>Gets the name of the arm that it is compared with; null = with none.</summary>
    public string? Against { get; init; }
}
