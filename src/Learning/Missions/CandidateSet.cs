namespace EdgeAutonomy.Learning;

/// <summary>Over which candidates a policy's probabilities run.</summary>
public enum CandidateSet
{
    /// <summary>All that the mission offers, those that cannot be carried out included.</summary>
    Plausible,

    /// <summary>Those that the world model knows to be executable: the mask.</summary>
    Executable,
}
