namespace EdgeAutonomy.Perception;

/// <summary>Stops when the softmax of the readout is sure enough of one class: Dynamic Confidence.</summary>
/// <remarks>
/// Stops at the first step with max softmax(z/α) ≥ θ. α makes the confidence mean what it says, θ weighs time against accuracy;
/// <see cref="ExitCalibrator.Confidence"/> finds both. Source: Li, Jones, Furber, "Unleashing the Potential of Spiking Neural Networks by Dynamic
/// Confidence", arXiv 2303.10276.
/// </remarks>
public sealed class ConfidenceExit : IExitPolicy
{
    /// <summary>Makes the policy.</summary>
    /// <param name="temperature">α, in units of the readout; above 0.</param>
    /// <param name="threshold">θ, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public ConfidenceExit(double temperature, double threshold)
    {
        OptionRange.Check(temperature > 0 && double.IsFinite(temperature), nameof(ConfidenceExit), nameof(temperature), temperature, "must be above 0 and finite");
        OptionRange.Check(threshold is > 0 and <= 1, nameof(ConfidenceExit), nameof(threshold), threshold, "must be in (0, 1]");
        Temperature = temperature;
        Threshold = threshold;
    }

    /// <summary>Gets α.</summary>
    public double Temperature { get; }

    /// <summary>Gets θ.</summary>
    public double Threshold { get; }

    /// <inheritdoc/>
    public ExitDecision Decide(int steps, int maxSteps, ReadOnlySpan<float> readout)
    {
        int top = Readout.Top(readout);
        var reason = Readout.Confidence(readout, top, Temperature) >= Threshold ? ExitReason.Rule : steps >= maxSteps ? ExitReason.LastStep : ExitReason.None;
        return new ExitDecision(reason, top, ClassSet.Of(top));
    }
}
