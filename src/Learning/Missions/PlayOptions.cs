namespace EdgeAutonomy.Learning;

/// <summary>How missions are played.</summary>
public sealed record PlayOptions
{
    /// <summary>Gets over which candidates the probabilities run; default the executable ones.</summary>
    public CandidateSet Set { get; init; } = CandidateSet.Executable;

    /// <summary>Gets whether the likeliest command is taken instead of a drawn one.</summary>
    public bool Greedy { get; init; }

    /// <summary>Gets whether the mission's expert is asked for its choice at every step, for learning from.</summary>
    public bool Labels { get; init; }

    /// <summary>Gets whether the policy's encoding of each history is kept, for attributors that see it.</summary>
    public bool Encodings { get; init; }

    /// <summary>Gets what takes the truth about the progress of each mission that knows it, T + 1 remaining costs per episode in the order of the missions; null = nobody. For measuring only.</summary>
    public IList<double[]>? Progress { get; init; }

    /// <summary>Gets which policy acts, for the record.</summary>
    public string PolicyVersion { get; init; } = "";
}
