namespace EdgeAutonomy.Runtime;

/// <summary>The answer of one refinement quantum.</summary>
/// <param name="Progress">Whether more work may help.</param>
/// <param name="Quality">The stage's own estimate of its result, in [0, 1].</param>
public readonly record struct RefineResult(RefineProgress Progress, float Quality);

/// <summary>Whether a further quantum may help.</summary>
public enum RefineProgress : byte
{
    /// <summary>The result improved; more may help.</summary>
    Improved = 0,

    /// <summary>The result is final.</summary>
    Converged = 1,

    /// <summary>The stage gives up; the last good result stands.</summary>
    Aborted = 2,
}
