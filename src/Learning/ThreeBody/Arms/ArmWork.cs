namespace EdgeAutonomy.Learning;

/// <summary>What an arm spent in an episode, in counts that are the same on every machine.</summary>
public struct ArmWork
{
    /// <summary>Gets or sets the work of the intervals that were kept, in the environment's unit: steps or force evaluations.</summary>
    public long Accepted { get; set; }

    /// <summary>Gets or sets the work of trials that were thrown away.</summary>
    public long Rejected { get; set; }

    /// <summary>Gets or sets the trials, kept or thrown away.</summary>
    public long Trials { get; set; }

    /// <summary>Gets or sets how often a network was asked. It is not part of the work; reports give its price beside it.</summary>
    public long Inferences { get; set; }

    /// <summary>Gets accepted and rejected work together.</summary>
    public readonly long Total => Accepted + Rejected;
}
