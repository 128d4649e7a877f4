namespace EdgeAutonomy.Perception;

/// <summary>What a policy says after a step.</summary>
/// <param name="Reason">Why to stop; None = go on.</param>
/// <param name="Class">The class with the greatest readout, the lowest number among equals, also while it goes on; -1 where no readout is finite.</param>
/// <param name="Set">The classes that are still possible. Policies without sets give the one class.</param>
public readonly record struct ExitDecision(ExitReason Reason, int Class, ClassSet Set)
{
    /// <summary>Gets whether to stop.</summary>
    public bool IsStop => Reason != ExitReason.None;
}
