namespace EdgeAutonomy.Perception;

/// <summary>Stops after a fixed number of steps.</summary>
public sealed class FixedExit : IExitPolicy
{
    /// <summary>Makes the policy.</summary>
    /// <param name="steps">The steps, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The steps are less than 1.</exception>
    public FixedExit(int steps)
    {
        OptionRange.Check(steps >= 1, nameof(FixedExit), nameof(steps), steps, "must be 1 or more");
        Steps = steps;
    }

    /// <summary>Gets the steps.</summary>
    public int Steps { get; }

    /// <inheritdoc/>
    public ExitDecision Decide(int steps, int maxSteps, ReadOnlySpan<float> readout)
    {
        int top = Readout.Top(readout);
        return new ExitDecision(steps >= Steps ? ExitReason.Rule : steps >= maxSteps ? ExitReason.LastStep : ExitReason.None, top, ClassSet.Of(top));
    }
}
