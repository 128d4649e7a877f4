namespace EdgeAutonomy.Learning;

/// <summary>Where an accept/reject search begins.</summary>
public enum RetryStart
{
    /// <summary>At the coarsest rung.</summary>
    Coarsest,

    /// <summary>One rung coarser than the one accepted last.</summary>
    Warm,
}
