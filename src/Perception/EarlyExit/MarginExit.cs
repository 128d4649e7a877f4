namespace EdgeAutonomy.Perception;

/// <summary>Stops when the greatest readout lies far enough above the next.</summary>
/// <remarks>Made for spikes counted since the start; it works without calibration. With one class the readout itself is the margin.</remarks>
public sealed class MarginExit : IExitPolicy
{
    /// <summary>Makes the policy.</summary>
    /// <param name="margin">The least difference, in units of the readout (spikes); above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not above 0 and finite.</exception>
    public MarginExit(double margin)
    {
        OptionRange.Check(margin > 0 && double.IsFinite(margin), nameof(MarginExit), nameof(margin), margin, "must be above 0 and finite");
        Margin = margin;
    }

    /// <summary>Gets the least difference.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public ExitDecision Decide(int steps, int maxSteps, ReadOnlySpan<float> readout)
    {
        int top = Readout.Top(readout);
        var reason = Readout.Margin(readout, top) >= Margin ? ExitReason.Rule : steps >= maxSteps ? ExitReason.LastStep : ExitReason.None;
        return new ExitDecision(reason, top, ClassSet.Of(top));
    }
}
